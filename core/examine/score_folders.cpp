#include "core/examine/score_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/examine/examine_files.h"
#include "core/examine/examiner_impl.h"
#include "core/image/find_images.h"

namespace fs = std::filesystem;

namespace signet::examine {
namespace {

struct Candidate {
    fs::path path;
    bool isSigned = false;
    std::string sha256;
};

std::vector<fs::path> imagesIn(const fs::path& folder, FolderScores& out) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        throw Error(ErrorCode::NotFound, fmt::format("the folder is not there: {}", toUtf8(folder.string())));
    }
    image::FoundImages found = image::findImages({folder}, {.recursive = true});
    out.leftOut.insert(out.leftOut.end(), found.leftOut.begin(), found.leftOut.end());
    if (found.files.empty()) {
        throw Error(ErrorCode::NotFound,
                    fmt::format("the folder has no image in it: {}", toUtf8(folder.string())));
    }
    return std::move(found.files);
}

bool isInside(const fs::path& inner, const fs::path& outer) {
    const fs::path way = inner.lexically_relative(outer);
    return !way.empty() && *way.begin() != "..";
}

void refuseNested(const ScoreFoldersOptions& options) {
    const fs::path a = fs::weakly_canonical(options.signedFolder / ".");
    const fs::path b = fs::weakly_canonical(options.unsignedFolder / ".");
    if (isInside(a, b) || isInside(b, a)) {
        throw Error(ErrorCode::BadOption, "the two folders are the same, or one lies inside the other");
    }
}

/// Signed and unsigned files in turn, so that a stop leaves both kinds, each with its share.
std::vector<Candidate> inTurn(const std::vector<fs::path>& marked, const std::vector<fs::path>& plain) {
    std::vector<Candidate> all;
    all.reserve(marked.size() + plain.size());
    for (std::size_t s = 0, u = 0; s < marked.size() || u < plain.size();) {
        const bool takeSigned =
            u == plain.size() || (s < marked.size() && s * plain.size() <= u * marked.size());
        all.push_back({takeSigned ? marked[s++] : plain[u++], takeSigned, {}});
    }
    return all;
}

/// Hashes all files and gives those to be measured.
std::vector<Candidate> distinct(std::vector<Candidate> all, FolderScores& out, const WorkContext& context) {
    std::map<std::string, int> kinds;  // 1 seen signed, 2 seen unsigned
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (context.stop.stop_requested()) {
            out.complete = false;
            return {};
        }
        context.report(i, all.size(), "reading");
        try {
            all[i].sha256 = hashFile(all[i].path).sha256;
            kinds[all[i].sha256] |= all[i].isSigned ? 1 : 2;
        } catch (const std::exception& error) {
            out.unscored.push_back({all[i].path, all[i].isSigned, failureOf(error)});
        }
    }
    std::vector<Candidate> kept;
    std::map<std::string, bool> taken;
    for (Candidate& file : all) {
        if (file.sha256.empty()) continue;
        if (kinds[file.sha256] == 3) {
            out.unscored.push_back(
                {file.path,
                 file.isSigned,
                 {"bad_option", "the same file lies in the other folder too: its label is not known"}});
        } else if (std::exchange(taken[file.sha256], true)) {
            ++out.duplicates;
        } else {
            kept.push_back(std::move(file));
        }
    }
    return kept;
}

void addScores(const Candidate& file, const Record& record, FolderScores& out) {
    const auto leaveOut = [&](Record::Failure why) {
        out.unscored.push_back({file.path, file.isSigned, std::move(why)});
    };
    if (record.error) return leaveOut(*record.error);
    if (record.findings.size() != out.models.size())
        return leaveOut({"internal", "not every model gave a score"});
    if (record.sha256 != file.sha256) return leaveOut({"hash_mismatch", "the file changed meanwhile"});
    ScoredFile scored{file.path, record.sha256, file.isSigned, std::min(record.width, record.height), {}};
    if (out.modelSha256.empty()) {
        for (const Finding& finding : record.findings) {
            out.modelSha256.push_back(finding.modelSha256);
            out.words.push_back(claimOf(finding).sets);
        }
    }
    for (const Finding& finding : record.findings) scored.scores.push_back(finding.scoreLogit);
    out.files.push_back(std::move(scored));
}

std::string identityOf(const std::vector<ScoredFile>& files) {
    std::vector<std::string> lines;
    lines.reserve(files.size());
    for (const ScoredFile& file : files)
        lines.push_back(file.sha256 + (file.isSigned ? " signed\n" : " unsigned\n"));
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines) text += line;
    return sha256Hex(text);
}

}  // namespace

int FolderScores::count(bool isSigned) const {
    return static_cast<int>(std::count_if(files.begin(), files.end(), [isSigned](const ScoredFile& file) {
        return file.isSigned == isSigned;
    }));
}

int FolderScores::countInTraining(const models::TrainingList& list) const {
    return static_cast<int>(std::count_if(files.begin(), files.end(), [&](const ScoredFile& file) {
        return list.knows({file.sha256, {}, {}});
    }));
}

MeasuredScores FolderScores::scoresOf(std::size_t model) const {
    MeasuredScores out;
    out.setSha256 = setSha256;
    for (const ScoredFile& file : files) {
        (file.isSigned ? out.signedScores : out.unsignedScores)
            .push_back(static_cast<float>(file.scores.at(model)));
        out.side = out.side == 0 ? file.shortSide : std::min(out.side, file.shortSide);
    }
    return out;
}

FolderScores scoreFolders(const ScoreFoldersOptions& options, const ExamineFile& examineFile,
                          const WorkContext& context) {
    if (options.models.empty()) throw Error(ErrorCode::BadOption, "no model is chosen to measure with");
    FolderScores out;
    const std::vector<fs::path> marked = imagesIn(options.signedFolder, out);
    const std::vector<fs::path> plain = imagesIn(options.unsignedFolder, out);
    refuseNested(options);
    out.models = options.models;
    const std::vector<Candidate> files = distinct(inTurn(marked, plain), out, context);
    FilesToExamine what;
    what.options.models = options.models;
    for (const Candidate& file : files) what.files.push_back(file.path);
    std::size_t measured = 0;
    examineFiles(
        what, options.atOnce,
        [&](const fs::path& path, const CheckOptions& check, const WorkContext& inner) {
            return examineFile(path, check.models, inner);
        },
        {context.stop, [&](std::uint64_t done, std::uint64_t total,
                           const std::string&) { context.report(done, total, "measuring"); }},
        [&](const Record& record) { addScores(files[measured++], record, out); });
    if (measured < files.size()) out.complete = false;
    if (out.complete) context.report(files.size(), files.size(), "measuring");
    out.setSha256 = identityOf(out.files);
    return out;
}

ExamineFile examineWith(Examiner& examiner) {
    return [&examiner](const fs::path& path, const std::vector<std::string>& models,
                       const WorkContext& context) {
        CheckOptions options;
        options.models = models;
        return examiner.check(path, options, context);
    };
}

}  // namespace signet::examine
