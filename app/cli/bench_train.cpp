#include <fmt/format.h>

#include "app/cli/bench_images.h"
#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "app/cli/python_reference.h"
#include "core/base/platform.h"
#include "core/base/temporary_folder.h"
#include "core/tasks/all_tasks.h"
#include "core/training/step_bench.h"
#include "core/training/train.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

constexpr int kRandomNumbers = 4096;  ///< more than any step draws

/// A training step that is measured.
struct Row {
    std::string name;
    std::string preset;
    std::vector<std::string> assignments;
};

const std::vector<Row> kCompared{
    {"paper", "paper-a", {"batch=4"}},
    // The reference knows no code. The code model is made for 192 px: without one the preset works on 128 px.
    {"compact",
     "code32",
     {"network.bits=1", "network.workSide=64", "network.injectorWidths=[24,32,48]", "startDb=30"}},
    // With all their losses from the start.
    {"diffusion", "adm-cats", {}},
    {"stylegan2", "stylegan2-cats", {}},
    {"autoencoder", "vq-cats", {"perceptual=0", "adversarialFrom=0"}},
    {"fingerprint", "fingerprint-cats", {"picturesFirst=0", "bitsFirst=0"}},
};

const std::vector<Row> kPaperBatch{
    {"paper-24", "paper-a", {}},
    {"paper-24-parts", "paper-a", {"accumulate=6"}},
    {"paper-24-checkpointed", "paper-a", {"checkpointing=true"}},
    {"paper-24-checkpointed-parts", "paper-a", {"checkpointing=true", "accumulate=6"}},
};

struct BenchTrainArguments {
    int n = 4;
    bool memory = false;
    std::vector<std::string> rows;
};

std::unique_ptr<training::StepBench> prepare(const Row& row, int threads) {
    auto assignments = row.assignments;
    assignments.push_back(fmt::format("threads={}", threads));
    assignments.push_back("data=.");
    const Json options = training::configure(tasks::all(), row.preset, assignments);
    const int batch = options.at("batch").get<int>();
    std::vector<image::Image> pictures;
    pictures.reserve(static_cast<std::size_t>(batch));
    for (int i = 0; i < batch; ++i) pictures.push_back(samplePicture(i, 256, 256));
    // Of a signature where the paper's ramp ends; the U-Net's last layers begin at zero. Of the other tasks
    // after the first step, which has R1 as every 16th has.
    const bool hasRamp = options.contains("ramp");
    const training::StepBench::Start start{
        hasRamp ? options.at("ramp").get<std::uint64_t>() : std::uint64_t{1},
        hasRamp ? "net.injector." : "net."};
    return std::make_unique<training::StepBench>(tasks::all(), options, start, pictures);
}

