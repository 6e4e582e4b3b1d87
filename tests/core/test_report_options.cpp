#include <cmath>

#include "core/report/report_options.h"
#include "core/report/required_fields.h"
#include "core/report/verbal_scale.h"
#include "support/case_folder.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;

/// What a report is asked for: options, required fields, verbal scales.
class TestReportOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void optionsRoundTrip() {
        ReportOptions options;
        options.title = "T\"";
        options.sections = {"case", "limits"};
        options.tags = {"a", "b"};
        options.final = true;
        options.trainingHistory = true;
        options.reviewer = "R";
        options.supersedes = 3;
        options.fields = {{"deviations", "none"}};
        const ReportOptions back = reportOptionsFromJson(toJson(options));
        QCOMPARE(toJson(back).dump(), toJson(options).dump());
        QVERIFY(back.has(Section::Case) && !back.has(Section::Custody));
        QVERIFY(ReportOptions().has(Section::Custody));
    }

    void optionsRefused_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown key") << QByteArray(R"({"titel": "x"})") << "did you mean title";
        QTest::newRow("unknown section")
            << QByteArray(R"({"sections": ["custdy"]})") << "did you mean custody";
        QTest::newRow("unknown field")
            << QByteArray(R"({"fields": {"reviewr": "x"}})") << "did you mean reviewer";
        QTest::newRow("wrong kind") << QByteArray(R"({"final": "yes"})")
                                    << "final has a value of the wrong kind";
        QTest::newRow("no logo") << QByteArray(R"({"logo": "/nowhere.png"})") << "is not a file";
        QTest::newRow("list") << QByteArray("[]") << "JSON object";
    }
    void optionsRefused() {
        QFETCH(QByteArray, json);
        QFETCH(QString, says);
        const QString said =
            errorOf([&] { reportOptionsFromJson(Json::parse(json.toStdString())); }, ErrorCode::BadOption);
        QVERIFY2(said.contains(says), qPrintable(said));
    }

    void requiredFields() {
        cases::CaseInfo info = completeInfo();
        QVERIFY(missingFields(info, {}).empty());
        info.fields["deviations"] = "  \n";
        info.number.clear();
        ReportOptions options;
        const auto missing = missingFields(info, options);
        QCOMPARE(missing.size(), std::size_t{2});
        QCOMPARE(missing[0]->key, "number");
        QCOMPARE(missing[1]->key, "deviations");
        options.fields = {{"number", "7"}, {"deviations", "none"}};
        QVERIFY(missingFields(info, options).empty());
        QCOMPARE(missingFields({}, {}).size(), std::size_t{13});
        QCOMPARE(q(fieldValue("examiner", info, options)), QString::fromUtf8("A. Nováková"));
        options.examiner = "Other";
        QCOMPARE(q(fieldValue("examiner", info, options)), QString("Other"));
        QVERIFY_EXCEPTION_THROWN(fieldValue("nothing", info, options), Error);
    }

    void verbalScales() {
        const VerbalScale scale = loadVerbalScale("enfsi-2015");
        QCOMPARE(q(wordsFor(scale, std::log10(750.0))),
                 QString("moderately strong support for H1 rather than H2"));
        QCOMPARE(q(wordsFor(scale, -std::log10(750.0))),
                 QString("moderately strong support for H2 rather than H1"));
        QCOMPARE(q(wordsFor(scale, 3)), QString("strong support for H1 rather than H2"));
        QCOMPARE(q(wordsFor(scale, std::log10(1000.0))), QString("strong support for H1 rather than H2"));
        QCOMPARE(q(wordsFor(scale, 0)), QString("no support"));
        QCOMPARE(q(wordsFor(scale, 12)), QString("extremely strong support for H1 rather than H2"));
        QCOMPARE(q(rangeOf(scale, 2)), QString("10 to 100"));
        QCOMPARE(q(rangeOf(scale, 6)), QString::fromUtf8("1,000,000 and more"));
        QVERIFY(wordsFor(loadVerbalScale("none"), 3).empty());
        QVERIFY(!loadVerbalScale("four-step").steps.empty());
        QVERIFY(errorOf([] { loadVerbalScale("enfsi"); }).contains("enfsi-2015"));
    }

    void verbalScalesRefused_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no steps") << QByteArray(R"({"name": "x", "steps": []})");
        QTest::newRow("no name") << QByteArray(R"({"steps": [{"from": 1, "text": "a"}]})");
        QTest::newRow("not from 1") << QByteArray(R"({"name": "x", "steps": [{"from": 2, "text": "a"}]})");
        QTest::newRow("falling") << QByteArray(
            R"({"name": "x", "steps": [{"from": 1, "text": "a"}, {"from": 1, "text": "b"}]})");
        QTest::newRow("no words") << QByteArray(R"({"name": "x", "steps": [{"from": 1, "text": ""}]})");
        QTest::newRow("not an object") << QByteArray("3");
    }
    void verbalScalesRefused() {
        QFETCH(QByteArray, json);
        QVERIFY_EXCEPTION_THROWN(verbalScaleFromJson(Json::parse(json.toStdString()), "here"), Error);
    }
};

SIGNET_TEST(TestReportOptions)
#include "test_report_options.moc"
