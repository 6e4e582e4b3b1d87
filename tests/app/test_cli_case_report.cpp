#include <QJsonArray>
#include <QStandardPaths>

#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "support/case_builder.h"
#include "support/cli_process.h"
#include "tests/support/test_program.h"

using namespace signet::test;
namespace fs = std::filesystem;

/// case report and case export as scripts see them; the process has no display and no usable Qt platform.
class TestCliCaseReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_case.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        make(completeInfo());
    }

    void formats_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("pdf") << "r.pdf" << QByteArray("%PDF-1.4");
        QTest::newRow("html") << "r.html" << QByteArray("<!DOCTYPE html>");
        QTest::newRow("json") << "r.JSON" << QByteArray("{\"format\": \"signet-report\"");
        QTest::newRow("csv") << "r.csv" << QByteArray("report,status,exhibit,");
    }
    void formats() {
        QFETCH(QString, name);
        QFETCH(QByteArray, begins);
        const Run run = report({"-o", at(name), "--json"});
        if (run.err.contains("this build writes no PDF")) QSKIP("built without Qt");
        QVERIFY2(run.status == 0, run.err.constData());
        QVERIFY(run.allJson());
        QVERIFY2(run.err.isEmpty(), run.err.constData());
        const QJsonObject record = run.records().value(0);
        QCOMPARE(record["version"].toInt(), 1);
        QCOMPARE(record["status"].toString(), QString("draft"));
        QCOMPARE(record["exhibits"].toInt(), 2);
        QVERIFY(record["verified"].toBool() && record["recorded"].toBool());
        QCOMPARE(record["head"].toString().size(), 64);
        QCOMPARE(record["sha256"].toString().toStdString(), signet::hashFile(at(name).toStdString()).sha256);
        QFile file(at(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith(begins));
        const auto reports = m_case->store().reports().all();
        QCOMPARE(reports.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(reports[0].sha256), record["sha256"].toString());
        QCOMPARE(QDir(m_folder->path()).entryList({".*"}, QDir::Files | QDir::Hidden).size(), 0);
    }

    /// The head a report prints is the one case verify takes.
    void headIsVerified() {
        const QJsonObject record = report({"-o", at("r.html"), "--json"}).records().value(0);
        const QString head = record["head"].toString();
        QVERIFY(contentOf("r.html").contains(head.toLatin1()));
        QCOMPARE(runSignet({"case", "verify", location(), "--head", head}).status, 0);
        QCOMPARE(runSignet({"case", "verify", location(), "--head", QString(64, 'a')}).status, 1);
    }

    void finalNamesWhatIsMissing() {
        signet::cases::CaseInfo bare;
        bare.title = "T";
        bare.examiner = "E";
        make(bare);
        const Run run = report({"-o", at("r.html"), "--final", "--reviewer", "R", "--field", "number=7"});
        QCOMPARE(run.status, 2);
        for (const char* key : {"organisation", "laboratory_address", "location", "customer",
                                "customer_contact", "purpose", "item_condition", "deviations", "authoriser"})
            QVERIFY2(run.err.contains(QByteArray("(") + key + ") is empty"), run.err.constData());
        QVERIFY(!run.err.contains("(reviewer)") && !run.err.contains("(number)"));
        QVERIFY(!QFile::exists(at("r.html")));
        const Run draft = report({"-o", at("d.html"), "--json"});
        QCOMPARE(draft.status, 0);
        QVERIFY(draft.records().value(0)["missing"].toArray().size() >= 11);
    }

    void finalAndSuperseding() {
        const Run first = report({"-o", at("1.html"), "--final", "--json"});
        QVERIFY2(first.status == 0, first.err.constData());
        QCOMPARE(first.records().value(0)["status"].toString(), QString("final"));
        QVERIFY(first.records().value(0)["supersedes"].isNull());
        const Run second = report({"-o", at("2.html"), "--final", "--json"});
        QCOMPARE(second.records().value(0)["supersedes"].toInt(), 1);
        QVERIFY(contentOf("2.html").contains("supersedes version 1 (final"));
        const Run other = report({"-o", at("3.json"), "--final", "--supersedes", "0", "--json"});
        QVERIFY(other.records().value(0)["supersedes"].isNull());
    }

    void alteredExhibit() {
        const fs::path copy = m_case->store().exhibits().fileOf(m_case->store().exhibits().byId(2));
        fs::permissions(copy, fs::perms::owner_all);
        signet::writeFileAtomically(copy, std::string("other"), signet::IfExists::Replace);
        const Run draft = report({"-o", at("d.html"), "--json"});
        QCOMPARE(draft.status, 1);
        QVERIFY(!draft.records().value(0)["verified"].toBool());
        QVERIFY(contentOf("d.html").contains("Integrity not confirmed."));
        const Run final = report({"-o", at("f.html"), "--final"});
        QCOMPARE(final.status, 3);
        QVERIFY(final.err.contains("exhibit 2: "));
        QVERIFY(!QFile::exists(at("f.html")));
        const Run accepted =
            report({"-o", at("f.html"), "--final", "--accept-problems", "a disk fault, see the record"});
        QCOMPARE(accepted.status, 0);
        QVERIFY(contentOf("f.html").contains("a disk fault, see the record"));
        QVERIFY(contentOf("f.html").contains("Integrity not confirmed."));
    }

    void options() {
        QFile file(at("options.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"title": "From the file", "banner": "FILE", "sections": ["case", "results"],)"
                   R"( "fields": {"deviations": "one"}})");
        file.close();
        const Run run = report({"-o", at("r.html"), "--options", at("options.json"), "--banner", "LINE",
                                "--field", "purpose=a=b", "--without", "case", "--examiner", "Third Person",
                                "--verbal-scale", "none"});
        QVERIFY2(run.status == 0, run.err.constData());
        const QByteArray html = contentOf("r.html");
        QVERIFY(html.contains("From the file") && html.contains("LINE") && !html.contains("FILE"));
        QVERIFY(!html.contains("<section id=\"case\">") && html.contains("<section id=\"results\">"));
        QVERIFY(html.contains("Third Person"));
    }

    void trainingHistoryOnRequest() {
        QCOMPARE(report({"-o", at("short.html")}).status, 0);
        QVERIFY(!contentOf("short.html").contains("signet train"));
        QCOMPARE(report({"-o", at("full.html"), "--training-history"}).status, 0);
        QVERIFY(contentOf("full.html").contains("signet train"));
    }

    /// The examiner named in a report assessed none in the case: a draft says so, a final report needs a
    /// confirmation.
    void strangeExaminer() {
        const Run draft = report({"-o", at("d.html"), "--examiner", "Somebody Else", "--json"});
        QCOMPARE(draft.status, 0);
        QVERIFY(draft.err.contains("Somebody Else") && draft.err.contains("assessed none"));
        QVERIFY(contentOf("d.html").contains("took in, examined and assessed none of the exhibits"));
        QCOMPARE(draft.records().value(0)["warnings"].toArray().size(), 1);
        const Run refused = report({"-o", at("f.html"), "--final", "--field", "examiner=Somebody Else"});
        QVERIFY(refused.status != 0 && refused.err.contains("correct the name or confirm it"));
        QVERIFY(!QFile::exists(at("f.html")));
        const Run confirmed = report(
            {"-o", at("f.html"), "--final", "--field", "examiner=Somebody Else", "--confirm-examiner"});
        QVERIFY2(confirmed.status == 0, confirmed.err.constData());
        QVERIFY(contentOf("f.html").contains("took in, examined and assessed none of the exhibits"));
        const Run own = report({"-o", at("o.html"), "--final"});
        QVERIFY(own.status == 0 && !contentOf("o.html").contains("assessed none"));
    }

    void tagged() {
        QCOMPARE(runSignet({"case", "tag", location(), "court", "2"}).status, 0);
        const Run run = report({"-o", at("r.csv"), "--tag", "court", "--json"});
        QCOMPARE(run.records().value(0)["exhibits"].toInt(), 1);
    }

    void refused_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such format") << QStringList{"-o", "r.doc"} << 2 << "ends neither in .pdf";
        QTest::newRow("no such section")
            << QStringList{"-o", "r.csv", "--sections", "cse"} << 2 << "did you mean case";
        QTest::newRow("no such section left out")
            << QStringList{"-o", "r.csv", "--without", "x"} << 2 << "no such section";
        QTest::newRow("no such field")
            << QStringList{"-o", "r.csv", "--field", "reviewr=x"} << 2 << "did you mean reviewer";
        QTest::newRow("field without value")
            << QStringList{"-o", "r.csv", "--field", "number"} << 2 << "KEY=VALUE";
        QTest::newRow("no such tag") << QStringList{"-o", "r.csv", "--tag", "x"} << 3 << "no tag";
        QTest::newRow("no such scale")
            << QStringList{"-o", "r.csv", "--verbal-scale", "x"} << 3 << "enfsi-2015";
        QTest::newRow("no such logo")
            << QStringList{"-o", "r.csv", "--logo", "x.png"} << 2 << "is not a file";
        QTest::newRow("no output") << QStringList{} << 2 << "--output is required";
        QTest::newRow("no such folder") << QStringList{"-o", "none/r.csv"} << 3 << "r.csv";
    }
    void refused() {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, says);
        RunOptions options;
        options.workingFolder = m_folder->path();
        const Run run = runSignet(QStringList{"case", "report", location()} + arguments, options);
        QCOMPARE(run.status, status);
        QVERIFY2(QString::fromUtf8(run.err).contains(says), run.err.constData());
        QVERIFY(m_case->store().reports().all().empty());
    }

    void existingIsKept() {
        QFile file(at("r.html"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("mine");
        file.close();
        QCOMPARE(report({"-o", at("r.html")}).status, 3);
        QCOMPARE(contentOf("r.html"), QByteArray("mine"));
        QCOMPARE(report({"-o", at("r.html"), "--force"}).status, 0);
        QVERIFY(contentOf("r.html").startsWith("<!DOCTYPE"));
    }

    /// Not even --force writes a report over an exhibit.
    void exhibitsAreNoOutput() {
        const fs::path copy = m_case->store().exhibits().fileOf(m_case->store().exhibits().byId(1));
        const fs::path link = (m_folder->path() + "/x.html").toStdString();
        fs::create_symlink(copy, link);
        const Run run = report({"-o", at("x.html"), "--force"});
        QVERIFY(run.status != 0);
        QCOMPARE(QString::fromStdString(signet::hashFile(copy).sha256),
                 QString::fromStdString(m_case->store().exhibits().byId(1).sha256));
    }

    void diskFull() {
        const QString small = at("small");
        QVERIFY(QDir().mkpath(small));
        RunOptions options;
        options.inChild = mountSmallDisk(small, 64 * 1024);
        const Run run = runSignet({"case", "report", location(), "-o", small + "/r.html"}, options);
        if (run.status == kNoMount) QSKIP("no mount namespaces here");
        QCOMPARE(run.status, 3);
        QVERIFY2(run.err.contains("space"), run.err.constData());
        QVERIFY(m_case->store().reports().all().empty());
    }

    void exported_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("zip") << "out.zip";
        QTest::newRow("folder") << "out";
    }
    void exported() {
        QFETCH(QString, name);
        const Run run = runSignet({"case", "export", location(), "-o", at(name), "--json"});
        QVERIFY2(run.status == 0, run.err.constData());
        const QString hash = run.records().value(0)["manifest_sha256"].toString();
        QCOMPARE(hash.size(), 64);
        const Run verified = runSignet({"case", "verify", at(name), "--head", hash, "--json"});
        QVERIFY2(verified.status == 0, verified.out.constData());
        QVERIFY(verified.records().value(0)["verified"].toBool());
        QCOMPARE(runSignet({"case", "verify", at(name), "--head", QString(64, '0')}).status, 1);
        QCOMPARE(runSignet({"case", "export", location(), "-o", at(name)}).status, 3);
        QCOMPARE(runSignet({"case", "verify", location()}).status, 0);
    }

private:
    QString at(const QString& name) const { return m_folder->path() + "/" + name; }
    QString location() const { return QString::fromStdString(m_case->location()); }
    Run report(const QStringList& arguments) const {
        return runSignet(QStringList{"case", "report", location()} + arguments);
    }
    QByteArray contentOf(const QString& name) const {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    void make(const signet::cases::CaseInfo& info) {
        m_case.reset();
        QDir(at("case")).removeRecursively();
        m_case = std::make_unique<CaseBuilder>(at("case").toStdString(), info);
        m_case->addPicture("a.jpg", 1);
        m_case->addPicture("b.png", 2);
        m_case->examine({CaseBuilder::finding("photo-presence", 12)});
        m_case->examine({CaseBuilder::finding("photo-code32", -12)});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CaseBuilder> m_case;
};

SIGNET_TEST(TestCliCaseReport)
#include "test_cli_case_report.moc"
