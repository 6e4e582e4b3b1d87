#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "core/base/platform.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "ui/bench/case_benchmark.h"
#include "ui/bench/plot_benchmark.h"
#include "ui/bench/training_benchmark.h"

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
    const ui::TrainingBenchmarkOptions options{
        training::configure(tasks::all(), arguments.preset, arguments.assignments), arguments.seconds};
    tasks::all().of(options.options).requireFolders(options.options);
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

/// The value that share of them are not above.
double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void runCase(Session& session, const ui::CaseBenchmarkOptions& options) {
    resetPeakMemory();
    const auto result = ui::benchmarkCase(options, session.stop(),
                                          [&](const std::string& what) { session.progress(0, 0, what); });
    if (result.frameSeconds.empty())
        throw Error(ErrorCode::BadOption, "the table fits the window: take more exhibits");
    const auto frames = [](const std::vector<double>& values) {
        return Json{{"median_seconds", median(values)},
                    {"p99_seconds", quantile(values, 0.99)},
                    {"worst_seconds", worst(values)}};
    };
    session.emit(
        {{"name", "gui_case"},
         {"exhibits", options.exhibits},
         {"width", options.width},
         {"height", options.height},
         {"make_seconds", result.makeSeconds},
         {"open_seconds", result.openSeconds},
         {"open_longest_block_seconds", result.openBlock},
         {"frames", frames(result.frameSeconds)},
         {"frames_cpu", frames(result.frameCpuSeconds)},
         {"n", result.frameSeconds.size()},
         {"thumbnails", result.thumbnails},
         {"search_worst_seconds", result.searchSeconds},
         {"filter_worst_seconds", result.filterSeconds},
         {"sort_worst_seconds", result.sortSeconds},
         {"select_worst_seconds", result.selectSeconds},
         {"case_mib", result.contentsMiB},
         {"peak_rss_mib", peakRssMiB()},
         {"threads", kGuiThreads},
         {"processor", processorName()}},
        fmt::format(
            "a case of {} exhibits (made in {:.0f} s) opened in {:.2f} s; longest block of the GUI thread "
            "{:.0f} ms\n"
            "scrolled through in {} frames: median {:.1f} ms, 99 % {:.1f} ms, worst {:.1f} ms (CPU time: "
            "{:.1f}, "
            "{:.1f}, {:.1f} ms); {} thumbnails came meanwhile\n"
            "worst of: a letter searched {:.0f} ms, a filter {:.0f} ms, a column sorted {:.0f} ms, an "
            "exhibit "
            "chosen {:.0f} ms\n"
            "  offscreen; the case takes {:.0f} MiB, peak memory {:.0f} MiB; {}",
            options.exhibits, result.makeSeconds, result.openSeconds, 1e3 * result.openBlock,
            result.frameSeconds.size(), 1e3 * median(result.frameSeconds),
            1e3 * quantile(result.frameSeconds, 0.99), 1e3 * worst(result.frameSeconds),
            1e3 * median(result.frameCpuSeconds), 1e3 * quantile(result.frameCpuSeconds, 0.99),
            1e3 * worst(result.frameCpuSeconds), result.thumbnails, 1e3 * result.searchSeconds,
            1e3 * result.filterSeconds, 1e3 * result.sortSeconds, 1e3 * result.selectSeconds,
            result.contentsMiB, peakRssMiB(), processorName()));
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
                                  "Instead: the real window while this preset trains in it (with --set "
                                  "data=FOLDER), and how soon an examination answers meanwhile");
    sub.add_option("--set", training->assignments,
                   "Changes one option of the preset, key=value; may be repeated")
        ->needs(preset);
    sub.add_option("--seconds", training->seconds, "Seconds of training that are watched")
        ->check(CLI::Range(1.0, 3600.0))
        ->capture_default_str()
        ->needs(preset);
    auto ofCase = std::make_shared<ui::CaseBenchmarkOptions>();
    auto* exhibits =
        sub.add_option("--case", ofCase->exhibits,
                       "Instead: the real window on a case of so many made-up exhibits: opening it, "
                       "scrolling, searching, sorting")
            ->check(CLI::Range(100, 1000000))
            ->excludes(preset);
    sub.callback([&common, &status, options, training, preset, ofCase, exhibits] {
        status = runCommand(common, [&](Session& session) {
            if (exhibits->count() > 0)
                runCase(session, *ofCase);
            else if (preset->count() > 0)
                runTraining(session, *training);
            else
                run(session, *options);
        });
    });
}

}  // namespace signet::cli
