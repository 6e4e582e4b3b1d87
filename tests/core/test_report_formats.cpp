#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <cmath>

#include "core/image/encode.h"
#include "core/report/report_text.h"
#include "report_fixture.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;

/// Reports of cases in HTML, JSON and CSV, read back.
class TestReportFormats : public QObject, protected ReportFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
    }

    /// Every exhibit's hash and result, one file without anything from outside.
    void html() {
        threeExhibits();
        ReportOptions options;
        options.banner = "RESTRICTED <b>";
        const ReportContent c = collect(options);
        const QString html = QString::fromUtf8(written(c, writeHtml));
        for (const ExhibitContent& e : c.exhibits) {
            QVERIFY(html.count(q(e.exhibit.sha256)) >= 2);
            for (const ModelResult& r : e.results)
                QVERIFY(html.contains(QString("<td class=\"right\" dir=\"auto\">%1</td>")
                                          .arg(q(decimal(r.finding.scoreLogit, 2)))));
            for (const ConclusionLine& line : e.conclusion.lines)
                QVERIFY(html.contains(q(escapeHtml(line.text))));
        }
        QVERIFY(html.contains("5a17c0de") && html.contains("31 of 32") && html.contains("Press office"));
        QCOMPARE(html.count("src=\"data:image/jpeg;base64,"), 3 + 4);  // pictures and evidence maps
        QCOMPARE(html.count("src=\"data:image/png;base64,"), 2);       // Tippett plots
        QVERIFY(!html.contains("src=\"http") && !html.contains("url(") && !html.contains("<script"));
        QVERIFY(html.contains("Content-Security-Policy"));
        QVERIFY(html.contains("RESTRICTED &lt;b&gt;"));
        QVERIFY(html.contains(q("End of report " + c.id)));
        QVERIFY(html.contains("<div class=\"watermark\" aria-hidden=\"true\">DRAFT</div>"));
        QVERIFY(html.contains(q(c.head.hash)));
        for (const Statement& s : c.limits) QVERIFY(html.contains(q(escapeHtml(s.text))));
        for (const auto& step : c.scale.steps) QVERIFY(html.contains(q(step.text)));
        QVERIFY(html.contains("Vergeer") && html.contains("Cllr"));
        for (const ModelContent& m : c.models) QVERIFY(html.contains(q(m.sha256)));
        QVERIFY(html.contains(q(c.tool.commit)) && html.contains("libjpeg-turbo"));
        keep("report.html", html.toUtf8());

        options.final = true;
        const QString final = QString::fromUtf8(written(collect(options), writeHtml));
        QVERIFY(!final.contains("DRAFT") && !final.contains("watermark\" aria"));
    }

    /// Minus signs as typography has them where people read, as programs read them in tables.
    void minusSigns() {
        threeExhibits();
        const ReportContent c = collect();
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains(QString::fromUtf8("−18.25")) && html.contains(QString::fromUtf8(">−12<")));
        static const QRegularExpression kStyle("<style>.*</style>|<[^>]*>",
                                               QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression kHyphen("(^|[\\s(>])-[0-9]");
        const QString text = QString(html).replace(kStyle, " ");
        const auto wrong = kHyphen.match(text);
        QVERIFY2(!wrong.hasMatch(), qPrintable(text.mid(wrong.capturedStart(), 60)));
        const QByteArray csv = written(c, writeCsv);
        QVERIFY(csv.contains("-18.25") && !csv.contains("\u2212"));
        const QByteArray json = written(c, writeJson);
        QVERIFY(json.contains("Score -18.25 (logit)"));
        const QJsonObject first = QJsonDocument::fromJson(json).object()["exhibits"].toArray()[1].toObject();
        QVERIFY(!QJsonDocument(first).toJson().contains("\u2212"));
    }

    /// A finding's region is outlined where it lies in the image as displayed, not in the stored one or in
    /// the reduced copy.
    void regionsOnThePicture() {
        m_case->add("turned.jpg", turnedPicture(2400, 1600));  // displayed 1600 x 2400
        m_case->examine({CaseBuilder::finding("photo-presence", 16)});
        cases::Finding finding;
        finding.exhibit = 1;
        finding.comment = "c";
        finding.region = {400, 1800, 800, 300};
        m_case->store().findings().save(finding);
        const QString html = QString::fromUtf8(written(collect(), writeHtml));
        QVERIFY2(html.contains("left:25.000%;top:75.000%;width:50.000%;height:12.500%"),
                 qPrintable(html.mid(html.indexOf("class=\"region\""), 200)));
        QCOMPARE(html.count("class=\"region\""), 1);
        ReportOptions options;
        options.thumbnails = false;
        QVERIFY(!QString::fromUtf8(written(collect(options), writeHtml)).contains("class=\"region\""));
    }

    void propositionsOnceAModel() {
        threeExhibits();
        const QString html = QString::fromUtf8(written(collect(), writeHtml));
        QCOMPARE(html.count("H1: the image carries"), 2);
        QCOMPARE(html.count("H2: the image does not carry"), 2);
    }

    void sectionsAreSwitchedOff() {
        threeExhibits();
        ReportOptions options;
        options.sections = {"case", "results"};
        options.thumbnails = false;
        options.evidenceMaps = false;
        const QString html = QString::fromUtf8(written(collect(options), writeHtml));
        QVERIFY(html.contains("<section id=\"case\">") && html.contains("<section id=\"results\">"));
        QVERIFY(!html.contains("<section id=\"custody\">") && !html.contains("<section id=\"limits\">"));
        QVERIFY(!html.contains("data:image"));
    }

    void jsonFollowsItsSchema() {
        QProcess python;
        python.start("python3", {"-c", "import jsonschema"});
        if (!python.waitForFinished() || python.exitCode() != 0) QSKIP("python3-jsonschema is not installed");
        threeExhibits();
        m_case->addPicture("keyed.png", 7);
        m_case->examine({CaseBuilder::keyedFinding(-14.5, "5a17c0de")});
        cases::Finding finding;
        finding.exhibit = 1;
        finding.region = {1, 2, 3, 4};
        finding.comment = "c";
        m_case->store().findings().save(finding);
        m_case->addPicture("failed.png", 8);
        m_case->fail("the file is damaged");
        m_case->addPicture("waiting.png", 9);
        issue("first.json");
        issue("second.json");
        ReportOptions options;
        options.verbalScale = "none";
        options.tags = {};
        const QByteArray json = written(collect(options), writeJson);
        keep("report.json", json);
        const QString file = q(at("third.json"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(json);
        out.close();
        const QString schema =
            qEnvironmentVariable("SIGNET_SOURCE_DIR") + "/resources/reporting/report-schema.json";
        for (const QString& report : {q(at("first.json")), q(at("second.json")), file}) {
            python.start("python3", {"-c",
                                     "import json,jsonschema,sys; s=json.load(open(sys.argv[1])); "
                                     "jsonschema.Draft7Validator.check_schema(s); "
                                     "jsonschema.validate(json.load(open(sys.argv[2])), s)",
                                     schema, report});
            QVERIFY(python.waitForFinished());
            QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        }
    }

    void csv() {
        threeExhibits();
        const auto rows = parseCsv(QString::fromUtf8(written(collect(), writeCsv)));
        QCOMPARE(rows.size(), 1 + 2 + 1 + 1);
        const auto cell = [&](int row, const char* column) { return rows[row][rows[0].indexOf(column)]; };
        const auto all = m_case->store().exhibits().all();
        QCOMPARE(cell(1, "sha256"), q(all[0].sha256));
        QCOMPARE(cell(1, "integrity"), QString("verified"));
        QCOMPARE(cell(1, "presence"), QString("signature found"));
        QCOMPARE(cell(1, "score_logit"), QString("14.5"));
        QCOMPARE(cell(1, "code"), QString("5a17c0de"));
        QCOMPARE(cell(1, "bits_matched"), QString("31"));
        QCOMPARE(cell(1, "match"), QString("match"));
        QCOMPARE(cell(1, "code_state"), QString("matches a registered code"));
        QCOMPARE(cell(4, "code_state"), QString("unverified"));
        QCOMPARE(cell(4, "bit_right_if_as_calibrated"), QString());
        QVERIFY(std::abs(cell(1, "log10_lr").toDouble() - std::log10(665.0)) < 1e-8);
        QCOMPARE(cell(3, "presence"), QString("not found"));
        QCOMPARE(cell(4, "log10_lr"), QString());
        QVERIFY(cell(4, "no_lr_reason").contains("no photograph was measured"));
    }

    /// A keyed signature in every form: p-value, key, code with its check, outline; beside it nothing that is
    /// of scores and calibrations. Its model is a made one, taken for installed and validated here.
    void keyedSignatures() {
        cases::RegisteredCode registered;
        registered.hex = "5a17c0de";
        registered.bits = 32;
        registered.holder = "Press office";
        m_case->store().codes().add(registered);
        m_case->addPicture("page.png", 1);
        m_case->addPicture("worn.png", 2);
        m_case->addPicture("plain.png", 3);
        examine::Finding readable = CaseBuilder::keyedFinding(-14.5, "5a17c0de");
        readable.keyed->publicKey = true;
        m_case->examine({readable});
        m_case->examine({CaseBuilder::keyedFinding(-8)});
        m_case->examine({CaseBuilder::keyedFinding(-0.5)});
        ReportContent c = collect();
        for (ExhibitContent& e : c.exhibits) {
            for (ModelResult& r : e.results) {
                QVERIFY(!r.likelihood.log10Lr && q(r.likelihood.reason).contains("rest on no calibration"));
                r.validated = true;
            }
            e.conclusion = conclude({e.exhibit, &*e.examination, e.results, {}, c.registeredCodes}, c.scale);
        }
        c.falseFindings = expectedFalseFindings(c.exhibits);
        QCOMPARE(c.falseFindings.keyedAnswers, 3);
        QVERIFY(std::abs(c.falseFindings.keyedBound - 3e-6) < 1e-12);
        QCOMPARE(c.falseFindings.answers + c.falseFindings.outside, 0);

        const QString html = QString::fromUtf8(written(c, writeHtml));
        for (const char* part :
             {"3.2\u00a0×\u00a010⁻¹⁵", "0123456789abcdef (public)", "present, code not readable",
              "points=\"25.00,25.00 75.00,25.00 75.00,75.00 25.00,75.00 \"", "signed parts outlined",
              "+12 standard deviations", "It is the public key", "With it alone a signature",
              "at most 3.0\u00a0×\u00a010⁻⁶ false findings of a keyed signature", "among the 3 answers",
              "32 of 32"})
            QVERIFY2(html.contains(QString::fromUtf8(part)), part);
        for (const char* part : {"Scores are logits", "isotonic", "(unverified)", "logits a cell",
                                 "Score, logit", "presence score", "calibration photographs."})
            QVERIFY2(!html.contains(part), part);
        QCOMPARE(html.count("Keyed signature detection:"), 1);
        QCOMPARE(html.count("class=\"region-outline\""), 2);
        QCOMPARE(html.count("H1: the image"), 1);  // one model, one key

        const Json json = Json::parse(written(c, writeJson).toStdString());
        const auto result = [&](std::size_t exhibit) {
            return json.at("exhibits").at(exhibit).at("results").at(0);
        };
        QCOMPARE(result(0).at("keyed").at("log10_p").get<double>(), -14.5);
        QCOMPARE(q(result(0).at("keyed").at("key").get<std::string>()), QString("0123456789abcdef"));
        QVERIFY(result(0).at("keyed").at("public_key") == true && result(0).at("score_logit").is_null());
        QVERIFY(result(0).at("code").at("checked") == true && result(0).at("match").at("named") == true);
        QVERIFY(result(0).at("code").at("mean_confidence").is_null());
        QVERIFY(result(1).at("presence") == "present, code not readable" && result(1).at("match").is_null());
        QVERIFY(result(2).at("signed") == false && result(2).at("keyed").at("parts").empty());
        QCOMPARE(json.at("false_findings").at("keyed_answers").get<int>(), 3);

        const auto rows = parseCsv(QString::fromUtf8(written(c, writeCsv)));
        const auto cell = [&](int row, const char* column) { return rows[row][rows[0].indexOf(column)]; };
        for (const QStringList& row : rows) QCOMPARE(row.size(), rows[0].size());
        QCOMPARE(cell(1, "log10_p_value"), QString("-14.5"));
        QCOMPARE(cell(1, "key"), QString("0123456789abcdef"));
        QCOMPARE(cell(1, "public_key"), QString("yes"));
        QCOMPARE(cell(1, "code_state"), QString("matches a registered code"));
        QCOMPARE(cell(1, "bit_right_if_as_calibrated"), QString());
        QCOMPARE(cell(1, "score_logit"), QString());
        QCOMPARE(cell(1, "signed_parts"), QString("0.25,0.25 0.75,0.25 0.75,0.75 0.25,0.75"));
        QCOMPARE(cell(2, "code"), QString());
        QCOMPARE(cell(3, "presence"), QString("not found"));
    }

    /// 0c0ffee2 read with certainty is not the code of the holder of 0c0ffee1: summary, table, conclusion,
    /// JSON and CSV say so. Conflicts, metadata and warnings of the examination stand in all of them.
    void contradictedMatch() {
        cases::RegisteredCode registered;
        registered.hex = "0c0ffee1";
        registered.bits = 32;
        registered.holder = "Press office";
        m_case->store().codes().add(registered);
        m_case->addPicture("near.jpg", 1);
        examine::Finding finding = CaseBuilder::finding("photo-code32", 14.5, "0c0ffee2");
        finding.code->bitConfidence.assign(32, 0.9987);
        m_case->examine({finding}, [](Json& record) {
            record["conflicts"] =
                Json::array({{{"kind", "exif_size_differs"}, {"message", "EXIF gives 3 × 4 px."}}});
            record["warnings"].push_back("the JPEG data ends early");
            record["metadata"] =
                Json::array({{{"group", "EXIF"}, {"key", "Exif.Image.Model"}, {"value", "Box Brownie"}}});
        });
        const ReportContent c = collect();
        const QString headline = q(c.exhibits[0].conclusion.headline);
        for (const char* part : {"code unverified: near that of \u201cPress office\u201d, but differs in "
                                 "bits read with certainty",
                                 "conflict: EXIF gives 3 × 4 px.", "the JPEG data ends early"})
            QVERIFY2(headline.contains(QString::fromUtf8(part)), qPrintable(headline));
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(!html.contains("This is called a match"));
        for (const char* part :
             {"0c0ffee2 (unverified)", "agrees in 30 of 32 bits", "no match is named",
              "if the image was signed and treated no worse", "Box Brownie", "EXIF gives 3 × 4 px."})
            QVERIFY2(html.contains(QString::fromUtf8(part), Qt::CaseInsensitive), part);
        const Json json = Json::parse(written(c, writeJson).toStdString());
        const Json& result = json.at("exhibits").at(0).at("results").at(0);
        QVERIFY(result.at("match").at("contradicted") == true && result.at("match").at("named") == false);
        QVERIFY(result.at("code").at("state") == "unverified" && result.at("code").at("checked") == false);
        QCOMPARE(json.at("exhibits").at(0).at("remarks").size(), std::size_t{2});
        const auto rows = parseCsv(QString::fromUtf8(written(c, writeCsv)));
        QCOMPARE(rows[1][rows[0].indexOf("code_state")], QString("unverified"));
        QVERIFY(rows[1][rows[0].indexOf("match")].startsWith("near"));
        QVERIFY(rows[1][rows[0].indexOf("remarks")].contains("ends early"));
    }

    /// How surely bits were read is nowhere in the report of an inconclusive image.
    void noConfidenceWhereInconclusive() {
        m_case->addPicture("between.jpg", 1);
        m_case->examine({CaseBuilder::finding("photo-code32", 6, "00ff00ff")});
        const ReportContent c = collect();
        const examine::Finding& finding = c.exhibits[0].results[0].finding;
        QVERIFY(finding.code && !codeConfidence(finding));
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("not stated where no signature is reported"));
        QVERIFY(!html.contains("99.66") && !html.contains("93.0 %"));
        const Json json = Json::parse(written(c, writeJson).toStdString());
        QVERIFY(json.at("exhibits").at(0).at("results").at(0).at("code").at("mean_confidence").is_null());
        QVERIFY(json.at("exhibits")
                    .at(0)
                    .at("examination")
                    .at("record")
                    .at("findings")
                    .at(0)
                    .at("code")
                    .at("bit_confidence")
                    .is_null());
    }

private:
    /// A JPEG that its EXIF orientation turns by a quarter.
    static Bytes turnedPicture(int width, int height) {
        Bytes jpeg = image::encode(picture(width, height), {.format = image::Format::Jpeg, .quality = 80});
        static constexpr std::uint8_t kExif[] = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M',
                                                 0,    42,   0, 0,  0,   8,   0,   1,   1, 0x12, 0,   3,
                                                 0,    0,    0, 1,  0,   6,   0,   0,   0, 0,    0,   0};
        jpeg.insert(jpeg.begin() + 2, std::begin(kExif), std::end(kExif));
        return jpeg;
    }
};

SIGNET_TEST(TestReportFormats)
#include "test_report_formats.moc"
