#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/output_guard.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/examine/examine_files.h"
#include "core/examine/score_folders.h"
#include "core/metrics/operating_point.h"
#include "core/metrics/roc.h"
#include "core/metrics/roc_band.h"
#include "core/metrics/roc_plot.h"
#include "core/metrics/score_file.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct RocArguments {
    std::string scores;
    std::string labels;
    std::string signedFolder;
    std::string unsignedFolder;
    std::vector<std::string> models;
    std::string scoresOut;
    double threshold = 0;
    bool thresholdGiven = false;
    std::string plot;
    bool logFpr = false;
    bool force = false;
};

/// The value of read(path), or nothing after its failure has been reported.
template <class Read>
auto load(Session& session, const fs::path& path, Read read) -> std::optional<decltype(read(path))> {
    try {
        return read(path);
    } catch (const Error& error) {
        session.fail(path, error);
        return std::nullopt;
    }
}

std::vector<std::string> warningsFor(const metrics::Roc& roc, double threshold) {
    std::vector<std::string> out;
    if (roc.points.back().threshold >= threshold)
        out.push_back(fmt::format("every score is at or above the threshold {}; set --threshold", threshold));
    else if (roc.points[1].threshold < threshold)
        out.push_back(fmt::format("every score is below the threshold {}; set --threshold", threshold));
    if (roc.negatives < 1000) {
        out.push_back(
            fmt::format("with {} negatives the smallest false positive rate above 0 is {:.2g}: a lower one "
                        "cannot be set, and no TPR is given for it",
                        roc.negatives, 1.0 / static_cast<double>(roc.negatives)));
    }
    return out;
}

Json toJson(const metrics::Interval& interval) {
    return Json::array({interval.lower, interval.upper});
}

/// A detector's curve and its accuracy at a threshold.
struct Measured {
    std::string name;  ///< "" where the input has one detector without a name
    metrics::Roc roc;
    metrics::Accuracy accuracy;
    std::vector<std::string> warnings;
    Json about = Json::object();  ///< of measured folders: goes in front of the record
};

/// The rate, or null where the negatives do not support it.
Json tprOrNull(const metrics::Roc& roc, double fpr) {
    return metrics::supportsFpr(roc.negatives, fpr) ? Json(metrics::tprAtFpr(roc, fpr).point.tpr)
                                                    : Json(nullptr);
}

Json measuredRecord(const Measured& measured) {
    const metrics::Roc& roc = measured.roc;
    const metrics::Accuracy& accuracy = measured.accuracy;
    Json record = measured.about;
    if (!measured.name.empty()) record["detector"] = measured.name;
    record.update({{"n_pos", roc.positives},
                   {"n_neg", roc.negatives},
                   {"auc", roc.auc},
                   {"auc_ci95", toJson(roc.aucCi95)},
                   {"average_precision", roc.averagePrecision},
                   {"eer", roc.eer},
                   {"threshold", accuracy.threshold},
                   {"accuracy", accuracy.value},
                   {"accuracy_ci95", toJson(accuracy.ci95)},
                   {"tp", accuracy.truePositives},
                   {"tn", accuracy.trueNegatives},
                   {"tpr_at_fpr", {{"0.01", tprOrNull(roc, 0.01)}, {"0.001", tprOrNull(roc, 0.001)}}}});
    if (!measured.warnings.empty()) record["warnings"] = measured.warnings;
    return record;
}

std::string readable(const Measured& measured) {
    const metrics::Roc& roc = measured.roc;
    const metrics::Accuracy& accuracy = measured.accuracy;
    std::string text = measured.name.empty() ? std::string() : fmt::format("{}\n", measured.name);
    text += fmt::format(
        "positives          {}\nnegatives          {}\nAUC                {:.4f}  (95 % CI {:.4f} to "
        "{:.4f})\n"
        "average precision  {:.4f}\nequal error rate   {:.4f}  (threshold {:.4g})\n"
        "accuracy           {:.4f}  (95 % CI {:.4f} to {:.4f}; score >= {:.4g} is positive; {} + {} right)",
        roc.positives, roc.negatives, roc.auc, roc.aucCi95.lower, roc.aucCi95.upper, roc.averagePrecision,
        roc.eer, roc.eerThreshold, accuracy.value, accuracy.ci95.lower, accuracy.ci95.upper,
        accuracy.threshold, accuracy.truePositives, accuracy.trueNegatives);
    for (const double rate : {0.01, 0.001}) {
        if (!metrics::supportsFpr(roc.negatives, rate)) {
            text += fmt::format("\nTPR at FPR {:<7} not supported by {} negatives", rate, roc.negatives);
            continue;
        }
        const metrics::TprAtFpr at = metrics::tprAtFpr(roc, rate);
        text += fmt::format(
            "\nTPR at FPR {:<7} {:.4f}  (95 % CI {:.4f} to {:.4f}; threshold {:.4g}, FPR {:.2g})", rate,
            at.point.tpr, at.tprCi95.lower, at.tprCi95.upper, at.point.threshold, at.point.fpr);
    }
    for (const std::string& warning : measured.warnings) text += "\n  note: " + warning;
    return text;
}

