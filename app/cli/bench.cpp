#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include "app/cli/bench_images.h"
#include "app/cli/bench_measure.h"
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/opencv_reference.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/base/temporary_folder.h"
#include "core/examine/examine_files.h"
#include "core/image/encode.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

constexpr int kWidth = 4000;
constexpr int kHeight = 3000;
constexpr int kSmallRepeats = 40;

struct BenchArguments {
    int n = 12;
    int rounds = 1;
    int size = 0;  ///< > 0: CPU time at size x size px instead of the 12-megapixel comparison
    std::vector<std::string> models;
};

/// A signature that does not read back took as long as one that does: evaluate counts those, not bench.
void checkRecord(const std::optional<examine::Record::Failure>& error) {
    if (error && error->code != toString(ErrorCode::NotVerified))
        throw Error(ErrorCode::Internal, "a test image failed: " + error->message);
}

/// One kind of work and what it is compared with, on file number i.
struct Comparison {
    std::string name;
    std::string ratioName;
    std::function<void(const fs::path&)> work;
    std::function<void(const fs::path&)> reference;
    /// All files as a user would have them worked on; may be empty.
    std::function<void(const std::vector<fs::path>&)> together{};
};

void compare(Session& session, const BenchArguments& arguments, const Comparison& comparison,
             const std::vector<fs::path>& files) {
    std::uint64_t bytes = 0;
    for (const fs::path& file : files) bytes += fs::file_size(file);
    comparison.reference(files[0]);  // first use of libraries and caches is not measured
    comparison.work(files[0]);
    std::vector<double> work;
    std::vector<double> reference;
    double peak = 0;
    const std::uint64_t total = files.size() * static_cast<std::uint64_t>(arguments.rounds);
    for (std::uint64_t i = 0; i < total; ++i) {
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        session.progress(i, total, comparison.name);
        const fs::path& file = files[i % files.size()];
        const auto measureReference = [&] {
            reference.push_back(secondsOf([&] { comparison.reference(file); }));
        };
        if (i % 2 == 0) measureReference();  // in turn, so that neither always finds the file warm
        resetPeakMemory();
        work.push_back(secondsOf([&] { comparison.work(file); }));
        peak = std::max(peak, peakRssMiB());
        if (i % 2 == 1) measureReference();
    }
    const double seconds = median(work);
    const double referenceSeconds = median(reference);
    Json together = Json::object();
    std::string togetherText;
    if (comparison.together) {
        std::vector<double> shares;
        resetPeakMemory();
        for (int round = 0; round < arguments.rounds && !session.stopRequested(); ++round)
            shares.push_back(secondsOf([&] { comparison.together(files); }) /
                             static_cast<double>(files.size()));
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        const double share = median(shares);
        together = {{"seconds_together", share},
                    {comparison.ratioName + "_together", share / referenceSeconds},
                    {"peak_rss_mib_together", peakRssMiB()}};
        togetherText = fmt::format(
            "\n  all of them as a folder: {:.3f} s an image, ratio {:.2f}; peak memory {:.0f} MiB", share,
            share / referenceSeconds, peakRssMiB());
    }
    const double mebibytes = static_cast<double>(bytes) / static_cast<double>(files.size()) / (1 << 20);
    const int threads = cv::getNumThreads();
    Json record = {{"name", comparison.name},
                   {comparison.ratioName, seconds / referenceSeconds},
                   {"seconds", seconds},
                   {"reference_seconds", referenceSeconds},
                   {"n", total},
                   {"peak_rss_mib", peak},
                   {"width", kWidth},
                   {"height", kHeight},
                   {"mean_file_mib", mebibytes},
                   {"threads", threads},
                   {"processor", processorName()}};
    record.update(together);
    session.emit(record,
                 fmt::format("{}: {:.3f} s an image, reference {:.3f} s, ratio {:.2f}\n"
                             "  {} images of {}x{} px ({:.1f} MiB each), medians; peak memory {:.0f} MiB; "
                             "{} threads; {}{}",
                             comparison.name, seconds, referenceSeconds, seconds / referenceSeconds, total,
                             kWidth, kHeight, mebibytes, peak, threads, processorName(), togetherText));
}

void benchCheck(Session& session, const BenchArguments& arguments, examine::Examiner& examiner,
                const fs::path& folder) {
    examine::CheckOptions options;
    options.models = arguments.models;
    Comparison comparison;
    comparison.name = "check";
    comparison.ratioName = "ratio_to_decode";
    comparison.work = [&](const fs::path& file) { checkRecord(examiner.check(file, options).error); };
    const OpenCvReference openCv;
    comparison.reference = [&](const fs::path& file) { openCv.decode(readFile(file)); };
    examine::FilesExaminer together(examinerOptions(session.options()),
                                    static_cast<std::size_t>(arguments.n));
    for (const std::string& model : arguments.models) together.examiner().loadModel(model);
    comparison.together = [&](const std::vector<fs::path>& files) {
        together.check({files, options}, {session.stop(), nullptr},
                       [](const examine::Record& record) { checkRecord(record.error); });
    };
    compare(session, arguments, comparison,
            writeBenchJpegs(folder, arguments.n, kWidth, kHeight, session.stop()));
}

