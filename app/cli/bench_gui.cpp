#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "core/base/platform.h"
#include "core/signature/train.h"
#include "ui/training/plot_benchmark.h"
#include "ui/training/training_benchmark.h"

namespace signet::cli {
namespace {

constexpr int kGuiThreads = 1;  // widgets belong to one

double worst(const std::vector<double>& values) {
    return *std::max_element(values.begin(), values.end());
}

struct TrainingArguments {
    std::string preset = "presence";
    std::vector<std::string> assignments;
    double seconds = 60;
};

void runTraining(Session& session, const TrainingArguments& arguments) {
    const ui::TrainingBenchmarkOptions options{signature::configure(arguments.preset, arguments.assignments),
                                               arguments.seconds};
    const auto result = ui::benchmarkTraining(options, session.stop(),
                                              [&](const std::string& what) { session.progress(0, 0, what); });
    if (result.examineSeconds.empty())
        throw Error(ErrorCode::Environment, "no examination fell into the time measured: watch for longer");
    const double examineSeconds = median(result.examineSeconds);
    session.emit(
        {{"name", "gui_training"},
         {"longest_block_seconds", result.longestBlock},
         {"longest_busy_seconds", result.longestBusy},
         {"heartbeats", result.heartbeats},
         {"examine_seconds", examineSeconds},
         {"examine_worst_seconds", worst(result.examineSeconds)},
         {"n", result.examineSeconds.size()},
         {"steps", result.steps},
         {"seconds_per_step", result.secondsPerStep},
         {"training_threads", options.options.at("threads")},
         {"peak_rss_mib", peakRssMiB()},
         {"processor", processorName()}},
        fmt::format(
            "while it trained {} ({} steps, {:.2f} s each): longest block of the GUI thread {:.1f} ms, "
            "most CPU time without a look at events {:.1f} ms\n"
            "  an examination answered after {:.2f} s (median of {}), at worst {:.2f} s\n"
            "  offscreen; peak memory {:.0f} MiB; {}",
            arguments.preset, result.steps, result.secondsPerStep, 1e3 * result.longestBlock,
            1e3 * result.longestBusy, examineSeconds, result.examineSeconds.size(),
            worst(result.examineSeconds), peakRssMiB(), processorName()));
}

void run(Session& session, const ui::PlotBenchmarkOptions& options) {
    const ui::PlotBenchmark result = ui::benchmarkPlots(
        options, session.stop(), [&](const std::string& what) { session.progress(0, 0, what); });
    const double seconds = median(result.redrawSeconds);
    const double referenceSeconds = median(result.referenceSeconds);
    const Json record = {{"name", "gui"},
                         {"ratio_to_unthinned", seconds / referenceSeconds},
                         {"seconds", seconds},
                         {"worst_seconds", worst(result.redrawSeconds)},
                         {"zoomed_seconds", median(result.zoomedSeconds)},
                         {"reference_seconds", referenceSeconds},
                         {"n", result.redrawSeconds.size()},
                         {"curves", options.curves},
                         {"points", options.points},
                         {"width", options.width},
                         {"height", options.height},
                         {"curves_mib", result.curvesMiB},
                         {"bytes_per_point", result.bytesPerPoint},
                         {"smoothing_seconds", result.smoothingSeconds},
                         {"smoothing_longest_block_seconds", result.smoothingBlock},
                         {"live",
                          {{"panels", options.panels},
                           {"points", options.panelPoints},
                           {"records_per_s", options.recordsPerSecond},
                           {"records", result.liveRecords},
                           {"seconds", options.liveSeconds},
                           {"longest_block_seconds", result.liveBlock},
                           {"longest_busy_seconds", result.liveBusy},
                           {"heartbeats", result.heartbeats}}},
                         {"peak_rss_mib", peakRssMiB()},
                         {"threads", kGuiThreads},
                         {"processor", processorName()}};
    session.emit(
        record,
        fmt::format(
            "redraw of {} curves of {} points at {}x{} px: median {:.1f} ms, worst {:.1f} ms, {} redraws\n"
            "  QCustomPlot with all points: {:.1f} ms, ratio {:.2f}; a tenth visible: {:.1f} ms\n"
            "  memory of the curves {:.0f} MiB, {:.1f} bytes a point\n"
            "change of the smoothing: {:.0f} ms, longest block of the GUI thread {:.1f} ms\n"
            "{} panels of {} curves of {} points, {} records in {:g} s: longest block {:.1f} ms, most CPU "
            "time "
            "without a look at events {:.1f} ms\n"
            "  offscreen; peak memory {:.0f} MiB; {}",
            options.curves, options.points, options.width, options.height, 1e3 * seconds,
            1e3 * worst(result.redrawSeconds), result.redrawSeconds.size(), 1e3 * referenceSeconds,
            seconds / referenceSeconds, 1e3 * median(result.zoomedSeconds), result.curvesMiB,
            result.bytesPerPoint, 1e3 * result.smoothingSeconds, 1e3 * result.smoothingBlock, options.panels,
            options.curves, options.panelPoints, result.liveRecords, options.liveSeconds,
            1e3 * result.liveBlock, 1e3 * result.liveBusy, peakRssMiB(), processorName()));
}

}  // namespace

void addBenchGui(CLI::App& bench, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(bench, common, "gui",
                      "Redrawing the training plots against QCustomPlot with every point, and how "
                      "long they keep the window from its events; offscreen",
                      "signet bench gui --json");
    auto options = std::make_shared<ui::PlotBenchmarkOptions>();
    sub.add_option("--points", options->points, "Points of each curve redrawn")
        ->check(CLI::Range(1000, 10000000))
        ->capture_default_str();
    sub.add_option("--redraws", options->redraws, "Redraws measured")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    sub.add_option("--live-seconds", options->liveSeconds, "Length of the live part, s")
        ->check(CLI::Range(0.5, 3600.0))
        ->capture_default_str();
    auto training = std::make_shared<TrainingArguments>();
    auto* preset = sub.add_option("--train", training->preset,
                                  "Instead: the real window while this preset trains in it, and how soon an "
                                  "examination answers meanwhile");
    sub.add_option("--set", training->assignments,
                   "Changes one option of the preset, key=value; may be repeated")
        ->needs(preset);
    sub.add_option("--seconds", training->seconds, "Seconds of training that are watched")
        ->check(CLI::Range(1.0, 3600.0))
        ->capture_default_str()
        ->needs(preset);
    sub.callback([&common, &status, options, training, preset] {
        status = runCommand(common, [&](Session& session) {
            if (preset->count() > 0)
                runTraining(session, *training);
            else
                run(session, *options);
        });
    });
}

}  // namespace signet::cli