bool isPdf(const fs::path& path) {
    if (path.extension() == ".pdf") return true;
    if (path.extension() == ".png") return false;
    throw Error(ErrorCode::BadOption, "the plot is PNG or PDF: give a name that ends in .png or .pdf");
}

void writePlot(Session& session, const std::vector<Measured>& all, const RocArguments& arguments) {
    metrics::RocPlot plot;
    plot.logFpr = arguments.logFpr;
    plot.minFpr = 0.1;
    for (const Measured& one : all) {
        const metrics::OperatingPoint at = metrics::operatingPointAt(one.roc, one.accuracy.threshold);
        const std::string name = toUtf8(one.name);
        plot.curves.push_back({name, metrics::thinned(one.roc.points), at.point, metrics::rocBand(one.roc)});
        // the left edge stands for no false positive
        plot.minFpr = std::min(plot.minFpr, 0.5 / static_cast<double>(one.roc.negatives));
        const std::string prefix = all.size() > 1 ? name + ": " : std::string();
        for (const std::string& line : metrics::rocCaption(one.roc)) plot.caption.push_back(prefix + line);
        plot.caption.push_back(fmt::format(
            "{}Dot: threshold {:g}, accuracy {:.4f} (95 % CI {:.4f} to {:.4f})", prefix,
            one.accuracy.threshold, one.accuracy.value, one.accuracy.ci95.lower, one.accuracy.ci95.upper));
    }
    plot.caption.push_back("Pale lines: 95 % confidence band, pointwise (Clopper-Pearson)");
    try {
        OutputGuard({arguments.scores, arguments.labels}).claim(arguments.plot);
        writeFileAtomically(arguments.plot,
                            isPdf(arguments.plot) ? metrics::rocPlotPdf(plot) : metrics::rocPlotPng(plot),
                            arguments.force ? IfExists::Replace : IfExists::Refuse);
    } catch (const Error& error) {
        session.fail(arguments.plot, error);
    }
}

/// The detectors of the files given; nothing after a failure has been reported.
std::vector<metrics::DetectorScores> readFiles(Session& session, const RocArguments& arguments) {
    if (arguments.labels.empty()) {
        auto detectors = load(session, arguments.scores, metrics::readScoreFile);
        return detectors ? std::move(*detectors) : std::vector<metrics::DetectorScores>();
    }
    auto scores = load(session, arguments.scores, metrics::readNumbers);
    auto labels = load(session, arguments.labels, metrics::readLabels);
    if (!scores || !labels) return {};
    return {{"", std::move(*scores), std::move(*labels)}};
}

std::optional<Measured> measure(Session& session, const fs::path& input,
                                const metrics::DetectorScores& detector, double threshold) {
    const auto roc = load(session, input, [&](const fs::path&) {
        try {
            return metrics::computeRoc(detector.scores, detector.labels);
        } catch (const Error& error) {
            if (detector.name.empty()) throw;
            throw Error(error.code(), fmt::format("{}: {}", detector.name, error.what()));
        }
    });
    if (!roc) return std::nullopt;
    return Measured{detector.name, *roc, metrics::accuracyAt(*roc, threshold), warningsFor(*roc, threshold)};
}

std::vector<Measured> measureFiles(Session& session, const RocArguments& arguments) {
    std::vector<Measured> all;
    for (const metrics::DetectorScores& detector : readFiles(session, arguments))
        if (auto one = measure(session, arguments.scores, detector, arguments.threshold))
            all.push_back(std::move(*one));
    return all;
}

void writeScores(Session& session, const examine::FolderScores& scores, const RocArguments& arguments) {
    std::vector<metrics::ScoreLine> lines;
    for (std::size_t m = 0; m < scores.models.size(); ++m)
        for (const examine::ScoredFile& file : scores.files)
            lines.push_back({file.scores[m], file.isSigned, scores.models[m], file.path.native()});
    try {
        writeFileAtomically(arguments.scoresOut, metrics::scoreCsv(lines),
                            arguments.force ? IfExists::Replace : IfExists::Refuse);
    } catch (const Error& error) {
        session.fail(arguments.scoresOut, error);
    }
}

