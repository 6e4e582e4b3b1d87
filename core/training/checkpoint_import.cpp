#include "core/training/checkpoint_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/new_folder.h"
#include "core/base/text.h"
#include "core/nn/torch_checkpoint.h"

namespace signet::training {

namespace {

constexpr std::size_t kNamed = 6;  ///< names of tensors an error lists

}  // namespace

void throwOtherArchitecture(const std::string& network, const std::string& what) {
    throw Error(ErrorCode::Corrupt, fmt::format("this is not a {} as Signet reads them: {}", network, what));
}

std::int64_t sizeAlong(const std::string& network, const nn::TensorMap& state, const std::string& name,
                       std::int64_t dimension) {
    const auto found = state.find(name);
    if (found == state.end() || found->second.dim() <= dimension)
        throwOtherArchitecture(network, fmt::format("{} is missing", name));
    return found->second.size(dimension);
}

void requireSameTensors(const std::string& network, const nn::TensorMap& wanted, const nn::TensorMap& given) {
    std::vector<std::string> missing, others, shapes;
    for (const auto& [name, tensor] : wanted) {
        const auto found = given.find(name);
        if (found == given.end())
            missing.push_back(name);
        else if (found->second.sizes() != tensor.sizes())
            shapes.push_back(fmt::format("{} ({} instead of {})", name, fmt::join(found->second.sizes(), "x"),
                                         fmt::join(tensor.sizes(), "x")));
    }
    for (const auto& [name, tensor] : given)
        if (!wanted.contains(name)) others.push_back(name);
    std::vector<std::string> parts;
    const auto list = [&](const char* what, std::vector<std::string>& names) {
        if (names.empty()) return;
        const auto all = names.size();
        names.resize(std::min(all, kNamed));
        parts.push_back(fmt::format("{}: {}{}", what, fmt::join(names, ", "),
                                    all > kNamed ? fmt::format(" and {} more", all - kNamed) : ""));
    };
    list("missing", missing);
    list("of another shape", shapes);
    list("not known", others);
    if (!parts.empty()) throwOtherArchitecture(network, fmt::format("{}", fmt::join(parts, "; ")));
}

models::Manifest importModel(const std::filesystem::path& checkpoint, const std::filesystem::path& folder,
                             const std::function<ImportedModel(const nn::TensorMap& tensors)>& read) {
    NewFolder made(folder);
    const Bytes bytes = readFile(checkpoint, nn::kMaxCheckpointBytes);
    const std::string file = toUtf8(checkpoint.filename().string());
    auto [model, weights] = [&] {
        try {
            return read(nn::parseTorchCheckpoint(bytes));
        } catch (const Error& error) {
            throw Error(error.code(), fmt::format("{}: {}", file, error.what()));
        }
    }();
    model.folder = made.made();
    model.name = made.name();
    model.run = {{"imported_from", file}, {"sha256", sha256Hex(bytes)}};
    writeModelFolder(std::move(model), weights);
    made.put();
    made.keep();
    return models::readManifest(folder);
}

}  // namespace signet::training
