#include <zip.h>
#include <QProcess>
#include <QStandardPaths>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/report/archive.h"
#include "core/report/portable_export.h"
#include "support/case_folder.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

std::string problemsOf(const ExportVerification& v) {
    std::string text;
    for (const auto& p : v.problems) text += p.kind + " " + p.subject + ": " + p.message + "\n";
    return text;
}

void writeZip(const std::string& path, const std::vector<std::pair<std::string, std::string>>& files) {
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [name, text] : files) {
        zip_source_t* source = zip_source_buffer(zip, text.data(), text.size(), 0);
        zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    }
    zip_close(zip);
}

}  // namespace

/// Exports of real cases, and what is found when they are tampered with.
class TestPortableExport : public QObject, protected CaseFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
        m_case->addPicture("front.jpg", 1);
        m_case->addPicture("evil name\u202E<b>.png", 2);
        m_case->addPicture("third.png", 3);
        for (int i = 0; i < 3; ++i) m_case->examine({CaseBuilder::finding("photo-presence", 10 - 12 * i)});
        cases::Tag tag;
        tag.name = "court";
        m_case->store().tags().save(tag);
        m_case->store().tags().set(1, tag.id, true);
        m_case->store().tags().set(2, tag.id, true);
    }

    void whole_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("folder") << "out";
        QTest::newRow("zip") << "out.zip";
    }
    void whole() {
        QFETCH(QString, name);
        const std::string path = at(name.toStdString());
        const ExportResult result = exportCase(m_case->store(), path, {}, {}, {});
        QCOMPARE(result.exhibits, 3);
        QVERIFY(result.omitted.empty());
        QVERIFY(isExport(path) && !isExport(m_case->location()));
        const ExportVerification v = verifyExport(path, result.manifestSha256, {});
        QVERIFY2(v.ok(), problemsOf(v).c_str());
        QCOMPARE(v.exhibitFiles, 3);
        QCOMPARE(v.artifacts, 3);
        QVERIFY(v.auditEntries > 10);
        QCOMPARE(v.files, result.files - 1);  // all but the manifest
        QCOMPARE(q(v.manifestSha256), q(result.manifestSha256));
        QVERIFY(verifyExport(path, {}, {}).ok());
        const auto archive = ArchiveReader::open(path);
        for (const char* file : {"README.txt", "SHA256SUMS", "case.json", "report.html", "report.json",
                                 "manifest.json", "evidence/000001-front.jpg"})
            QVERIFY2(!archive->readText(file, 64 << 20).empty(), file);
        // the bytes are the exhibit's
        QCOMPARE(q(sha256Hex(archive->readText("evidence/000001-front.jpg", 64 << 20))),
                 q(m_case->store().exhibits().byId(1).sha256));
        bool noted = false;
        for (const auto& event : m_case->store().custody().of(2)) noted = noted || event.action == "exported";
        QVERIFY(noted);
        QCOMPARE(q(m_case->store().audit().entries().back().action), QString("custody"));
        QVERIFY(fs::exists(path));
        for (const auto& entry : fs::directory_iterator(m_folder->path().toStdString()))
            QVERIFY2(!entry.path().filename().string().starts_with('.'), entry.path().c_str());
    }

    /// sha256sum alone can verify it.
    void withoutThisProgram() {
        if (QStandardPaths::findExecutable("sha256sum").isEmpty()) QSKIP("no sha256sum");
        const ExportResult result = exportCase(m_case->store(), at("out"), {}, {}, {});
        QProcess sums;
        sums.setWorkingDirectory(q(at("out")));
        sums.start("sha256sum", {"--strict", "-c", "SHA256SUMS"});
        QVERIFY(sums.waitForFinished());
        QVERIFY2(sums.exitCode() == 0, sums.readAll().constData());
        sums.start("sha256sum", {"manifest.json"});
        QVERIFY(sums.waitForFinished());
        QVERIFY(sums.readAll().startsWith(result.manifestSha256.c_str()));
    }

    void taggedPart() {
        ExportOptions options;
        options.tags = {"court"};
        const ExportResult result = exportCase(m_case->store(), at("part.zip"), options, {}, {});
        QCOMPARE(result.exhibits, 2);
        const ExportVerification v = verifyExport(at("part.zip"), result.manifestSha256, {});
        QVERIFY2(v.ok(), problemsOf(v).c_str());
        QCOMPARE(v.exhibitFiles, 2);
        QCOMPARE(v.auditEntries, 0);  // it tells of the third exhibit
        QCOMPARE(v.head.size(), std::size_t{64});
        const auto archive = ArchiveReader::open(at("part.zip"));
        for (const std::string& name : archive->names()) {
            if (name.find("evidence/") == 0) QVERIFY(name.find("third") == std::string::npos);
            if (name.ends_with(".json") || name.ends_with(".html"))
                QVERIFY2(archive->readText(name, 64 << 20).find(m_case->store().exhibits().byId(3).sha256) ==
                             std::string::npos,
                         name.c_str());
        }
        options.audit = true;
        QVERIFY(verifyExport(at("full.zip"),
                             exportCase(m_case->store(), at("full.zip"), options, {}, {}).manifestSha256, {})
                    .auditEntries > 10);
        options.tags = {"nothing"};
        QVERIFY(
            errorOf([&] { exportCase(m_case->store(), at("x"), options, {}, {}); }).startsWith("not_found"));
    }

    void alteredExhibitIsLeftOut() {
        const fs::path copy = m_case->store().exhibits().fileOf(m_case->store().exhibits().byId(2));
        fs::permissions(copy, fs::perms::owner_all);
        writeFileAtomically(copy, std::string("other"), IfExists::Replace);
        const ExportResult result = exportCase(m_case->store(), at("out"), {}, {}, {});
        QCOMPARE(result.omitted.size(), std::size_t{1});
        QVERIFY(q(result.omitted[0]).startsWith("exhibit 2"));
        QVERIFY(verifyExport(at("out"), result.manifestSha256, {}).ok());
    }

    void tampering_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("byte of an exhibit") << "flip"
                                            << "file evidence/000001-front.jpg: the file has SHA-256";
        QTest::newRow("exhibit cut") << "cut"
                                     << "does not have its";
        QTest::newRow("exhibit longer") << "longer"
                                        << "does not have its";
        QTest::newRow("file gone") << "remove"
                                   << "file report.html: the file is missing";
        QTest::newRow("file added") << "add"
                                    << "file evidence/more.jpg: the file is not in the manifest";
        QTest::newRow("link instead of a file") << "link"
                                                << "is not a plain file";
        QTest::newRow("linked folder") << "folder link"
                                       << "file evidence: the file is not in the manifest";
        QTest::newRow("manifest changed") << "manifest"
                                          << "it is not the export that was made";
        QTest::newRow("manifest gone") << "no manifest"
                                       << "manifest manifest.json";
        QTest::newRow("manifest no JSON") << "broken"
                                          << "not the manifest of a Signet export";
        QTest::newRow("name leads out") << "escape"
                                        << "an entry is not valid";
        QTest::newRow("everything swapped") << "consistent"
                                            << "it is not the export that was made";
        QTest::newRow("records of another exhibit") << "records"
                                                    << "has another SHA-256 than the records give";
        QTest::newRow("audit entry changed") << "audit"
                                             << "the entry was changed after it was written";
        QTest::newRow("audit tail cut") << "tail"
                                        << "does not end at the head";
    }
    void tampering() {
        QFETCH(QString, what);
        QFETCH(QString, says);
        const fs::path out = at("out");
        const ExportResult result = exportCase(m_case->store(), out, {}, {}, {});
        const fs::path exhibit = out / "evidence/000001-front.jpg";
        std::string manifest = readTextFile(out / "manifest.json");
        const auto put = [](const fs::path& path, const std::string& text) {
            writeFileAtomically(path, text, IfExists::Replace);
        };
        std::string records = readTextFile(out / "case.json");
        const auto putRecords = [&](const std::string& now) {  // with a manifest that fits
            const std::string before = sha256Hex(records);
            put(out / "case.json", now);
            manifest.replace(manifest.find(before), 64, sha256Hex(now));
            Json json = Json::parse(manifest);
            for (Json& file : json["files"])
                if (file["path"] == "case.json") file["bytes"] = now.size();
            put(out / "manifest.json", json.dump());
        };
        std::string bytes = readTextFile(exhibit);
        if (what == "flip") {
            bytes[bytes.size() / 2] ^= 1;
            put(exhibit, bytes);
        } else if (what == "cut") {
            put(exhibit, bytes.substr(0, bytes.size() - 1));
        } else if (what == "longer") {
            put(exhibit, bytes + "x");
        } else if (what == "remove") {
            fs::remove(out / "report.html");
        } else if (what == "add") {
            put(out / "evidence/more.jpg", "x");
        } else if (what == "link") {
            fs::rename(exhibit, at("elsewhere.jpg"));
            fs::create_symlink(at("elsewhere.jpg"), exhibit);
        } else if (what == "folder link") {
            fs::rename(out / "evidence", at("elsewhere"));
            fs::create_symlink(at("elsewhere"), out / "evidence");
        } else if (what == "manifest") {
            put(out / "manifest.json", manifest + " ");
        } else if (what == "no manifest") {
            fs::remove(out / "manifest.json");
        } else if (what == "broken") {
            put(out / "manifest.json", "{");
        } else if (what == "escape") {
            Json json = Json::parse(manifest);
            json["files"].push_back(
                {{"path", "../case/case.signet"}, {"bytes", 1}, {"sha256", std::string(64, 'a')}});
            put(out / "manifest.json", json.dump());
        } else if (what == "consistent") {
            put(exhibit, "another picture");
            Json json = Json::parse(manifest);
            for (Json& file : json["files"]) {
                if (file["path"] != "evidence/000001-front.jpg") continue;
                file["bytes"] = 15;
                file["sha256"] = sha256Hex(std::string_view("another picture"));
            }
            put(out / "manifest.json", json.dump());
        } else {
            Json json = Json::parse(records);
            if (what == "records") json["exhibits"][0]["sha256"] = std::string(64, 'b');
            if (what == "audit") json["audit"][3]["actor"] = "Somebody else";
            if (what == "tail") json["audit"].erase(json["audit"].size() - 1);
            putRecords(json.dump());
        }
        const ExportVerification v = verifyExport(out, result.manifestSha256, {});
        QVERIFY(!v.ok());
        QVERIFY2(q(problemsOf(v)).contains(says), problemsOf(v).c_str());
    }

    /// A zip file of any content gives problems, never a crash, and nothing is written.
    void hostileZips() {
        const Json manifest{{"format", "signet-portable-export"},
                            {"files", {{{"path", "a.txt"}, {"bytes", 3}, {"sha256", std::string(64, '0')}}}}};
        writeZip(at("a.zip"), {{"manifest.json", manifest.dump()}, {"a.txt", "abc"}, {"../../up.txt", "x"}});
        const auto v = verifyExport(at("a.zip"), {}, {});
        QVERIFY(q(problemsOf(v)).contains("../../up.txt: the file is not in the manifest"));
        QVERIFY(q(problemsOf(v)).contains("a.txt: the file has SHA-256"));
        QVERIFY(!fs::exists(at("../up.txt")));
        writeFileAtomically(at("b.zip"), std::string("PK\x03\x04 this is no zip file"), IfExists::Replace);
        QVERIFY(!verifyExport(at("b.zip"), {}, {}).ok());
        QVERIFY(isExport(at("b.zip")));
        const std::string good = readTextFile(at("a.zip"));
        for (std::size_t i = 0; i < good.size(); i += 3) {  // flipped bits anywhere
            std::string bad = good;
            bad[i] ^= 0x40;
            writeFileAtomically(at("c.zip"), bad, IfExists::Replace);
            QVERIFY(!verifyExport(at("c.zip"), {}, {}).ok());
        }
        for (std::size_t length = 0; length < good.size(); length += 7) {
            writeFileAtomically(at("d.zip"), good.substr(0, length), IfExists::Replace);
            QVERIFY(!verifyExport(at("d.zip"), {}, {}).ok());
        }
        QVERIFY(errorOf([&] { verifyExport(at("none"), {}, {}); }).startsWith("not_found"));
    }

    void existingAndStopped() {
        exportCase(m_case->store(), at("out"), {}, {}, {});
        QVERIFY(errorOf([&] { exportCase(m_case->store(), at("out"), {}, {}, {}); }).startsWith("exists"));
        std::stop_source source;
        source.request_stop();
        for (const char* name : {"s", "s.zip"}) {
            QVERIFY(errorOf([&] {
                        exportCase(m_case->store(), at(name), {}, {}, {source.get_token(), {}});
                    }).startsWith("cancelled"));
            QVERIFY(!fs::exists(at(name)));
        }
        for (const auto& entry : fs::directory_iterator(m_folder->path().toStdString()))
            QVERIFY2(!entry.path().filename().string().starts_with('.'), entry.path().c_str());
    }

    void names_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("safe");
        for (const char* name : {"a", "a/b.txt", "a..b", "...", "évidence"})
            QTest::newRow(name) << QString(name) << true;
        for (const char* name :
             {"", "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "a/.", "C:x", "a\\b", "a\nb"})
            QTest::addRow("not %s", name) << QString(name) << false;
    }
    void names() {
        QFETCH(QString, name);
        QFETCH(bool, safe);
        QCOMPARE(isSafeName(name.toStdString()), safe);
    }
};

SIGNET_TEST(TestPortableExport)
#include "test_portable_export.moc"
