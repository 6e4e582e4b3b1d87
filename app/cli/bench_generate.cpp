#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "app/cli/bench_images.h"
#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "app/cli/python_reference.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/base/temporary_folder.h"
#include "core/generators/adm_options.h"
#include "core/generators/generator_model.h"
#include "core/generators/ldm_options.h"
#include "core/generators/style_generator_options.h"
#include "core/models/model_store.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

constexpr double kMostApart = 0.5;  ///< levels between the means of a picture that both draw

struct GenerateBenchArguments {
    std::string model;
    int n = 12;
    int batch = 16;
};

double meanOf(const image::Image& picture) {
    return std::accumulate(picture.data.begin(), picture.data.end(), 0.0) /
           static_cast<double>(picture.data.size());
}

void benchGenerate(Session& session, const GenerateBenchArguments& arguments) {
    const fs::path script = benchScript("generate.py");
    const int threads = session.options().threadCount();
    constexpr std::array kForms{generators::kStyleGan2Arch, generators::kAdmArch, generators::kLdmArch};
    const auto manifest = models::findModel(arguments.model, session.options().workspaceFolder());
    if (std::find(kForms.begin(), kForms.end(), manifest.arch) == kForms.end())
        throw Error(
            ErrorCode::BadOption,
            fmt::format("there is nothing to compare a generator of the form \"{}\" with", manifest.arch));
    generators::GeneratorModel generator(manifest, "cpu", threads);
    const TemporaryFolder folder("bench");
    const fs::path options = folder.path() / "options.json";
    writeFileAtomically(options, manifest.options.dump(), IfExists::Refuse);
    LineProcess reference({torchPython().string(), script.string(), manifest.arch,
                           manifest.pathOf(manifest.weightsFor("generator")).string(), options.string(),
                           std::to_string(threads)});
    const Json ready = reference.receive();

    std::vector<double> own, other;
    double apart = 0, otherPeak = 0;
    for (int round = -1; round < arguments.n; ++round) {  // the first is not measured
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        const auto seed = static_cast<std::uint64_t>(round + 1);
        session.progress(seed, static_cast<std::uint64_t>(arguments.n) + 1, "drawing");
        std::vector<double> means;
        const double seconds = secondsOf([&] {
            generator.sample(
                {.seed = seed,
                 .count = static_cast<std::uint64_t>(arguments.batch),
                 .batch = arguments.batch},
                {}, [&](std::uint64_t, const image::Image& picture) { means.push_back(meanOf(picture)); });
        });
        const Json answer = reference.ask({{"seed", seed}, {"count", arguments.batch}});
        for (std::size_t i = 0; i < means.size(); ++i)
            apart = std::max(apart, std::abs(means[i] - answer.at("means").at(i).get<double>()));
        if (round < 0) continue;
        own.push_back(seconds);
        other.push_back(answer.at("seconds").get<double>());
        otherPeak = answer.at("peak_rss_mib").get<double>();
    }
    if (apart > kMostApart)
        throw Error(ErrorCode::Internal,
                    fmt::format("the reference draws other pictures: {:.2f} levels apart", apart));
    const double seconds = median(own), otherSeconds = median(other);
    session.emit(
        {{"name", "generate"},
         {"ratio_to_pytorch", seconds / otherSeconds},
         {"seconds", seconds},
         {"reference_seconds", otherSeconds},
         {"pictures", arguments.batch},
         {"side", generator.side()},
         {"levels_apart", apart},
         {"n", arguments.n},
         {"peak_rss_mib", peakRssMiB()},
         {"reference_peak_rss_mib", otherPeak},
         {"reference", "PyTorch " + ready.at("torch").get<std::string>() + ", eager float32 NCHW"},
         {"threads", threads},
         {"processor", processorName()}},
        fmt::format(
            "{}: {} pictures of {} px in {:.1f} ms, PyTorch {:.1f} ms, ratio {:.2f}; medians of {} in "
            "turn, pictures {:.3f} levels apart at most; peak memory {:.0f} MiB, PyTorch {:.0f}; {} "
            "threads; {}",
            manifest.name, arguments.batch, generator.side(), 1000 * seconds, 1000 * otherSeconds,
            seconds / otherSeconds, arguments.n, apart, peakRssMiB(), otherPeak, threads, processorName()));
}

}  // namespace

void addBenchGenerate(CLI::App& bench, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(bench, common, "generate",
                      "Drawing with a generator against the same network in eager PyTorch from Python",
                      "signet bench generate studio-north/ --json");
    auto arguments = std::make_shared<GenerateBenchArguments>();
    sub.add_option("MODEL", arguments->model, "Name of a generator or instance, or its folder")->required();
    sub.add_option("-n,--n", arguments->n, "Times")->check(CLI::Range(1, 10'000))->capture_default_str();
    sub.add_option("--batch", arguments->batch, "Pictures a time")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { benchGenerate(session, *arguments); });
    });
}

}  // namespace signet::cli