void benchSign(Session& session, const BenchArguments& arguments, examine::Examiner& examiner,
               const fs::path& folder) {
    examine::SignOptions options;
    options.model = arguments.models.at(0);
    options.force = true;
    Comparison comparison;
    comparison.name = "sign";
    comparison.ratioName = "ratio_to_codec";
    const OpenCvReference openCv;
    comparison.work = [&](const fs::path& file) {
        checkRecord(examiner.sign(file, folder / "signed.jpg", options).error);
    };
    comparison.reference = [&](const fs::path& file) {
        const Bytes bytes = openCv.recodeJpeg(readFile(file), options.quality);
        std::ofstream(folder / "reference.jpg", std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    compare(session, arguments, comparison,
            writeBenchJpegs(folder, arguments.n, kWidth, kHeight, session.stop()));
}

/// CPU time of one embedding or one detection on a small image: the figure peers report.
void benchSmall(Session& session, const BenchArguments& arguments, examine::Examiner& examiner, bool signing,
                const fs::path& folder) {
    std::vector<fs::path> files;
    for (int i = 0; i < kSampleCount; ++i) {
        files.push_back(folder / fmt::format("small-{}.png", i));
        writeFileAtomically(
            files.back(),
            image::encode(samplePicture(i, arguments.size, arguments.size), {.format = image::Format::Png}),
            IfExists::Refuse);
    }
    examine::CheckOptions checking;
    checking.models = arguments.models;
    examine::SignOptions options;
    options.model = arguments.models.at(0);
    const auto once = [&](int i) {
        const fs::path& file = files[static_cast<std::size_t>(i % kSampleCount)];
        if (signing)
            examiner.previewSign(file, options, arguments.size);
        else
            checkRecord(examiner.check(file, checking).error);
    };
    for (int i = 0; i < kSampleCount; ++i) once(i);
    resetPeakMemory();
    const double cpuBefore = processCpuSeconds();
    const double seconds = secondsOf([&] {
                               for (int i = 0; i < kSmallRepeats && !session.stopRequested(); ++i) once(i);
                           }) /
                           kSmallRepeats;
    if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
    const double cpuMs = 1000 * (processCpuSeconds() - cpuBefore) / kSmallRepeats;
    const std::string name = signing ? "sign" : "check";
    const Json record = {{"name", name},
                         {"models", arguments.models},
                         {"cpu_ms", cpuMs},
                         {"seconds", seconds},
                         {"n", kSmallRepeats},
                         {"width", arguments.size},
                         {"height", arguments.size},
                         {"peak_rss_mib", peakRssMiB()},
                         {"threads", 1},
                         {"processor", processorName()}};
    session.emit(record,
                 fmt::format("{} of a {}x{} px image with {}: {:.1f} CPU-ms, {:.1f} ms, 1 thread; {}",
                             signing ? "embedding" : "check", arguments.size, arguments.size,
                             fmt::join(arguments.models, ", "), cpuMs, 1000 * seconds, processorName()));
}

void run(Session& session, BenchArguments arguments, bool signing) {
    examine::Examiner::Options options = examinerOptions(session.options());
    if (arguments.size > 0) options.threads = 1;
    const int threads = arguments.size > 0 ? 1 : session.options().threadCount();
    cv::setNumThreads(threads);
    examine::Examiner examiner(options);
    if (arguments.models.empty()) {
        if (signing || arguments.size > 0)
            arguments.models = {examine::SignOptions().model};
        else
            arguments.models = examiner.defaultModels();
    }
    if (arguments.models.empty()) throw Error(ErrorCode::Environment, "no validated model is installed");
    for (const std::string& model : arguments.models) examiner.loadModel(model);
    const TemporaryFolder folder("bench");
    if (arguments.size > 0)
        benchSmall(session, arguments, examiner, signing, folder.path());
    else if (signing)
        benchSign(session, arguments, examiner, folder.path());
    else
        benchCheck(session, arguments, examiner, folder.path());
}

void addOne(CLI::App& bench, CommonOptions& common, int& status, bool signing) {
    CLI::App& sub = addSubcommand(
        bench, common, signing ? "sign" : "check",
        signing ? "Signing 12-megapixel JPEGs against OpenCV's decode + encode of the same files"
                : "Checking 12-megapixel JPEGs against OpenCV's full decode of the same files",
        signing ? "signet bench sign --n 6 --json" : "signet bench check --n 12 --json");
    auto arguments = std::make_shared<BenchArguments>();
    sub.add_option("-n,--n", arguments->n, "Images")->check(CLI::Range(1, 1000))->capture_default_str();
    sub.add_option("--rounds", arguments->rounds, "Times each image is measured")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    sub.add_option("--size", arguments->size, "Instead: CPU time on one image of this side in px, one thread")
        ->check(CLI::Range(96, 4096));
    sub.add_option("-m,--model", arguments->models, "Model by name or folder, may be repeated for check")
        ->allow_extra_args(false);
    sub.callback([&common, &status, arguments, signing] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments, signing); });
    });
}

}  // namespace

void addBench(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& bench = *app.add_subcommand("bench", "The program's own timings, as ratios taken in one run");
    bench.footer("Example:\n  signet bench check --json");
    bench.require_subcommand(1);
    addOne(bench, common, status, false);
    addOne(bench, common, status, true);
    addBenchGenerate(bench, common, status);
    addBenchKernels(bench, common, status);
    addBenchSearch(bench, common, status);
    addBenchTrain(bench, common, status);
#ifdef SIGNET_DESKTOP
    addBenchGui(bench, common, status);
#endif
}

}  // namespace signet::cli
