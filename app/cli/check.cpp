#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "app/cli/commands.h"
#include "app/cli/finding_text.h"
#include "app/cli/inputs.h"
#include "app/cli/key_choice.h"
#include "core/base/file_io.h"
#include "core/examine/claim.h"
#include "core/examine/examine_files.h"
#include "core/examine/findings.h"
#include "core/examine/keyed_detector.h"
#include "core/examine/record_json.h"
#include "core/registry/registered_fingerprints.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct CheckArguments {
    std::vector<std::string> models;
    std::vector<std::string> paths;
    std::string mapsFolder;
    FrameChoice frames;
    KeyChoice keys;
    std::string registry;  ///< of issued instances; empty: the workspace's
    bool recursive = false;
    bool tiles = false;
};

class Report {
public:
    /// answerWidth: columns of the longest usual answer.
    Report(Session& session, const std::vector<fs::path>& files, const std::vector<std::string>& models,
           std::size_t answerWidth)
        : m_session(session), m_table(columns(files, models, answerWidth)) {}

    void add(const examine::Record& record) {
        if (record.error) {
            m_session.countFailure();
            ++m_failed;
        } else {
            ++m_examined;
            count(record);
            if (record.mapsFailed > 0) m_session.countFailure();
        }
        m_session.emit(examine::toJson(record), m_session.json() ? std::string() : readable(record));
    }

    void finish(const CommonOptions& options, double seconds) {
        if (options.quiet) return;
        if (m_readable && !options.json)
            m_session.line(
                fmt::format("\n* mean {}.\n{}", examine::kConfidenceMeaning, examine::kUnverifiedMeaning));
        if (m_examined + m_failed < 2) return;
        std::string text = fmt::format("\n{} image{} examined", m_examined, m_examined == 1 ? "" : "s");
        const char* before = ": ";
        for (const auto& [answer, count] : m_answers) {
            text += fmt::format("{}{} {}", before, count, answer);
            before = ", ";
        }
        if (m_failed > 0) text += fmt::format(", {} could not be examined", m_failed);
        m_session.line(text + fmt::format("; {:.1f} s", seconds));
    }

private:
    static Table::Column pathColumn(const std::vector<fs::path>& files) {
        std::size_t width = 0;
        for (const fs::path& file : files) width = std::max(width, columnsOf(shown(file)));
        return {"image", std::min(width, kNarrowPathColumns), Table::Align::Left};
    }

    static std::vector<Table::Column> columns(const std::vector<fs::path>& files,
                                              const std::vector<std::string>& models,
                                              std::size_t answerWidth) {
        std::size_t modelWidth = 0;
        for (const std::string& model : models) modelWidth = std::max(modelWidth, model.size());
        using enum Table::Align;
        return {pathColumn(files),   {"model", modelWidth, Left}, {"presence", answerWidth, Left},
                {"score", 7, Right}, {"threshold", 9, Right},     {"false positives", 18, Left},
                {"code", 21, Left},  {"bits right*", 11, Right}};
    }

    std::string readable(const examine::Record& record) {
        std::string text;
        if (!m_headerShown) text = m_table.header() + "\n";
        m_headerShown = true;
        std::string name = shown(record.path);
        if (record.decode.frames > 1)
            name += fmt::format(" [{}/{}]", record.decode.frame, record.decode.frames);
        name = truncateFront(name, kNarrowPathColumns);
        if (record.error) return text + m_table.row({name, "failed: " + record.error->message});
        for (std::size_t i = 0; i < record.findings.size(); ++i) {
            if (i > 0) text += "\n";
            text += m_table.row(cells(i == 0 ? name : std::string(), record.findings[i]));
        }
        for (const auto& [reasons, names] : outsideOf(record))
            text += fmt::format("\n  outside the calibration of {}: {}", fmt::join(names, ", "), reasons);
        for (const examine::Finding& finding : record.findings) text += detailsText(finding, "  ");
        for (const auto& conflict : record.conflicts) text += "\n  conflict: " + conflict.message;
        for (const std::string& warning : record.warnings) text += "\n  note: " + warning;
        return text;
    }

    /// The models by what puts the image outside their calibrations: mostly all say the same.
    static std::vector<std::pair<std::string, std::vector<std::string>>> outsideOf(
        const examine::Record& record) {
        std::vector<std::pair<std::string, std::vector<std::string>>> groups;
        for (const examine::Finding& finding : record.findings) {
            if (!finding.isOutside() || finding.falsePositiveRate.n == 0) continue;
            const std::string reasons = fmt::format("{}", fmt::join(*finding.outside, "; "));
            const auto known = std::find_if(groups.begin(), groups.end(),
                                            [&](const auto& group) { return group.first == reasons; });
            if (known == groups.end())
                groups.push_back({reasons, {finding.model}});
            else
                known->second.push_back(finding.model);
        }
        return groups;
    }

