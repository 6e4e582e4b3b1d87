#include "core/cases/case_store.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/cases/case_connection.h"
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

void CaseStore::create(const std::string& location, const CaseInfo& given, const OpenOptions& options) {
    CaseInfo info = given;
    if (info.examiner.empty()) info.examiner = options.actor;
    refuseIncomplete(info);
    info.createdUtc = utcNow();
    const bool sqlite = dialectOf(location) == Dialect::Sqlite;
    if (!sqlite && options.folder.empty())
        throw Error(ErrorCode::BadOption, "a case on a server needs a folder for its files (--folder)");
    CaseConnection connection(location, false, sqlite, options.patienceSeconds,
                              options.actor.empty() ? info.examiner : options.actor);
    try {
        if (!sqlite && databaseSchema(connection.database) > 0)
            throw Error(ErrorCode::Exists, "there is a case in this database already: use another one");
        migrate(connection.database, programSchema());
        connection.database.writeAside([&] {
            auto fields = infoFields(info);
            fields.push_back({"id", std::int64_t{1}});
            fields.push_back({"folder", sqlite ? std::string() : fs::absolute(options.folder).string()});
            insertPlain(connection.sql(), "case_info", fields);
            connection.record("case opened", "case_info", 1, {{"title", info.title}});
        });
    } catch (...) {
        if (sqlite) removeSqlite(location);
        throw;
    }
}

CaseStore::CaseStore(const std::string& location, const OpenOptions& options)
    : m_connection(std::make_unique<CaseConnection>(location, options.readOnly, false,
                                                    options.patienceSeconds, options.actor)) {
    const int schema = databaseSchema(m_connection->database);
    const int newest = programSchema();
    if (schema == 0)
        throw Error(ErrorCode::NotFound, fmt::format("there is no case in {}; `signet case new` makes one",
                                                     toUtf8(withoutPassword(location))));
    if (schema > newest && !options.readOnly) {
        m_connection.reset();
        m_connection =
            std::make_unique<CaseConnection>(location, true, false, options.patienceSeconds, options.actor);
        m_connection->readOnlyReason = fmt::format(
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
        const std::string backup = migrate(m_connection->database, newest);
        m_connection->database.write([&] {
            appendAudit(m_connection->database, options.actor, "schema changed", "database",
                        {{"from", schema}, {"to", newest}, {"backup", toUtf8(backup)}});
        });
    } else if (options.readOnly) {
        m_connection->readOnlyReason = "the case is open read-only";
    }
    std::string recorded;
    m_connection->database.read([&] {
        recorded.clear();
        eachRow(m_connection->sql(), "SELECT folder FROM case_info", {},
                [&](RowReader& row) { recorded = row.text(); });
    });
    m_connection->folder = folderOf(location, options, recorded);
}

CaseStore::~CaseStore() = default;
CaseStore::CaseStore(CaseStore&&) noexcept = default;

const std::string& CaseStore::location() const {
    return m_connection->database.location();
}
const std::string& CaseStore::actor() const {
    return m_connection->actor;
}
void CaseStore::setActor(const std::string& actor) {
    m_connection->actor = actor;
}
const fs::path& CaseStore::folder() const {
    return m_connection->folder;
}
bool CaseStore::readOnly() const {
    return m_connection->database.readOnly();
}
const std::string& CaseStore::readOnlyReason() const {
    return m_connection->readOnlyReason;
}

CaseInfo CaseStore::info() {
    CaseInfo info;
    m_connection->database.read([&] {
        eachRow(m_connection->sql(),
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
    m_connection->database.write([&] {
        updateRows(m_connection->sql(), "case_info", infoFields(info), "id = 1", {});
        m_connection->record("case properties changed", "case_info", 1);
    });
}

void CaseStore::write(const std::function<void()>& body) {
    m_connection->database.write(body);
}

}  // namespace signet::cases