void measureSpeed(Session& session, const Row& row, int n, int threads) {
    const fs::path script = benchScript("train_step.py");
    const fs::path python = torchPython();
    const auto bench = prepare(row, threads);
    const TemporaryFolder folder("bench");
    const fs::path start = folder.path() / "start.safetensors";
    bench->save(start);
    LineProcess reference({python.string(), script.string(), start.string(), std::to_string(threads)});
    const Json ready = reference.receive();
    if (ready.at("parameters").get<std::int64_t>() != bench->parameters())
        throw Error(ErrorCode::Internal, "the reference's networks have another number of parameters");

    std::vector<double> work, other;
    double cpu = 0;
    double otherCpu = 0;
    Json losses, otherLosses;
    double peak = 0;
    double otherPeak = 0;
    std::uint64_t done = 0;
    for (int i = -1; i < n; ++i) {  // the first step is not measured, but says whether both do the same
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        session.progress(done++, static_cast<std::uint64_t>(n) + 1, row.name);
        const Json question = {{"bits", bench->randomBits(kRandomNumbers)}};
        const auto measureReference = [&] {
            const Json answer = reference.ask(question);
            if (i < 0) {
                otherLosses = answer.at("losses");
                return;
            }
            other.push_back(answer.at("seconds").get<double>());
            otherCpu += answer.at("cpu_seconds").get<double>() / n;
            otherPeak = answer.at("peak_rss_mib").get<double>();
        };
        if (i % 2 == 0) measureReference();  // in turn
        resetPeakMemory();
        const double cpuBefore = processCpuSeconds();
        const double seconds = secondsOf([&] {
            const Json found = bench->step();
            if (i < 0) losses = found;
        });
        if (i >= 0) {
            work.push_back(seconds);
            cpu += (processCpuSeconds() - cpuBefore) / n;
            peak = std::max(peak, peakRssMiB());
        }
        if (i % 2 != 0) measureReference();
    }
    const double seconds = median(work);
    const double otherSeconds = median(other);
    const Json record = {
        {"name", row.name},
        {"ratio_to_pytorch", seconds / otherSeconds},
        {"seconds", seconds},
        {"reference_seconds", otherSeconds},
        {"cpu_seconds", cpu},
        {"reference_cpu_seconds", otherCpu},
        {"n", n},
        {"peak_rss_mib", peak},
        {"reference_peak_rss_mib", otherPeak},
        {"batch", bench->batch()},
        {"side", bench->side()},
        {"parameters", bench->parameters()},
        {"first_losses", losses},
        {"reference_first_losses", otherLosses},
        {"reference", "PyTorch " + ready.at("torch").get<std::string>() + ", eager float32 NCHW"},
        {"threads", threads},
        {"processor", processorName()}};
    session.emit(record,
                 fmt::format("{}: {:.3f} s a step, PyTorch {:.3f} s, ratio {:.2f} (of CPU time {:.2f})\n"
                             "  batch {} of {}x{} px, medians of {} steps in turn; peak memory {:.0f} MiB, "
                             "PyTorch {:.0f} MiB; {} threads; {}\n"
                             "  losses of the first step {}, PyTorch {}",
                             row.name, seconds, otherSeconds, seconds / otherSeconds, cpu / otherCpu,
                             bench->batch(), bench->side(), bench->side(), n, peak, otherPeak, threads,
                             processorName(), losses.dump(), otherLosses.dump()));
}

void measureMemory(Session& session, const Row& row, int n, int threads) {
    const auto bench = prepare(row, threads);
    resetPeakMemory();
    std::vector<double> work;
    for (int i = 0; i < n; ++i) {
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        session.progress(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(n), row.name);
        work.push_back(secondsOf([&] { bench->step(); }));
    }
    const Json record = {{"name", row.name},
                         {"seconds", median(work)},
                         {"n", n},
                         {"peak_rss_mib", peakRssMiB()},
                         {"batch", bench->batch()},
                         {"side", bench->side()},
                         {"threads", threads},
                         {"processor", processorName()}};
    session.emit(
        record,
        fmt::format("{}: {:.1f} s a step, peak memory {:.0f} MiB; batch {} of {}x{} px; {} threads; {}",
                    row.name, median(work), peakRssMiB(), bench->batch(), bench->side(), bench->side(),
                    threads, processorName()));
}

}  // namespace

void addBenchTrain(CLI::App& bench, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(bench, common, "train",
                                  "One training step against the same step in eager PyTorch from Python",
                                  "signet bench train --n 6 --json");
    auto arguments = std::make_shared<BenchTrainArguments>();
    sub.add_option("-n,--n", arguments->n, "Steps measured")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    std::vector<std::string> names;
    for (const auto* rows : {&kCompared, &kPaperBatch})
        for (const Row& row : *rows) names.push_back(row.name);
    sub.add_option("--only", arguments->rows, "That measurement alone; may be repeated")
        ->check(CLI::IsMember(names))
        ->allow_extra_args(false);
    sub.add_flag("--memory", arguments->memory,
                 "Instead: peak memory of the paper's batch of 24 with what makes it fit");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) {
            const int threads = common.threadCount();
            const auto& rows = arguments->rows;
            for (const Row& row : arguments->memory ? kPaperBatch : kCompared) {
                if (!rows.empty() && std::find(rows.begin(), rows.end(), row.name) == rows.end()) continue;
                (arguments->memory ? measureMemory : measureSpeed)(session, row, arguments->n, threads);
            }
        });
    });
}

}  // namespace signet::cli
