#include "core/cases/case_store.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/cases/case_store_impl.h"
#include "core/cases/database_url.h"
#include "core/cases/migrations.h"

namespace fs = std::filesystem;

namespace signet::cases {
namespace {

std::vector<Field> infoFields(const CaseInfo& info) {
    return {{"title", info.title},
            {"number", info.number},
            {"examiner", info.examiner},
            {"organisation", info.organisation},
            {"customer", info.customer},
            {"description", info.description},
            {"created_utc", info.createdUtc},
            {"closed", std::int64_t{info.closed}},
            {"fields_json", info.fields.dump()}};
}

void refuseIncomplete(const CaseInfo& info) {
    if (info.title.empty()) throw Error(ErrorCode::BadOption, "a case needs a title");
    if (info.examiner.empty()) throw Error(ErrorCode::BadOption, "a case needs an examiner's name");
}

fs::path folderOf(const std::string& location, const OpenOptions& options, const std::string& recorded) {
    if (!options.folder.empty()) return fs::absolute(options.folder);
    if (dialectOf(location) == Dialect::Sqlite) return fs::absolute(location + ".files");
    return recorded;
}

/// Nothing of a half-made case stays behind.
void removeSqlite(const std::string& location) {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(location + suffix, ignored);
}

}  // namespace

std::string_view toString(WorkState state) {
    switch (state) {
        case WorkState::Waiting:
            return "waiting";
        case WorkState::Running:
            return "running";
        case WorkState::Done:
            return "done";
        case WorkState::Failed:
            return "failed";
    }
    return "waiting";
}

std::string_view toString(FindingStatus status) {
    switch (status) {
        case FindingStatus::Ok:
            return "ok";
        case FindingStatus::ToBeChecked:
            return "to be checked";
        case FindingStatus::Warning:
            return "warning";
    }
    return "to be checked";
}

void CaseStore::create(const std::string& location, const CaseInfo& given, const OpenOptions& options) {
    CaseInfo info = given;
    if (info.examiner.empty()) info.examiner = options.actor;
    refuseIncomplete(info);
    info.createdUtc = utcNow();
    const bool sqlite = dialectOf(location) == Dialect::Sqlite;
    if (!sqlite && options.folder.empty())
        throw Error(ErrorCode::BadOption, "a case on a server needs a folder for its files (--folder)");
    OpenOptions own = options;
    if (own.actor.empty()) own.actor = info.examiner;
    own.readOnly = false;
    Impl impl(location, own, sqlite);
    try {
        if (!sqlite && databaseSchema(impl.database) > 0)
            throw Error(ErrorCode::Exists, "there is a case in this database already: use another one");
        migrate(impl.database, programSchema());
        impl.database.writeAside([&] {
            auto fields = infoFields(info);
            fields.push_back({"id", std::int64_t{1}});
            fields.push_back({"folder", sqlite ? std::string() : fs::absolute(options.folder).string()});
            insertPlain(impl.sql(), "case_info", fields);
            impl.record("case opened", "case_info", 1, {{"title", info.title}});
        });
    } catch (...) {
        if (sqlite) removeSqlite(location);
        throw;
    }
}

CaseStore::CaseStore(const std::string& location, const OpenOptions& options)
    : m_impl(std::make_unique<Impl>(location, options, false)) {
    const int schema = databaseSchema(m_impl->database);
    const int newest = programSchema();
    if (schema == 0)
        throw Error(ErrorCode::NotFound, fmt::format("there is no case in {}; `signet case new` makes one",
                                                     toUtf8(withoutPassword(location))));
    if (schema > newest && !options.readOnly) {
        OpenOptions reading = options;
        reading.readOnly = true;
        m_impl.reset();
        m_impl = std::make_unique<Impl>(location, reading, false);
        m_impl->readOnlyReason = fmt::format(
            "the case was last written by a newer Signet (schema {}, this one knows {}): it is open "
            "read-only",
            schema, newest);
    } else if (schema < newest) {
        if (options.readOnly)
            throw Error(
                ErrorCode::NoPermission,
                fmt::format(
                    "{} has schema {} and must be brought to {} first (a backup is made): open it in the "
                    "desktop, or with `signet case examine`",
                    toUtf8(withoutPassword(location)), schema, newest));
        const std::string backup = migrate(m_impl->database, newest);
        m_impl->database.write([&] {
            appendAudit(m_impl->database, options.actor, "schema changed", "database",
                        {{"from", schema}, {"to", newest}, {"backup", toUtf8(backup)}});
        });
    } else if (options.readOnly) {
        m_impl->readOnlyReason = "the case is open read-only";
    }
    std::string recorded;
    m_impl->database.read([&] {
        recorded.clear();
        eachRow(m_impl->sql(), "SELECT folder FROM case_info", {},
                [&](RowReader& row) { recorded = row.text(); });
    });
    m_impl->folder = folderOf(location, options, recorded);
}

CaseStore::~CaseStore() = default;
CaseStore::CaseStore(CaseStore&&) noexcept = default;

const std::string& CaseStore::location() const {
    return m_impl->database.location();
}
const std::string& CaseStore::actor() const {
    return m_impl->options.actor;
}
void CaseStore::setActor(const std::string& actor) {
    m_impl->options.actor = actor;
}
const fs::path& CaseStore::folder() const {
    return m_impl->folder;
}
bool CaseStore::readOnly() const {
    return m_impl->database.readOnly();
}
const std::string& CaseStore::readOnlyReason() const {
    return m_impl->readOnlyReason;
}

CaseInfo CaseStore::info() {
    CaseInfo info;
    m_impl->database.read([&] {
        eachRow(m_impl->sql(),
                "SELECT title, number, examiner, organisation, customer, description, created_utc, closed, "
                "fields_json FROM case_info",
                {}, [&](RowReader& row) {
                    info.title = row.text();
                    info.number = row.text();
                    info.examiner = row.text();
                    info.organisation = row.text();
                    info.customer = row.text();
                    info.description = row.text();
                    info.createdUtc = row.text();
                    info.closed = row.integer() != 0;
                    info.fields = row.json();
                });
    });
    return info;
}

void CaseStore::setInfo(const CaseInfo& info) {
    refuseIncomplete(info);
    m_impl->database.write([&] {
        updateRows(m_impl->sql(), "case_info", infoFields(info), "id = 1", {});
        m_impl->record("case properties changed", "case_info", 1);
    });
}

void CaseStore::Impl::custody(RowId evidence, const std::string& action, const std::string& details) {
    const RowId id = insertRow(sql(), "custody_event",
                               {{"evidence_id", evidence},
                                {"utc", utcNow()},
                                {"actor", options.actor},
                                {"action", action},
                                {"details", details}});
    record("custody", "custody_event", id, {{"evidence", evidence}, {"action", action}});
}

std::set<std::string> CaseStore::actors() {
    std::set<std::string> actors;
    m_impl->database.read([&] {
        actors.clear();
        eachRow(m_impl->sql(),
                "SELECT received_by FROM evidence UNION SELECT examiner FROM examination UNION SELECT author "
                "FROM finding WHERE params_json NOT LIKE '%\"integrity\"%'",
                {}, [&](RowReader& row) { actors.insert(row.text()); });
    });
    return actors;
}

AuditEntry CaseStore::head() {
    AuditEntry entry;
    m_impl->database.read([&] { entry = auditHead(m_impl->database); });
    return entry;
}

std::vector<AuditEntry> CaseStore::audit(std::int64_t first, std::int64_t count) {
    std::vector<AuditEntry> entries;
    m_impl->database.read([&] {
        entries.clear();
        eachAudit(m_impl->database, first, count, [&](const AuditEntry& entry) { entries.push_back(entry); });
    });
    return entries;
}

void CaseStore::note(const std::string& action, const std::string& subject, const Json& details) {
    m_impl->database.write(
        [&] { appendAudit(m_impl->database, m_impl->options.actor, action, subject, details); });
}

void CaseStore::recordReport(IssuedReport& report) {
    m_impl->database.write([&] {
        const auto next =
            static_cast<int>(oneNumber(m_impl->sql(), "SELECT COALESCE(MAX(version), 0) + 1 FROM report"));
        if (report.version == 0) report.version = next;
        if (report.version != next)
            throw Error(
                ErrorCode::Exists,
                fmt::format("another report was issued meanwhile: this one would be version {}", next));
        report.createdUtc = utcNow();
        report.author = m_impl->options.actor;
        if (report.auditHead.empty()) report.auditHead = auditHead(m_impl->database).hash;
        report.id = insertRow(m_impl->sql(), "report",
                              {{"version", std::int64_t{report.version}},
                               {"supersedes", std::int64_t{report.supersedes}},
                               {"format", report.format},
                               {"path", report.path},
                               {"sha256", report.sha256},
                               {"status", report.status},
                               {"created_utc", report.createdUtc},
                               {"author", report.author},
                               {"audit_head", report.auditHead}});
        m_impl->record("report issued", "report", report.id,
                       {{"version", report.version}, {"status", report.status}, {"sha256", report.sha256}});
    });
}

std::vector<IssuedReport> CaseStore::reports() {
    std::vector<IssuedReport> reports;
    m_impl->database.read([&] {
        reports.clear();
        eachRow(
            m_impl->sql(),
            "SELECT id, version, supersedes, format, path, sha256, status, created_utc, author, audit_head "
            "FROM report ORDER BY id",
            {}, [&](RowReader& row) {
                IssuedReport r;
                r.id = row.integer();
                r.version = static_cast<int>(row.integer());
                r.supersedes = static_cast<int>(row.integer());
                r.format = row.text();
                r.path = row.text();
                r.sha256 = row.text();
                r.status = row.text();
                r.createdUtc = row.text();
                r.author = row.text();
                r.auditHead = row.text();
                reports.push_back(std::move(r));
            });
    });
    return reports;
}

}  // namespace signet::cases
