#include <cmath>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/examine/claim.h"
#include "core/examine/record_json.h"
#include "core/image/encode.h"
#include "core/image/jpeg_quality.h"
#include "core/report/conclusions.h"
#include "core/report/markdown.h"
#include "core/report/report_content.h"
#include "core/report/report_options.h"
#include "core/report/report_text.h"
#include "core/report/required_fields.h"
#include "core/report/words.h"
#include "core/report/writers.h"
#include "support/case_folder.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;

namespace {

ModelResult presenceResult(double score) {
    ModelResult r;
    examine::Finding& f = r.finding;
    f.model = "m";
    f.threshold = 7;
    f.lowerThreshold = 5;
    f.scoreLogit = score;
    f.presence = score >= 7  ? examine::Presence::Present
                 : score < 5 ? examine::Presence::Absent
                             : examine::Presence::Inconclusive;
    f.falsePositiveRate = {0, 0.0044947, 665, "photographs reduced to 256 px"};
    f.outside.emplace();
    r.validated = true;
    r.likelihood.reason = "of the test";
    return r;
}

std::string allText(const Conclusion& c) {
    std::string text = c.headline;
    for (const auto& p : c.propositions) text += "\n" + p.h1 + "\n" + p.h2;
    for (const auto& line : c.lines) text += "\n" + line.text;
    return text;
}

}  // namespace

