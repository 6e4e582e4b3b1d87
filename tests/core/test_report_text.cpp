#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <cmath>

#include "core/base/csv.h"
#include "core/examine/record_json.h"
#include "core/report/markdown.h"
#include "core/report/report_content.h"
#include "core/report/report_text.h"
#include "core/report/words.h"
#include "core/report/writers.h"
#include "support/case_folder.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;

/// How a report puts things: texts, numbers, times, settings, Markdown, CSV cells.
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
