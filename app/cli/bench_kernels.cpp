#include <fmt/format.h>

#include <array>
#include <memory>
#include <vector>

#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "core/base/platform.h"
#include "core/kernels/kernel_bench.h"

namespace signet::cli {
namespace {

void benchKernels(Session& session, int rounds) {
    const auto& options = session.options();
    const int threads = options.threadCount();
    for (const kernels::KernelCase& one :
         kernels::kernelCases(threads, options.device == "cuda" ? "cuda" : "cpu")) {
        std::array<std::vector<double>, 4> seconds;
        for (int round = 0; round <= rounds; ++round) {
            if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
            const std::array times{secondsOf(one.forward), secondsOf(one.composedForward),
                                   secondsOf(one.both), secondsOf(one.composedBoth)};
            for (std::size_t i = 0; round > 0 && i < times.size(); ++i)  // the first is not measured
                seconds[i].push_back(times[i]);
        }
        const double forward = median(seconds[0]), composedForward = median(seconds[1]);
        const double both = median(seconds[2]), composedBoth = median(seconds[3]);
        session.emit(
            {{"name", one.name},
             {"ratio_to_composed", both / composedBoth},
             {"ratio_to_composed_forward", forward / composedForward},
             {"seconds", both},
             {"reference_seconds", composedBoth},
             {"n", rounds},
             {"peak_rss_mib", peakRssMiB()},
             {"threads", threads},
             {"processor", processorName()}},
            fmt::format("{:<28} forward {:8.2f} ms, {:.2f} of composed; with backward {:8.2f} ms, {:.2f}",
                        one.name, 1000 * forward, forward / composedForward, 1000 * both,
                        both / composedBoth));
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