    std::vector<std::string> cells(const std::string& name, const examine::Finding& finding) {
        const bool readable = finding.code && finding.presence == examine::Presence::Present;
        m_readable = m_readable || (readable && !finding.code->checked);
        return {name,
                finding.model,
                examine::answerOf(finding),
                fmt::format("{:.2f}", finding.scoreLogit),
                fmt::format("{:.2f}", finding.threshold),
                assuranceText(finding),
                codeText(finding),
                readable && !finding.code->checked ? fmt::format("{:.3f}", finding.code->confidence) : ""};
    }

    /// Each image counts once, by its leading answer.
    void count(const examine::Record& record) {
        const examine::Finding* leading = examine::leadingFinding(record.findings);
        if (leading == nullptr) return;
        const std::string answer = examine::answerOf(*leading);
        const auto known = std::find_if(m_answers.begin(), m_answers.end(),
                                        [&](const auto& entry) { return entry.first == answer; });
        if (known == m_answers.end())
            m_answers.emplace_back(answer, 1);
        else
            ++known->second;
    }

    Session& m_session;
    const Table m_table;
    bool m_headerShown = false;
    bool m_readable = false;  ///< a code was shown with how surely its bits were read
    int m_examined = 0;
    int m_failed = 0;
    std::vector<std::pair<std::string, int>> m_answers;
};

void run(Session& session, const CheckArguments& arguments) {
    const auto started = std::chrono::steady_clock::now();
    const image::FoundImages found =
        image::findImages(toPaths(arguments.paths), {.recursive = arguments.recursive}, session.stop());
    const std::vector<fs::path>& files = found.files;
    examine::Examiner::Options setup = examinerOptions(session.options());
    setup.keys = keysToReadWith(session, arguments.keys);
    setup.fingerprints = std::make_shared<registry::RegisteredFingerprints>(
        arguments.registry, setup.workspace, session.options().threadCount());
    examine::FilesExaminer filesExaminer(std::move(setup), files.size());
    examine::Examiner& examiner = filesExaminer.examiner();
    examine::FilesToExamine what{files, {}, arguments.frames.all()};
    examine::CheckOptions& options = what.options;
    options.frame = arguments.frames.first();
    options.models = arguments.models.empty() ? examiner.defaultModels() : arguments.models;
    options.tiles = arguments.tiles;
    options.mapsFolder = arguments.mapsFolder;
    if (options.models.empty()) {
        throw Error(ErrorCode::Environment,
                    "no validated model is installed; `signet model list` shows what there is");
    }
    for (const std::string& model : options.models) examiner.loadModel(model);
    if (!arguments.mapsFolder.empty()) createFolder(arguments.mapsFolder);

    if (files.empty()) session.line(kNoImages);
    const bool keyed = std::any_of(options.models.begin(), options.models.end(), [&](const auto& model) {
        return examine::isKeyed(examiner.manifest(model));
    });
    Report report(session, files, options.models, keyed ? examine::kNotReadable.size() : 15);
    filesExaminer.check(what, session.context(), [&](const examine::Record& record) { report.add(record); });
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
    report.finish(session.options(), spent.count());
    reportLeftOut(session, found.leftOut);
    if (!arguments.mapsFolder.empty())
        session.line("Evidence maps are in " + shown(fs::absolute(arguments.mapsFolder)));
}

}  // namespace

void addCheck(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(app, common, "check",
                                  "Look for a signature in images: its presence and the code it carries",
                                  "signet check --recursive --heatmap maps holiday/ scan.png");
    auto arguments = std::make_shared<CheckArguments>();
    addExaminingModels(sub, arguments->models);
    addReadingKeys(sub, arguments->keys);
    addRegistry(sub, arguments->registry);
    sub.add_flag("-r,--recursive", arguments->recursive, "Also the images in sub-folders");
    addFrameOption(sub, arguments->frames,
                   "Of files of several pages (TIFF), pictures (JPEG with MPO, HEIF) or frames (GIF, WebP, "
                   "APNG, JPEG XL): the first, all, or the one of this number; a record each");
    sub.add_flag("--tiles", arguments->tiles, "Also look at overlapping parts of large images (composites)");
    sub.add_option("--heatmap", arguments->mapsFolder,
                   "Folder for an annotated evidence map (PNG) of each image and model");
    sub.add_option("PATH", arguments->paths, "Images, or folders whose images are found by their content")
        ->required();
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
