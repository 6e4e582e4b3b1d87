#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "report_fixture.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

/// Issuing reports: what a final one needs, versions and their register, what is refused.
class TestReportIssue : public QObject, protected ReportFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
    }

    void finalNeedsItsFields() {
        cases::CaseInfo bare;
        bare.title = "T";
        bare.examiner = "E";
        CaseBuilder builder(at("bare"), bare);
        ReportOptions options;
        options.final = true;
        const ReportContent c = collectReport(builder.store(), options, {}, {});
        const QString refusal = errorOf([&] { requireIssuable(c); });
        QVERIFY2(refusal.startsWith("bad_option"), qPrintable(refusal));
        for (const char* key :
             {"number", "organisation", "laboratory_address", "location", "customer", "customer_contact",
              "purpose", "item_condition", "deviations", "reviewer", "authoriser"})
            QVERIFY2(refusal.contains(QString("(%1) is empty").arg(key)), key);
        QVERIFY(refusal.contains("no exhibit"));
        options.final = false;
        const ReportContent draft = collectReport(builder.store(), options, {}, {});
        requireIssuable(draft);
        const QString html = QString::fromUtf8(written(draft, writeHtml));
        QVERIFY(html.contains("A final report still needs:") && html.contains(">missing<"));
    }

    void finalNeedsExaminationsAndSections() {
        threeExhibits();
        m_case->addPicture("late.png", 9);
        ReportOptions options;
        options.final = true;
        options.sections = {"summary", "results"};
        const QString refusal = errorOf([&] { requireIssuable(collect(options)); });
        QVERIFY(refusal.contains("not examined: exhibit 4"));
        for (const char* section : {"case", "exhibits", "method", "likelihood", "integrity", "limits"})
            QVERIFY2(refusal.contains(QString("section \"%1\" is left out").arg(section)), section);
    }

    void versionsAndRegister() {
        threeExhibits();
        const auto first = issue("one.html");
        QCOMPARE(first.version, 1);
        QCOMPARE(q(first.sha256), q(hashFile(at("one.html")).sha256));
        const auto second = issue("two.csv");
        QCOMPARE(second.version, 2);
        QCOMPARE(second.supersedes, 1);
        ReportOptions options;
        options.final = true;
        const auto final = issue("final.json", options);
        QCOMPARE(final.supersedes, 0);  // no final one before
        const ReportContent next = collect(options);
        QCOMPARE(next.version, 4);
        QCOMPARE(next.supersedes, 3);
        QVERIFY(q(next.supersededReport).contains(q(final.sha256)));
        const QString html = QString::fromUtf8(written(next, writeHtml));
        QVERIFY(html.contains("withdrawn (draft, html); replaced by version 2"));
        QVERIFY(html.contains("withdrawn (final, json); replaced by version 4"));
        const auto reports = m_case->store().reports().all();
        QCOMPARE(reports.size(), std::size_t{3});
        QVERIFY(!reports[0].auditHead.empty());
        bool noted = false;
        for (const auto& event : m_case->store().custody().of(1)) noted = noted || event.action == "reported";
        QVERIFY(noted);
        options.supersedes = 17;
        QVERIFY(errorOf([&] { collect(options); }).contains("no report version 17"));
    }

    /// A report that could not be recorded is not there; one whose version was taken meanwhile is refused.
    void nothingIsIssuedPastTheRegister() {
        threeExhibits();
        const ReportContent c = collect();
        issue("other.html");
        const QString refusal = errorOf(
            [&] { issueReport(m_case->store(), c, at("late.html"), writeHtml, IfExists::Refuse, {}); });
        QVERIFY2(refusal.startsWith("exists"), qPrintable(refusal));
        QVERIFY(!fs::exists(at("late.html")));
        QVERIFY(errorOf([&] { issue("other.html"); }).startsWith("exists"));
        QCOMPARE(m_case->store().reports().all().size(), std::size_t{1});
        QVERIFY(errorOf([&] { issue("x.doc"); }).startsWith("bad_option"));
    }

    void readOnlyCase() {
        threeExhibits();
        cases::OpenOptions options;
        options.actor = "Reader";
        options.readOnly = true;
        cases::CaseStore store(m_case->location(), options);
        const ReportContent c = collectReport(store, {}, {}, {});
        QVERIFY(q(c.id).contains("-X"));
        issueReport(store, c, at("read.html"), writeHtml, IfExists::Refuse, {});
        QVERIFY(fs::exists(at("read.html")));
        QVERIFY(m_case->store().reports().all().empty());
        QVERIFY(readTextFile(at("read.html")).find("not recorded in the case") != std::string::npos);
        ReportOptions final;
        final.final = true;
        QVERIFY(errorOf([&] {
                    requireIssuable(collectReport(store, final, {}, {}));
                }).contains("can only be read"));
    }

    void stops() {
        threeExhibits();
        std::stop_source source;
        source.request_stop();
        WorkContext context{source.get_token(), {}};
        QVERIFY(errorOf([&] { collectReport(m_case->store(), {}, {}, context); }).startsWith("cancelled"));
        const ReportContent c = collect();
        for (const char* name : {"a.html", "a.json", "a.csv"}) {
            QVERIFY(errorOf([&] {
                        issueReport(m_case->store(), c, at(name), coreWriter(formatOf(name)),
                                    IfExists::Refuse, context);
                    }).startsWith("cancelled"));
            QVERIFY(!fs::exists(at(name)));
        }
        QVERIFY(m_case->store().reports().all().empty());
    }
};

SIGNET_TEST(TestReportIssue)
#include "test_report_issue.moc"