std::vector<Measured> measureFolders(Session& session, const RocArguments& arguments) {
    examine::FilesExaminer filesExaminer(examinerOptions(session.options()),
                                         std::numeric_limits<std::size_t>::max());
    examine::Examiner& examiner = filesExaminer.examiner();
    examine::ScoreFoldersOptions options{arguments.signedFolder, arguments.unsignedFolder, arguments.models,
                                         filesExaminer.atOnce()};
    if (options.models.empty()) options.models = examiner.defaultModels();
    for (const std::string& model : options.models) examiner.loadModel(model);
    const examine::FolderScores scores =
        examine::scoreFolders(options, examine::examineWith(examiner), session.context());
    for (const examine::UnscoredFile& file : scores.unscored) {
        session.emit({{"path", toUtf8(file.path.native())},
                      {"error", {{"code", file.failure.code}, {"message", file.failure.message}}}},
                     fmt::format("{}: left out: {}", shown(file.path), file.failure.message));
        session.countFailure();
    }
    reportLeftOut(session, scores.leftOut);
    if (!arguments.scoresOut.empty()) writeScores(session, scores, arguments);
    std::vector<Measured> all;
    for (std::size_t m = 0; m < scores.models.size(); ++m) {
        metrics::DetectorScores detector{scores.models[m], {}, {}};
        for (const examine::ScoredFile& file : scores.files) {
            detector.scores.push_back(file.scores[m]);
            detector.labels.push_back(file.isSigned);
        }
        const auto& calibration = examiner.calibration(scores.models[m]);
        const double threshold =
            !arguments.thresholdGiven && calibration ? calibration->threshold : arguments.threshold;
        auto one = measure(session, arguments.signedFolder, detector, threshold);
        if (!one) continue;
        one->about = {{"model", scores.models[m]},
                      {"model_sha256", examiner.manifest(scores.models[m]).weightsSha256},
                      {"set_sha256", scores.setSha256},
                      {"complete", scores.complete},
                      {"left_out", scores.unscored.size()},
                      {"duplicates", scores.duplicates},
                      {"threshold_from_calibration", !arguments.thresholdGiven && calibration.has_value()}};
        all.push_back(std::move(*one));
    }
    return all;
}

void run(Session& session, const RocArguments& arguments) {
    if (!arguments.plot.empty()) isPdf(arguments.plot);
    if (arguments.scores.empty() == arguments.signedFolder.empty())
        throw Error(ErrorCode::BadOption, "give --scores, or --signed and --unsigned");
    const std::vector<Measured> all =
        arguments.scores.empty() ? measureFolders(session, arguments) : measureFiles(session, arguments);
    for (const Measured& one : all) session.emit(measuredRecord(one), readable(one));
    if (!arguments.plot.empty() && !all.empty()) writePlot(session, all, arguments);
}

}  // namespace

void addRoc(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(app, common, "roc",
                      "ROC curve, AUC and error rates of scores with known labels, or of models on "
                      "folders of signed and unsigned images",
                      "signet roc --scores scores.txt --labels labels.txt --plot roc.pdf");
    auto arguments = std::make_shared<RocArguments>();
    CLI::Option* scores =
        sub.add_option("--scores", arguments->scores,
                       "File with one score a line, higher means signed; without --labels: score,label or "
                       "score,label,detector on each line");
    CLI::Option* labels =
        sub.add_option("--labels", arguments->labels, "File with one label a line: 1 (signed) or 0");
    CLI::Option* marked =
        sub.add_option("--signed", arguments->signedFolder, "Folder of signed images, with its sub-folders");
    CLI::Option* plain = sub.add_option("--unsigned", arguments->unsignedFolder,
                                        "Folder of images without a signature, with its sub-folders");
    CLI::Option* model = addExaminingModels(sub, arguments->models);
    CLI::Option* out = sub.add_option("--scores-out", arguments->scoresOut,
                                      "Write the scores of the folders' images as CSV, which --scores reads");
    labels->needs(scores);
    marked->needs(plain)->excludes(scores);
    plain->needs(marked);
    model->needs(marked);
    out->needs(marked);
    CLI::Option* threshold =
        sub.add_option(
               "--threshold", arguments->threshold,
               "Scores at or above it count as positive, for the accuracy (0 suits logits; for folders "
               "the model's calibrated threshold unless given)")
            ->capture_default_str();
    sub.add_option("--plot", arguments->plot, "Draw the curves into this .png or .pdf");
    sub.add_flag("--log-fpr", arguments->logFpr, "Logarithmic false positive axis in the plot");
    sub.add_flag("--force", arguments->force, "Replace the plot and the scores if they exist");
    sub.callback([&common, &status, arguments, threshold] {
        arguments->thresholdGiven = threshold->count() > 0;
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
