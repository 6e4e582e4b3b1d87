#include "tests/core/case_store_fixture.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <QtTest>
#include <fstream>

#include "core/base/file_io.h"
#include "core/cases/intake.h"

namespace fs = std::filesystem;

namespace signet::tests {

using namespace signet::cases;

void CaseStoreTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_location.clear();
}

void CaseStoreTest::cleanup() {
    // Not QTemporaryDir's own way: it cannot name files whose names are no UTF-8.
    std::error_code ignored;
    fs::remove_all(m_folder->path().toStdString(), ignored);
}

void CaseStoreTest::backends() {
    QTest::addColumn<bool>("server");
    QTest::newRow("sqlite") << false;
    QTest::newRow("postgresql") << true;
}

OpenOptions CaseStoreTest::options() const {
    OpenOptions options;
    options.actor = "Ada";
    options.folder = m_folder->filePath("files").toStdString();
    return options;
}

void CaseStoreTest::create() {
    CaseInfo info;
    info.title = "Test";
    info.examiner = "Ada";
    CaseStore::create(m_location, info, options());
}

bool CaseStoreTest::open() {
    QFETCH(bool, server);
    return open(server);
}
bool CaseStoreTest::open(bool server) {
    if (server && !m_server) return false;
    m_location = server ? m_server->newDatabase() : m_folder->filePath("case.db").toStdString();
    create();
    return true;
}

bool CaseStoreTest::openOld(int schema) {
    QFETCH(bool, server);
    if (server && !m_server) return false;
    const std::string data = qEnvironmentVariable("SIGNET_SOURCE_DIR").toStdString() +
                             "/tests/data/cases/schema-" + std::to_string(schema);
    if (server) {
        m_location = m_server->newDatabase();
        m_server->execute(m_location, readTextFile(data + ".postgresql.sql"));
    } else {
        m_location = m_folder->filePath("old.case").toStdString();
        fs::copy_file(data + ".case", m_location);
    }
    return true;
}

std::unique_ptr<soci::session> CaseStoreTest::pastTheProgram() const {
    if (m_location.starts_with("postgresql"))
        return std::make_unique<soci::session>(soci::postgresql, m_server->pairs(m_location));
    return std::make_unique<soci::session>(soci::sqlite3, "dbname=" + m_location);
}

void CaseStoreTest::execute(const QString& statements) const {
    const auto session = pastTheProgram();
    for (const QString& statement : statements.split(';', Qt::SkipEmptyParts))
        *session << statement.toStdString();
}

void CaseStoreTest::dropTriggers() const {
    const bool server = m_location.starts_with("postgresql");
    const auto session = pastTheProgram();
    std::vector<std::string> names(100), tables(100);
    *session << (server ? "SELECT DISTINCT CAST(trigger_name AS TEXT), CAST(event_object_table AS TEXT) FROM "
                          "information_schema.triggers"
                        : "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"),
        soci::into(names), soci::into(tables);
    for (std::size_t i = 0; i < names.size(); ++i)
        *session << "DROP TRIGGER " + names[i] + (server ? " ON " + tables[i] : "");
    // Not listed in information_schema: a trigger for TRUNCATE.
    if (server) *session << "DROP TRIGGER IF EXISTS audit_stays ON audit";
    if (server) *session << "ALTER TABLE evidence DISABLE TRIGGER ALL";
}

fs::path CaseStoreTest::write(const std::string& name, const std::string& content) const {
    fs::path path = fs::path(m_folder->path().toStdString()) / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

void CaseStoreTest::add(CaseStore& store, int count) const {
    for (int i = 1; i <= count; ++i)
        takeIn(store, write("exhibit " + std::to_string(i) + ".jpg", "exhibit " + std::to_string(i)), {});
}

std::string hostileText() {
    return "O'Brien\"; DROP TABLE evidence; -- \\ %s :key1 ?1 $1\t\x01\x1b[31m\n\u202egpj.exe\u202c "
           "<script>\u00e4\u4e2d " +
           std::string(10'000, 'x');
}

Examination examinationOf(const Exhibit& exhibit, bool done) {
    Examination x;
    x.exhibit = exhibit.id;
    x.method = "signature detection";
    x.methodVersion = "test";
    x.startedUtc = "2026-11-24T00:00:00.000Z";
    x.done = done;
    x.problem = done ? "" : "the file is no image";
    if (done) {
        examine::Finding finding;
        finding.model = "photo-code32";
        finding.scoreLogit = 12.345678901234567;
        finding.threshold = finding.lowerThreshold = 7.1;
        finding.presence = examine::Presence::Present;
        finding.code = examine::CodeReading{
            .hex = "deadbeef", .bits = 32, .bitLogits = {}, .bitConfidence = {}, .confidence = 0.99};
        x.record.findings = {finding};
    }
    return x;
}

}  // namespace signet::tests

#include "moc_case_store_fixture.cpp"
