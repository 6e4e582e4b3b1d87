#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "core/base/platform.h"
#include "core/kernels/kernel_bench.h"

namespace signet::cli {
namespace {

void benchKernels(Session& session, int rounds) {
    const auto& options = session.options();
    const int threads = options.threadCount();
    const auto timings = kernels::timeKernels(rounds, threads, options.device == "cuda" ? "cuda" : "cpu",
                                              [&] { return !session.stopRequested(); });
    if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
    for (const auto& t : timings) {
        session.emit(
            {{"name", t.name},
             {"ratio_to_composed", t.both / t.composedBoth},
             {"ratio_to_composed_forward", t.forward / t.composedForward},
             {"seconds", t.both},
             {"reference_seconds", t.composedBoth},
             {"n", rounds},
             {"peak_rss_mib", peakRssMiB()},
             {"threads", threads},
             {"processor", processorName()}},
            fmt::format("{:<28} forward {:8.2f} ms, {:.2f} of composed; with backward {:8.2f} ms, {:.2f}",
                        t.name, 1000 * t.forward, t.forward / t.composedForward, 1000 * t.both,
                        t.both / t.composedBoth));
    }
}

}  // namespace

void addBenchKernels(CLI::App& bench, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(bench, common, "kernels",
                                  "Time of the kernels beside the same composed of LibTorch's operators",
                                  "signet bench kernels --threads 1 --json");
    auto rounds = std::make_shared<int>(15);
    sub.add_option("-n", *rounds, "Rounds")->check(CLI::Range(1, 10'000))->capture_default_str();
    sub.callback([&common, &status, rounds] {
        status = runCommand(common, [&](Session& session) { benchKernels(session, *rounds); });
    });
}

}  // namespace signet::cli