/// Texts, numbers, options and conclusions of a report, without a case.
class TestReportText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void visibleText_data() {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("Überraschung 漢字") << QByteArray("Überraschung 漢字");
        QTest::newRow("override") << QByteArray("photo\u202Egpj.exe") << QByteArray("photo[U+202E]gpj.exe");
        QTest::newRow("controls") << QByteArray("a\x01\x1b[31m\x7f", 8)
                                  << QByteArray("a[U+0001][U+001B][31m[U+007F]");
        QTest::newRow("nul") << QByteArray("a\0b", 3) << QByteArray("a[U+0000]b");
        QTest::newRow("lines") << QByteArray("a\r\nb\nc\td") << QByteArray("a\nb\nc\td");
        QTest::newRow("lone return") << QByteArray("a\rb") << QByteArray("a[U+000D]b");
        QTest::newRow("zero width") << QByteArray("a\u200Bb\uFEFF") << QByteArray("a[U+200B]b[U+FEFF]");
        QTest::newRow("joiner stays") << QByteArray("a\u200Db") << QByteArray("a\u200Db");
        QTest::newRow("isolates") << QByteArray("\u2067x\u2069") << QByteArray("[U+2067]x[U+2069]");
        QTest::newRow("not utf-8") << QByteArray("a\xff") << QByteArray("a\uFFFD");
        QTest::newRow("stacked marks") << QByteArray("e\u0301\u0302\u0303\u0304\u0305\u0306")
                                       << QByteArray("e\u0301\u0302\u0303\u0304[U+0305][U+0306]");
        QTest::newRow("tags") << QByteArray("a\U000E0041") << QByteArray("a[U+E0041]");
        QTest::newRow("variation") << QByteArray("a\uFE0F.jpg") << QByteArray("a[U+FE0F].jpg");
    }
    void visibleText() {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, shown);
        QCOMPARE(q(visible(given.toStdString())), QString::fromUtf8(shown));
    }

    void embeddedText() {
        QCOMPARE(q(embedded("abc")), QString("abc"));
        QCOMPARE(q(embedded("שלום")), QString::fromUtf8("\u2066שלום\u2069"));
        QCOMPARE(q(oneLine("a\nb\tc", 3)), QString::fromUtf8("a b…"));
        QCOMPARE(q(shownName("a\nb\u202E.png")), QString("a[U+000A]b[U+202E].png"));
    }

    void htmlIsEscaped() {
        QCOMPARE(q(escapeHtml("<a href=\"x\">'&`</a>")),
                 QString("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#96;&lt;/a&gt;"));
    }

    void times_data() {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("shown");
        QTest::newRow("UTC") << "UTC"
                             << "2026-11-24 22:05:39 +00:00";
        QTest::newRow("Prague") << "CET-1CEST,M3.5.0,M10.5.0/3"
                                << "2026-11-24 23:05:39 +01:00";
        QTest::newRow("half hour west") << "XXX3:30" << QString::fromUtf8("2026-11-24 18:35:39 −03:30");
    }
    void times() {
        QFETCH(QString, zone);
        QFETCH(QString, shown);
        const QByteArray before = qgetenv("TZ");
        qputenv("TZ", zone.toLocal8Bit());
        tzset();
        const QString now = q(localTime("2026-11-24T22:05:39.120Z"));
        before.isNull() ? qunsetenv("TZ") : qputenv("TZ", before);
        tzset();
        QCOMPARE(now, shown);
        QCOMPARE(q(localTime("yesterday")), QString("yesterday"));
    }

    void numbers() {
        QCOMPARE(q(percent(0, 0.0039864)), QString("0.00 %"));
        QCOMPARE(q(percent(0.0039864)), QString("0.40 %"));
        QCOMPARE(q(percent(0.0013, 0.0053)), QString("0.13 %"));
        QCOMPARE(q(percent(0.0996)), QString("10 %"));
        QCOMPARE(q(percent(0.5)), QString("50 %"));
        QCOMPARE(q(percent(1)), QString("100 %"));
        QCOMPARE(q(probability(std::log10(0.0123))), QString("0.012"));
        QCOMPARE(q(probability(-9.6320)), QString::fromUtf8("2.3\u00a0×\u00a010⁻¹⁰"));
        QCOMPARE(q(probability(-3.00001)), QString::fromUtf8("1.0\u00a0×\u00a010⁻³"));
        QCOMPARE(q(probability(std::log10(9.99e-6))), QString::fromUtf8("1.0\u00a0×\u00a010⁻⁵"));
        QCOMPARE(q(probability(0)), QString("1"));
        QCOMPARE(q(ratio(std::log10(750.0))), QString("750"));
        QCOMPARE(q(ratio(-std::log10(750.0))), QString("1/750"));
        QCOMPARE(q(ratio(std::log10(759.0))), QString("750"));  // towards 1
        QCOMPARE(q(ratio(std::log10(12345.0))), QString("12,000"));
        QCOMPARE(q(ratio(std::log10(3.29))), QString("3.2"));
        QCOMPARE(q(ratio(0)), QString("1"));
        QCOMPARE(q(ratio(9.08)), QString::fromUtf8("1.2\u00a0×\u00a010⁹"));
        QCOMPARE(q(confidence(0.9987)), QString("99.87 %"));
        QCOMPARE(q(confidence(0.93)), QString("93.0 %"));
        QCOMPARE(q(confidence(0.5)), QString("50 %"));
        QCOMPARE(q(confidence(1)), QString("100 %"));
        QCOMPARE(q(grouped(-1234567)), QString::fromUtf8("−1,234,567"));
        QCOMPARE(q(grouped(-12)), QString::fromUtf8("−12"));
        QCOMPARE(q(fileSize(2412345)), QString("2.4 MB (2,412,345 bytes)"));
    }

    void minusSigns() {
        QCOMPARE(q(decimal(-18.254, 2)), QString::fromUtf8("−18.25"));
        QCOMPARE(q(decimal(-0.001, 2)), QString("0.00"));
        QCOMPARE(q(decimal(7.9, 2)), QString("7.90"));
        QCOMPARE(q(decimal(-12, 0)), QString::fromUtf8("−12"));
        QCOMPARE(q(plainMinus("from −7.5 to 3 (−2)")), QString("from -7.5 to 3 (-2)"));
        QCOMPARE(q(trueMinus("-1, (-2) photo-3 2026-11-28 --set x -y\n-4")),
                 QString::fromUtf8("−1, (−2) photo-3 2026-11-28 --set x -y\n−4"));
    }

    void settings_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("words");
        QTest::newRow("two models") << QByteArray(R"({"models": ["a", "b"], "tiles": false})")
                                    << "models a and b; parts of the image (tiles) not looked at";
        QTest::newRow("tiles") << QByteArray(R"({"models": ["a"], "tiles": true})")
                               << "model a; parts of the image (tiles) looked at as well";
        QTest::newRow("of a later version")
            << QByteArray(R"({"all_frames": true, "limits": {"low": -2, "high": 3}, "x": []})")
            << QString::fromUtf8("all frames: yes; limits: low −2 and high 3; x: none");
        QTest::newRow("none") << QByteArray("{}") << "not recorded";
        QTest::newRow("no object") << QByteArray("null") << "not recorded";
    }
    void settings() {
        QFETCH(QByteArray, json);
        QFETCH(QString, words);
        QCOMPARE(q(settingsInWords(Json::parse(json.toStdString()))), words);
    }

    void images() {
        Json record = {{"width", 640},
                       {"height", 480},
                       {"format", "jpeg"},
                       {"decode", {{"decoder", "d 1"}, {"bit_depth", 8}, {"colour", "rgb"}}}};
        QCOMPARE(q(imageInWords(examine::recordFromJson(record)).image),
                 QString::fromUtf8("640 × 480 px, JPEG, 8 bits a channel, RGB"));
        QCOMPARE(q(imageInWords(examine::recordFromJson(record)).decoding),
                 QString("d 1, at full size, upright as stored"));
        record["decode"].update({{"colour", "grey+alpha"},
                                 {"orientation", 6},
                                 {"orientation_applied", true},
                                 {"frames", 3},
                                 {"frame", 2},
                                 {"scale_denominator", 2}});
        QVERIFY(q(imageInWords(examine::recordFromJson(record)).image)
                    .endsWith("grey with alpha, picture 2 of 3 in the file"));
        QCOMPARE(
            q(imageInWords(examine::recordFromJson(record)).decoding),
            QString("d 1, reduced to 1/2 of its side, turned or mirrored as its EXIF orientation 6 asks"));
        QVERIFY(imageInWords({}).image.empty());
    }

    void subjects() {
        QCOMPARE(q(subjectInWords("evidence:3")), QString("exhibit 3"));
        QCOMPARE(q(subjectInWords("audit:17")), QString("audit entry 17"));
        QCOMPARE(q(subjectInWords("custody_event:4")), QString("custody event 4"));
        QCOMPARE(q(subjectInWords("database")), QString("database"));
        QCOMPARE(q(subjectInWords("fingerprint:2")), QString("registered code 2"));
        QCOMPARE(q(subjectInWords("registered_code:2")), QString("registered code 2"));
        QCOMPARE(q(subjectInWords(cases::Problem{"evidence", "evidence:3", {}})), QString("exhibit 3"));
        QCOMPARE(q(subjectInWords(cases::Problem{"file", "evidence/my_photo: 2.jpg", {}})),
                 QString("evidence/my_photo: 2.jpg"));
    }

    void cardInParts() {
        const CardParts parts = cardParts(
            "# m\nTitle.\n## Limits\n- one\n## Training and so on\nlong\n### Evaluation\nrows\n## "
            "Further\nend");
        QCOMPARE(q(parts.page), QString("# m\nTitle.\n## Limits\n- one\n## Further\nend"));
        QCOMPARE(q(parts.training), QString("## Training and so on\nlong\n### Evaluation\nrows\n"));
        QVERIFY(cardParts("").page.empty());
        QCOMPARE(q(cardParts("no heading").page), QString("no heading"));
    }

    void regions_data() {
        QTest::addColumn<QByteArray>("region");
        QTest::addColumn<QList<double>>("shares");  // of an image of 200 x 100 px
        QTest::newRow("inside") << QByteArray("[20, 10, 100, 50]") << QList<double>{0.1, 0.1, 0.5, 0.5};
        QTest::newRow("over the edge") << QByteArray("[-20, 50, 60, 100]") << QList<double>{0, 0.5, 0.2, 0.5};
        QTest::newRow("outside") << QByteArray("[300, 10, 10, 10]") << QList<double>{};
        QTest::newRow("empty") << QByteArray("[20, 10, 0, 10]") << QList<double>{};
        QTest::newRow("words") << QByteArray(R"(["a", 1, 2, 3])") << QList<double>{};
        QTest::newRow("none") << QByteArray("null") << QList<double>{};
    }
    void regions() {
        QFETCH(QByteArray, region);
        QFETCH(QList<double>, shares);
        cases::Finding finding;
        finding.id = 7;
        finding.region = Json::parse(region.toStdString());
        Picture picture;
        picture.fullWidth = 200;
        picture.fullHeight = 100;
        const auto read = regionOf(finding);
        const auto is = read ? sharesOf(*read, picture) : std::nullopt;
        QCOMPARE(is.has_value(), !shares.isEmpty());
        if (!is) return;
        QCOMPARE(q(is->label), QString("7"));
        QCOMPARE((QList<double>{is->x, is->y, is->width, is->height}), shares);
    }

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
        try {
            reportOptionsFromJson(Json::parse(json.toStdString()));
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY(error.code() == ErrorCode::BadOption);
            QVERIFY2(q(error.what()).contains(says), error.what());
        }
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
        try {
            loadVerbalScale("enfsi");
            QFAIL("was found");
        } catch (const Error& error) {
            QVERIFY(q(error.what()).contains("enfsi-2015"));
        }
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

    void jpegQuality_data() {
        QTest::addColumn<int>("quality");
        for (const int quality : {1, 10, 49, 50, 51, 75, 90, 95, 100})
            QTest::addRow("%d", quality) << quality;
    }
    void jpegQuality() {
        QFETCH(int, quality);
        const auto jpeg = image::encode(picture(64, 48), {.format = image::Format::Jpeg, .quality = quality});
        const auto estimate = image::estimateJpegQuality(jpeg);
        QVERIFY(estimate);
        QCOMPARE(estimate->quality, quality);
        QVERIFY(estimate->standardTables);
        for (std::size_t length = 0; length < 200; ++length)  // a cut head is no crash
            image::estimateJpegQuality(std::span(jpeg).first(length));
        QVERIFY(!image::estimateJpegQuality(image::encode(picture(64, 48), {.format = image::Format::Png})));
    }

    void conclusionOfPresence() {
        const VerbalScale scale = loadVerbalScale("enfsi-2015");
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        std::vector<ModelResult> results{presenceResult(9.125)};
        results[0].likelihood = {
            std::log10(665.0), true, "the number of photographs", "photographs reduced", {}};
        const QString text = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        for (const char* part :
             {"m: signature found", "Score 9.12 (logit)", "reported from 7.00", "between 5.00 and that",
              "Of 665 calibration photographs without a signature, 0 reached 7.00",
              "measured on photographs reduced to 256 px, and holds for images like them alone",
              "false positive rate 0.00 %", "upper limit 0.45 %", "Likelihood ratio 660",
              "bounded by the number of photographs", "660 times more probable if H1 holds than if H2",
              "largest ratio", "moderately strong support for H1 rather than H2", "photographs reduced",
              "the image carries the signature of model m",
              "the image does not carry the signature of model m"})
            QVERIFY2(text.contains(part), qPrintable(QString(part) + " is not in\n" + text));
        results[0] = presenceResult(-3);
        results[0].likelihood = {
            -std::log10(12.0), true, "how often a signed image is missed", "photographs", {}};
        const QString absent = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(absent.contains("no evidence of authenticity"));
        QVERIFY(absent.contains(
            "Likelihood ratio 1/12: a score like this is about 12 times more probable if H2"));
        QVERIFY(absent.contains("smallest ratio given: it is bounded by how often a signed image is missed"));
        QVERIFY(absent.contains("quarter turn") && absent.contains("has no weight"));
        results[0].finding.outside = std::vector<std::string>{"it is hardly a photograph"};
        results[0].likelihood = {{}, false, {}, {}, "outside"};
        const QString outside = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(
            outside.contains("outside the conditions of the model's calibration: it is hardly a photograph"));
        QVERIFY(!outside.contains("false positive rate") && !outside.contains("665"));
        results[0] = presenceResult(6);
        const QString between = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(between.contains("supports neither"));
        QVERIFY(between.contains("No likelihood ratio is given: of the test."));
        results[0].validated = false;
        const QString amber = q(allText(conclude({exhibit, &x, results, {}, 0}, scale)));
        QVERIFY(amber.contains("no conclusion is drawn"));
        QVERIFY(!amber.contains("H1"));
    }

    /// k of n, the binomial tail, and its correction, against values worked by hand: 31 of 32 is 33 / 2^32.
    void conclusionOfCode() {
        const Json record = Json::parse(R"({"findings": [{"model": "c", "model_sha256": "ab", "signed": true,
            "presence": "signature found", "score_logit": 12.5, "threshold": 7, "lower_threshold": 5,
            "fpr": {"value": 0, "upper95": 0.004, "n": 750}, "hypotheses": 16,
            "code": {"hex": "5a17c0de", "bits": 32, "confidence": 0.9966, "bit_confidence": [0.999, 0.93]},
            "match": {"holder": "Press office", "nearest_holder": "Press office", "code": "5a17c0df", "matched": 31,
                      "n": 32, "database_size": 12, "hypotheses": 16}}]})");
        std::vector<ModelResult> results = modelResults(examine::recordFromJson(record));
        QCOMPARE(results.size(), std::size_t{1});
        results[0].validated = true;
        results[0].likelihood.reason = "none here";
        const double p = 33.0 / 4294967296.0;
        QVERIFY(std::abs(results[0].finding.match->log10P - std::log10(p)) < 1e-9);
        QVERIFY(std::abs(results[0].finding.match->log10PCorrected - std::log10(p * 192)) < 1e-5);
        QVERIFY(results[0].finding.match->answer() == examine::MatchAnswer::Match);
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        QString text = q(allText(conclude({exhibit, &x, results, {}, 12}, {})));
        for (const char* part :
             {"32 bits were read: 5a17c0de", "probability 99.66 % on average, the least sure one with 93.0 %",
              "compared with 12 registered codes, 16 geometries tried",
              "\u201cPress office\u201d, agrees in 31 of 32 bits", "probability 7.7\u00a0×\u00a010⁻⁹",
              "geometries tried: 1.5\u00a0×\u00a010⁻⁶", "called a match",
              "not the probability that the match"})
            QVERIFY2(text.contains(QString::fromUtf8(part)),
                     qPrintable(QString::fromUtf8(part) + " is not in\n" + text));
        results[0].finding.match->log10PCorrected = -2;
        text = q(allText(conclude({exhibit, &x, results, {}, 12}, {})));
        QVERIFY(text.contains("not rare enough to be called a match"));
        results[0].finding.match.reset();
        QVERIFY(q(allText(conclude({exhibit, &x, results, {}, 0}, {})))
                    .contains("no code is registered in this case"));
    }

    /// A classifier is reported by its own proposition, whatever it answered; nowhere a signature.
    void conclusionOfAClassifier_data() {
        QTest::addColumn<double>("score");
        QTest::addColumn<bool>("calibrated");
        QTest::addColumn<QString>("answer");
        QTest::newRow("second class") << 9.0 << true << "more like \"generated\"";
        QTest::newRow("first class") << -3.0 << true << "more like \"real\"";
        QTest::newRow("between") << 6.0 << true << "inconclusive";
        QTest::newRow("not calibrated") << 9.0 << false << "more like \"generated\"";
    }
    void conclusionOfAClassifier() {
        QFETCH(double, score);
        QFETCH(bool, calibrated);
        QFETCH(QString, answer);
        std::vector<ModelResult> results{presenceResult(score)};
        examine::Finding& f = results[0].finding;
        f.kind = models::Kind::Classifier;
        f.classes = {"real", "generated"};
        if (!calibrated) f.falsePositiveRate = {};
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        const QString text = q(allText(conclude({exhibit, &x, results, {}, 0}, {})));
        QVERIFY2(!text.contains("signature", Qt::CaseInsensitive), qPrintable(text));
        QVERIFY2(text.startsWith("m: " + answer), qPrintable(text));
        QVERIFY2(text.contains("the image is of class \"generated\" rather than \"real\""), qPrintable(text));
        QVERIFY2(text.contains("Class \"generated\" is reported from 7.00"), qPrintable(text));
        QCOMPARE(text.contains("is not calibrated"), !calibrated);
        QCOMPARE(text.contains("photographs of class \"real\", 0 reached"), calibrated);
        // a record keeps it
        examine::Record record;
        record.findings = {f};
        const Json json = examine::toJson(record);
        QVERIFY(json["findings"][0]["signed"].is_null());
        const examine::Finding read = examine::recordFromJson(json).findings.at(0);
        QVERIFY(read.kind == f.kind && read.classes == f.classes && read.presence == f.presence);
        QCOMPARE(q(examine::answerOf(read)), answer);
    }

    /// What a report explains is about the models that it reports.
    void statementsOfKinds() {
        for (const char* list : {"glossary", "limits"}) {
            const auto textOf = [&](const std::set<models::Kind>& kinds) {
                std::string text;
                for (const Statement& s : loadStatements(list, kinds)) text += s.title + " " + s.text + "\n";
                return q(text);
            };
            const QString classes = textOf({models::Kind::Classifier});
            QVERIFY(classes.contains("class") && !classes.contains("signature", Qt::CaseInsensitive));
            const QString signature = textOf({models::Kind::Signature});
            QVERIFY(signature.contains("signature") && !signature.contains("classifier"));
            const QString both = textOf({models::Kind::Signature, models::Kind::Classifier});
            QVERIFY(both.contains("signature") && both.contains("classifier", Qt::CaseInsensitive));
        }
    }

    void conclusionOfTrouble() {
        cases::Exhibit exhibit;
        exhibit.duplicateOf = 4;
        const std::vector<ModelResult> none;
        QString text = q(allText(conclude({exhibit, nullptr, none, "altered\u202E", 0}, {})));
        QVERIFY(text.contains("not examined") && text.contains("no longer the one taken in"));
        QVERIFY(text.contains("altered[U+202E]") && text.contains("same bytes as exhibit 4"));
        QVERIFY(text.startsWith("INTEGRITY NOT CONFIRMED"));
        cases::Examination x;
        x.problem = "the JPEG is damaged";
        text = q(allText(conclude({exhibit, &x, none, {}, 0}, {})));
        QVERIFY(text.contains("could not be examined: the JPEG is damaged"));
    }

    void conflictsAreShown() {
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        std::vector<ModelResult> results{presenceResult(9), presenceResult(6)};
        results[1].finding.model = "other";
        results[1].finding.code = examine::CodeReading{"000000ff", 32, {}, {}, 0.9};
        results[1].finding.match =
            examine::CodeMatch{"H", "ff", 32, 32, 1, 1, -9, -9, false, 0, 0, false, {}};
        QVERIFY(
            q(allText(conclude({exhibit, &x, results, {}, 1}, {}))).contains("neither overrides the other"));
        results[1] = presenceResult(11);
        results[1].finding.model = "other";
        QVERIFY(q(allText(conclude({exhibit, &x, results, {}, 1}, {}))).contains("More than one model"));
    }

    /// Another holder's code that would match too stands beside the match; at equal bits none is named.
    void alikeCodesAreShown() {
        const Json match{
            {"nearest_holder", "Ada"},
            {"code", "ff"},
            {"matched", 31},
            {"n", 32},
            {"database_size", 2},
            {"hypotheses", 1},
            {"also_matching", Json::array({{{"holder", "Emmy"}, {"code", "fe"}, {"matched", 30}}})}};
        Json record{
            {"findings", Json::array({{{"model", "m"},
                                       {"presence", "signature found"},
                                       {"score_logit", 9.0},
                                       {"threshold_logit", 5.0},
                                       {"code", {{"hex", "000000ff"}, {"bits", 32}, {"confidence", 0.9}}},
                                       {"match", match}}})}};
        auto results = modelResults(examine::recordFromJson(record));
        QVERIFY(results.at(0).finding.match &&
                results[0].finding.match->answer() == examine::MatchAnswer::Match);
        results[0].validated = true;
        cases::Exhibit exhibit;
        cases::Examination x;
        x.done = true;
        QString text = q(allText(conclude({exhibit, &x, results, {}, 2}, {})));
        QVERIFY2(text.contains("This is called a match"), qPrintable(text));
        QVERIFY2(text.contains("Emmy") && text.contains("30 of 32 bits"), qPrintable(text));
        record["findings"][0]["match"]["also_matching"][0]["matched"] = 31;
        results = modelResults(examine::recordFromJson(record));
        QVERIFY(results[0].finding.match->answer() == examine::MatchAnswer::Shared);
        results[0].validated = true;
        text = q(allText(conclude({exhibit, &x, results, {}, 2}, {})));
        QVERIFY2(text.contains("no match is named") && !text.contains("This is called a match"),
                 qPrintable(text));
    }

    /// Anything in a record that is not as it should be is passed over.
    void brokenRecords() {
        for (const char* text :
             {"{}", R"({"findings": 3})", R"({"findings": [3, null, []]})",
              R"({"findings": [{"code": 1, "match": [], "geometry": [1], "fpr": "x", "tiles": null}]})",
              R"({"findings": [{"code": {"hex": 3, "bit_confidence": ["a"]}, "match": {"n": -4}}]})"})
            modelResults(examine::recordFromJson(Json::parse(text)));
    }

    void csvCells() {
        QCOMPARE(q(csvText("plain")), QString("plain"));
        QCOMPARE(q(csvText("a,b")), QString("\"a,b\""));
        QCOMPARE(q(csvText("say \"x\"")), QString("\"say \"\"x\"\"\""));
        for (const char* formula : {"=1+1", "+1", "-1", "@a", "\tx"})
            QVERIFY(csvText(formula).find('\'') < 2);
        for (const char* formula : {"＝1+1", "＋1", "－1", "＠x"}) QVERIFY(csvText(formula).starts_with("'"));
        QCOMPARE(q(csvText("\rx")), QString("[U+000D]x"));
        QCOMPARE(q(csvField("=1+1")), QString("=1+1"));
        QCOMPARE(q(csvField("a,\"b\"\nc")), QString("\"a,\"\"b\"\"\nc\""));
        QCOMPARE(q(csvField("a b")), QString("a b"));
        QCOMPARE(q(csvField("a b", " #")), QString("\"a b\""));
        QCOMPARE(q(csvQuoted("plain")), QString("\"plain\""));
    }

    void markdown() {
        const auto blocks = markdownBlocks(
            "# Title\n\nText `code` and\n**more**.\n\n- one\n- two\n\n    signet x\n\n"
            "| a | b |\n| --- | ---: |\n| 1 | 2 |\n| 3 |\n\n<script>\n");
        QCOMPARE(blocks.size(), std::size_t{7});
        QCOMPARE(q(std::get<Heading>(blocks[0]).text), QString("Title"));
        QCOMPARE(q(std::get<Paragraph>(blocks[1]).text), QString("Text code and more."));
        QVERIFY(std::get<Paragraph>(blocks[4]).mono);
        QCOMPARE(std::get<Table>(blocks[5]).rows.size(), std::size_t{2});
        QCOMPARE(std::get<Table>(blocks[5]).rows[1].size(), std::size_t{2});
        QCOMPARE(q(std::get<Paragraph>(blocks[6]).text), QString("<script>"));
    }

    /// No template says that an image is "fake" or "authentic".
    void forbiddenWords() {
        static const QRegularExpression kForbidden("\\b(fake|fakes|faked|authentic|genuine|deepfake)\\b",
                                                   QRegularExpression::CaseInsensitiveOption);
        const QString root = qEnvironmentVariable("SIGNET_SOURCE_DIR");
        int files = 0;
        for (const char* folder : {"/resources/reporting", "/core/report", "/ui/report", "/resources/help"}) {
            for (QDirIterator it(root + folder, {"*.json", "*.css", "*.cpp", "*.h", "report*.md"},
                                 QDir::Files, QDirIterator::Subdirectories);
                 it.hasNext();) {
                QFile file(it.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const auto match = kForbidden.match(QString::fromUtf8(file.readAll()));
                QVERIFY2(!match.hasMatch(), qPrintable(file.fileName() + " has " + match.captured()));
                ++files;
            }
        }
        QVERIFY(files > 30);
    }
};

SIGNET_TEST(TestReportText)
#include "test_report_text.moc"
