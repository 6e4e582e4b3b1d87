#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "app/cli/commands.h"
#include "app/cli/output_guard.h"
#include "core/base/file_io.h"
#include "core/metrics/roc.h"
#include "core/metrics/roc_plot.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct Arguments {
    std::string scores;
    std::string labels;
    double threshold = 0;
    std::string plot;
    bool logFpr = false;
    bool force = false;
};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// One number a line; empty lines at the end are passed over. Throws Corrupt naming the line.
std::vector<double> readNumbers(const fs::path& path) {
    const std::string text = readTextFile(path);
    std::vector<double> numbers;
    std::size_t lineNumber = 0;
    std::size_t emptySince = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++lineNumber;
        if (line.empty()) {
            if (emptySince == 0) emptySince = lineNumber;
            continue;
        }
        if (emptySince != 0) throw Error(ErrorCode::Corrupt, fmt::format("line {} is empty", emptySince));
        if (line.starts_with('+')) line.remove_prefix(1);
        double value = 0;
        const auto [stop, problem] = std::from_chars(line.data(), line.data() + line.size(), value);
        if (problem != std::errc{} || stop != line.data() + line.size()) {
            throw Error(ErrorCode::Corrupt, fmt::format("line {} is not a number: \"{}\"", lineNumber,
                                                        truncateColumns(std::string(line), 40)));
        }
        numbers.push_back(value);
    }
    return numbers;
}

std::vector<int> readLabels(const fs::path& path) {
    std::vector<int> labels;
    for (const double value : readNumbers(path)) {
        if (value != 0 && value != 1) {
            throw Error(ErrorCode::Corrupt,
                        fmt::format("line {} is {}; labels are 1 (signed) or 0", labels.size() + 1, value));
        }
        labels.push_back(value == 1);
    }
    return labels;
}

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
            fmt::format("with {} negatives the smallest false positive rate above 0 is {:.2g}: the TPR at "
                        "0.001 is that without any false positive",
                        roc.negatives, 1.0 / static_cast<double>(roc.negatives)));
    }
    return out;
}

Json toJson(const metrics::Interval& interval) {
    return Json::array({interval.lower, interval.upper});
}

Json recordOf(const metrics::Roc& roc, const metrics::Accuracy& accuracy,
              const std::vector<std::string>& warnings) {
    Json record{{"n_pos", roc.positives},
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
                {"tpr_at_fpr",
                 {{"0.01", metrics::tprAtFpr(roc, 0.01).point.tpr},
                  {"0.001", metrics::tprAtFpr(roc, 0.001).point.tpr}}}};
    if (!warnings.empty()) record["warnings"] = warnings;
    return record;
}

std::string readable(const metrics::Roc& roc, const metrics::Accuracy& accuracy,
                     const std::vector<std::string>& warnings) {
    std::string text = fmt::format(
        "positives          {}\nnegatives          {}\nAUC                {:.4f}  (95 % CI {:.4f} to "
        "{:.4f})\n"
        "average precision  {:.4f}\nequal error rate   {:.4f}  (threshold {:.4g})\n"
        "accuracy           {:.4f}  (95 % CI {:.4f} to {:.4f}; score >= {:.4g} is positive; {} + {} right)",
        roc.positives, roc.negatives, roc.auc, roc.aucCi95.lower, roc.aucCi95.upper, roc.averagePrecision,
        roc.eer, roc.eerThreshold, accuracy.value, accuracy.ci95.lower, accuracy.ci95.upper,
        accuracy.threshold, accuracy.truePositives, accuracy.trueNegatives);
    for (const double rate : {0.01, 0.001}) {
        const metrics::TprAtFpr at = metrics::tprAtFpr(roc, rate);
        text += fmt::format(
            "\nTPR at FPR {:<7} {:.4f}  (95 % CI {:.4f} to {:.4f}; threshold {:.4g}, FPR {:.2g})", rate,
            at.point.tpr, at.tprCi95.lower, at.tprCi95.upper, at.point.threshold, at.point.fpr);
    }
    for (const std::string& warning : warnings) text += "\n  note: " + warning;
    return text;
}

bool isPdf(const fs::path& path) {
    if (path.extension() == ".pdf") return true;
    if (path.extension() == ".png") return false;
    throw Error(ErrorCode::BadOption, "the plot is PNG or PDF: give a name that ends in .png or .pdf");
}

void writePlot(Session& session, const metrics::Roc& roc, const metrics::Accuracy& accuracy,
               const Arguments& arguments) {
    metrics::RocPlot plot;
    metrics::RocPoint marked;
    marked.tpr = static_cast<double>(accuracy.truePositives) / static_cast<double>(roc.positives);
    marked.fpr =
        static_cast<double>(roc.negatives - accuracy.trueNegatives) / static_cast<double>(roc.negatives);
    plot.curves = {{"", roc.points, marked}};
    plot.caption = metrics::rocCaption(roc);
    plot.caption.push_back(fmt::format("Dot: threshold {:g}, accuracy {:.4f} (95 % CI {:.4f} to {:.4f})",
                                       accuracy.threshold, accuracy.value, accuracy.ci95.lower,
                                       accuracy.ci95.upper));
    plot.logFpr = arguments.logFpr;
    plot.minFpr = 0.5 / static_cast<double>(roc.negatives);  // the left edge stands for no false positive
    try {
        OutputGuard({arguments.scores, arguments.labels}).claim(arguments.plot);
        writeFileAtomically(arguments.plot,
                            isPdf(arguments.plot) ? metrics::rocPlotPdf(plot) : metrics::rocPlotPng(plot),
                            arguments.force ? IfExists::Replace : IfExists::Refuse);
    } catch (const Error& error) {
        session.fail(arguments.plot, error);
    }
}

void run(Session& session, const Arguments& arguments) {
    if (!arguments.plot.empty()) isPdf(arguments.plot);
    const auto scores = load(session, arguments.scores, readNumbers);
    const auto labels = load(session, arguments.labels, readLabels);
    if (!scores || !labels) return;
    const auto roc = load(session, arguments.scores,
                          [&](const fs::path&) { return metrics::computeRoc(*scores, *labels); });
    if (!roc) return;
    const metrics::Accuracy accuracy = metrics::accuracyAt(*roc, arguments.threshold);
    const std::vector<std::string> warnings = warningsFor(*roc, arguments.threshold);
    session.emit(recordOf(*roc, accuracy, warnings), readable(*roc, accuracy, warnings));
    if (!arguments.plot.empty()) writePlot(session, *roc, accuracy, arguments);
}

}  // namespace

void addRoc(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(app, common, "roc", "ROC curve, AUC and error rates of scores with known labels",
                      "signet roc --scores scores.txt --labels labels.txt --plot roc.pdf");
    auto arguments = std::make_shared<Arguments>();
    sub.add_option("--scores", arguments->scores, "File with one score a line; higher means signed")
        ->required();
    sub.add_option("--labels", arguments->labels, "File with one label a line: 1 (signed) or 0")->required();
    sub.add_option("--threshold", arguments->threshold,
                   "Scores at or above it count as positive, for the accuracy (0 suits logits)")
        ->capture_default_str();
    sub.add_option("--plot", arguments->plot, "Draw the curve into this .png or .pdf");
    sub.add_flag("--log-fpr", arguments->logFpr, "Logarithmic false positive axis in the plot");
    sub.add_flag("--force", arguments->force, "Replace the plot if it exists");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
