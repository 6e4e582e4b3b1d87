#include "core/cases/verify.h"

#include <fmt/format.h>

#include <map>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/cases/case_connection.h"
#include "core/cases/case_files.h"

namespace signet::cases {
namespace {

/// "2026-11-28 14:20:11 UTC".
std::string shownUtc(const std::string& utc) {
    std::string text = utc.substr(0, 19);
    if (text.size() > 10) text[10] = ' ';
    return text + " UTC";
}

std::string restoredText(const Finding& mismatch) {
    return fmt::format("was not what was taken in when it was checked on {}; is now as recorded",
                       shownUtc(mismatch.createdUtc));
}

class Verifier {
public:
    Verifier(CaseStore& store, const VerifyOptions& options, const WorkContext& context)
        : m_store(store), m_options(options), m_context(context) {}

    Verification run() {
        m_store.connection().database.read([&] {
            ChainCheck chain =
                checkChain(m_store.connection().database, recordedTables(), m_options.expectedHead);
            m_result = {};
            m_result.problems = std::move(chain.problems);
            m_result.auditEntries = chain.auditEntries;
            m_result.rows = chain.rows;
            m_result.head = std::move(chain.head);
        });
        if (m_options.files) {
            checkExhibits();
            checkArtifacts();
            checkFolder(m_store, m_result);
        }
        return std::move(m_result);
    }

private:
    void problem(const std::string& kind, const std::string& subject, const std::string& message) {
        m_result.problems.push_back({kind, subject, message});
    }

    void checkExhibits() {
        const std::vector<Exhibit> all = m_store.exhibits().all();
        std::map<RowId, Finding> mismatches;  // the first of each
        for (const Finding& finding : m_store.findings().all())
            if (isOpenMismatch(finding)) mismatches.emplace(finding.exhibit, finding);
        for (std::size_t i = 0; i < all.size(); ++i) {
            stopIfAsked();
            m_context.report(i, all.size(), "hashing exhibits");
            ++m_result.exhibitFiles;
            const std::string subject = fmt::format("evidence:{}", all[i].id);
            const bool fits =
                checkFile("evidence", subject, m_store.exhibits().fileOf(all[i]), all[i].sha256);
            const auto earlier = mismatches.find(all[i].id);
            if (fits && earlier != mismatches.end())
                m_result.history.push_back({"evidence", subject, restoredText(earlier->second)});
        }
    }

    void checkArtifacts() {
        const std::vector<Artifact> all = m_store.results().artifacts();
        for (std::size_t i = 0; i < all.size(); ++i) {
            stopIfAsked();
            m_context.report(i, all.size(), "hashing artifacts");
            ++m_result.artifacts;
            checkFile("artifact", fmt::format("artifact:{}", all[i].id), m_store.folder() / all[i].path,
                      all[i].sha256);
        }
    }

    bool checkFile(const std::string& kind, const std::string& subject, const std::filesystem::path& path,
                   const std::string& sha256) {
        const std::string found = fileProblem(path, sha256);
        if (!found.empty()) problem(kind, subject, found);
        return found.empty();
    }

    void stopIfAsked() const {
        if (m_context.stop.stop_requested())
            throw Error(ErrorCode::Cancelled, "the verification was stopped");
    }

    CaseStore& m_store;
    const VerifyOptions& m_options;
    const WorkContext& m_context;
    Verification m_result;
};

}  // namespace

std::string fileProblem(const std::filesystem::path& path, const std::string& sha256) {
    try {
        const std::string now = hashFile(path).sha256;
        if (now == sha256) return {};
        return fmt::format("{} has SHA-256 {} now, {} was recorded", toUtf8(path.string()), now, sha256);
    } catch (const Error& error) {
        return error.what();
    }
}

Verification verify(CaseStore& store, const VerifyOptions& options, const WorkContext& context) {
    return Verifier(store, options, context).run();
}

void recordMismatch(CaseStore& store, RowId exhibit, const std::string& problem) {
    for (const Finding& finding : store.findings().of(exhibit))
        if (isOpenMismatch(finding) && finding.comment == problem) return;
    Finding finding;
    finding.exhibit = exhibit;
    finding.status = FindingStatus::Warning;
    finding.comment = problem;
    finding.params = {{"integrity", true}};
    store.findings().save(finding);
    store.custody().add(exhibit, "verification failed", problem);
}

bool isOpenMismatch(const Finding& finding) {
    return finding.params.is_object() && finding.params.contains("integrity") &&
           finding.params.at("integrity") == true && !finding.params.contains("restored_utc");
}

void recordRestored(CaseStore& store, RowId exhibit) {
    for (Finding& finding : store.findings().of(exhibit)) {
        if (!isOpenMismatch(finding)) continue;
        const std::string restored = restoredText(finding);
        finding.status = FindingStatus::ToBeChecked;
        finding.comment = fmt::format("The file {}. What was found: {}", restored, finding.comment);
        finding.params["restored_utc"] = utcNow();
        store.findings().save(finding);
        store.custody().add(exhibit, "verified", "the file " + restored);
    }
}

std::string verifyExhibit(CaseStore& store, const Exhibit& exhibit) {
    std::string problem = fileProblem(store.exhibits().fileOf(exhibit), exhibit.sha256);
    if (store.readOnly()) return problem;
    if (problem.empty())
        recordRestored(store, exhibit.id);
    else
        recordMismatch(store, exhibit.id, problem);
    return problem;
}

}  // namespace signet::cases
