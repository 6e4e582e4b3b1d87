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
            m_result = {};
            m_recorded.clear();
            checkPages();
            checkChain();
            checkRows();
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

    /// SQLite's own check of the file's pages and indexes.
    void checkPages() {
        if (m_store.connection().database.dialect() != Dialect::Sqlite) return;
        eachRow(m_store.connection().sql(), "PRAGMA integrity_check(5)", {}, [&](RowReader& row) {
            const std::string text = row.text();
            if (text != "ok") problem("database", "database", "the file is damaged: " + text);
        });
    }

    void checkChain() {
        std::string previous = kNoPreviousHash;
        std::int64_t expected = 1;
        bool seen = m_options.expectedHead.empty();
        eachAudit(m_store.connection().database, 0, 0, [&](const AuditEntry& entry) {
            const std::string subject = fmt::format("audit:{}", entry.seq);
            if (entry.seq != expected) {
                problem("audit", fmt::format("audit:{}", expected),
                        fmt::format("entry {} is missing from the audit log", expected));
            } else if (entry.previousHash != previous) {
                problem("audit", subject, "the entry does not follow the one before it");
            }
            if (hashOf(entry) != entry.hash)
                problem("audit", subject, "the entry was changed after it was written");
            expected = entry.seq + 1;
            previous = entry.hash;
            seen = seen || entry.hash == m_options.expectedHead;
            ++m_result.auditEntries;
            remember(entry);
        });
        m_result.head = previous;
        if (!seen)
            problem("audit", "audit",
                    fmt::format(
                        "the head {} of an earlier report is not in the audit log: entries were taken away "
                        "or the case was put back to an earlier state",
                        m_options.expectedHead));
    }

    /// The digest a row must have by the last entry about it, made with the table's name in that entry.
    void remember(const AuditEntry& entry) {
        const Json details = Json::parse(entry.details, nullptr, false);
        const auto digest = details.is_object() ? details.find("row_sha256") : details.end();
        if (details.is_object() && digest != details.end() && digest->is_string())
            m_recorded[subjectNow(entry.subject)] = {entry.subject.substr(0, entry.subject.find(':')),
                                                     digest->get<std::string>()};
    }

    void checkRows() {
        for (const RecordedTable& table : recordedTables()) {
            eachRecorded(m_store.connection().sql(), table, 0, [&](const RecordedRow& row) {
                const std::string subject = fmt::format("{}:{}", table.name, row.id);
                ++m_result.rows;
                const auto recorded = m_recorded.find(subject);
                if (recorded == m_recorded.end()) {
                    problem("row", subject,
                            "the audit log knows nothing of this row: it was added past the program, "
                            "or the end of the audit log was taken away");
                    return;
                }
                if (recorded->second.digest != row.digest(recorded->second.table))
                    problem("row", subject, "the row was changed past the program");
                m_recorded.erase(recorded);
            });
        }
        for (const auto& [subject, recorded] : m_recorded)
            problem("row", subject, "the audit log tells of this row, but it is gone");
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
    struct Recorded {
        std::string table;
        std::string digest;
    };
    std::map<std::string, Recorded> m_recorded;  ///< by the row's subject
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
