#include "tests/core/ranks.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "tests/support/free_port.h"

namespace fs = std::filesystem;

namespace signet::tests {
namespace {

int runRank(const training::Launch& launch, const fs::path& file,
            const std::function<nn::TensorMap(training::ProcessGroup&)>& body) {
    at::set_num_threads(1);
    nn::TensorMap tensors;
    nn::TextMap said;
    int status = 0;
    const auto begin = std::chrono::steady_clock::now();
    try {
        const auto group = launch.size > 1 ? c10::make_intrusive<training::ProcessGroup>(launch)
                                           : c10::make_intrusive<training::ProcessGroup>();
        tensors = body(*group);
    } catch (const Error& error) {
        said = {{"error", error.what()}, {"code", std::string(toString(error.code()))}};
        status = 1;
    } catch (const std::exception& error) {
        said = {{"error", error.what()}, {"code", "no signet::Error"}};
        status = 2;
    }
    said["seconds"] =
        std::to_string(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    writeFileAtomically(file, nn::serializeSafeTensors(tensors, said), IfExists::Replace);
    return status;
}

}  // namespace

std::vector<RankResult> onRanks(int size, const std::function<nn::TensorMap(training::ProcessGroup&)>& body,
                                std::chrono::seconds patience) {
    QTemporaryDir temporary;
    const fs::path folder = temporary.path().toStdString();
    training::Launch launch;
    launch.launcher = "test";
    launch.size = size;
    launch.host = "127.0.0.1";
    launch.port = freePort();
    launch.patience = patience;
    std::vector<pid_t> children;
    for (launch.rank = 0; launch.rank < size; ++launch.rank) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(runRank(launch, folder / std::to_string(launch.rank), body));
        children.push_back(child);
    }
    std::vector<RankResult> results;
    for (std::size_t rank = 0; rank < children.size(); ++rank) {
        RankResult result;
        int status = 0;
        ::waitpid(children[rank], &status, 0);
        result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        const fs::path file = folder / std::to_string(rank);
        if (fs::exists(file)) {
            auto said = nn::loadSafeTensors(file);
            result.tensors = std::move(said.tensors);
            result.error = said.metadata["error"];
            if (said.metadata.contains("code")) result.code = said.metadata["code"];
            result.seconds = std::stod(said.metadata["seconds"]);
        }
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace signet::tests
