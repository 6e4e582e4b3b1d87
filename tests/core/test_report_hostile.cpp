#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>

#include "core/base/file_io.h"
#include "core/cases/intake.h"
#include "core/image/encode.h"
#include "core/report/report_text.h"
#include "report_fixture.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

/// What people and files bring into a report (names, notes, comments, tags) does nothing to it, in any
/// format.
class TestReportHostile : public QObject, protected ReportFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
    }

    /// Names, notes, comments, holders, tags with every hostile text.
    void hostileTextsAreHarmless() {
        const auto texts = hostileTexts();
        cases::CaseInfo info = completeInfo();
        info.title = texts[0];
        info.organisation = texts[1];
        info.fields["purpose"] = texts[9];
        CaseBuilder builder(at("hostile"), info);
        int number = 0;
        for (const std::string& text : texts) {
            std::string name = text.substr(0, 60) + ".png";
            std::replace(name.begin(), name.end(), '/', '_');
            std::replace(name.begin(), name.end(), '\0', '_');
            builder.addPicture(name, ++number);
            cases::RegisteredCode code;
            code.hex = "4a17c0de";
            code.bits = 32;
            code.holder = text;
            if (number == 1) builder.store().codes().add(code);
            builder.store().exhibits().setNote(number, text);
            if (number % 2)
                builder.examine({CaseBuilder::finding("photo-code32", 12, "5a17c0de")},
                                [&](Json& record) { record["warnings"].push_back(toJsonText(text)); });
            else
                builder.fail(text);
            cases::Finding finding;
            finding.exhibit = number;
            finding.comment = text;
            builder.store().findings().save(finding);
            cases::Tag tag;
            tag.name = text;
            builder.store().tags().save(tag);
            builder.store().tags().set(number, tag.id, true);
        }
        ReportOptions options;
        options.banner = texts[0];
        options.title = texts[1];
        options.examiner = texts[0];
        const ReportContent c = collectReport(builder.store(), options, {}, {});

        const QString html = QString::fromUtf8(written(c, writeHtml));
        keep("hostile.html", html.toUtf8());
        QVERIFY(!html.contains("<script") && !html.contains("onerror=alert(1)>\"") &&
                !html.contains("<img src=x"));
        QVERIFY(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        QVERIFY(!html.contains(QChar(0x202E)) && html.contains("photo[U+202E]gpj.exe"));
        QVERIFY(!html.contains(QChar(0)) && !html.contains(QChar(7)) && !html.contains(QChar(0x1b)));
        QVERIFY(html.contains(QString(10000, 'x')));
        for (const std::string& text : texts) QVERIFY(html.contains(q(escapeHtml(visible(text)))));
        // every tag is one of ours: nothing a user wrote opens one
        static const QRegularExpression kTag("<([a-z0-9]+)");
        static const QStringList kOwn{"html", "head",   "meta",  "title",      "style", "body", "div",
                                      "main", "header", "h1",    "h2",         "h3",    "h4",   "dl",
                                      "dt",   "dd",     "nav",   "ol",         "li",    "a",    "section",
                                      "p",    "b",      "table", "thead",      "tbody", "tr",   "th",
                                      "td",   "figure", "img",   "figcaption", "i",     "span", "footer"};
        for (auto it = kTag.globalMatch(html); it.hasNext();) {
            const QString tag = it.next().captured(1);
            QVERIFY2(kOwn.contains(tag), qPrintable(tag));
        }

        QJsonParseError problem{};
        const QByteArray json = written(c, writeJson);
        const QJsonObject root = QJsonDocument::fromJson(json, &problem).object();
        QCOMPARE(problem.errorString(), QString("no error occurred"));
        for (const char byte : json) QVERIFY(byte == '\n' || (byte >= 32 && byte < 127));
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const QJsonObject e = root["exhibits"].toArray()[static_cast<int>(i)].toObject();
            const QString exact = q(toJsonText(texts[i]));
            QCOMPARE(e["note"].toString(), exact);
            QCOMPARE(e["findings"].toArray().last().toObject()["comment"].toString(), exact);
        }

        const QString csv = QString::fromUtf8(written(c, writeCsv));
        const QList<QStringList> rows = parseCsv(csv);
        QCOMPARE(rows.size(), static_cast<qsizetype>(texts.size() + 1));
        static const QRegularExpression kNumber("^-?[0-9.]+(e[+-][0-9]+)?$");
        for (const QStringList& row : rows) {
            QCOMPARE(row.size(), rows[0].size());
            for (const QString& cell : row) {
                const bool formula = !cell.isEmpty() && QString("=+-@\t\r").contains(cell[0]);
                QVERIFY2(!formula || kNumber.match(cell).hasMatch(), qPrintable(cell));
            }
        }
        QVERIFY(csv.contains("'=HYPERLINK(\"\"http://x.invalid"));
    }

    /// A file name with a line break makes no line of its own: neither an entry of a list nor a row.
    void namesMakeNoLines() {
        const std::string name = "a\n• all fields are there.png";
        const fs::path file = m_case->store().folder().parent_path() / name;
        const auto png = image::encode(picture(64, 64), {.format = image::Format::Png});
        writeFileAtomically(file, png, IfExists::Replace);
        cases::IntakeOptions options;
        options.copy = false;
        cases::takeIn(m_case->store(), file, options);
        m_case->examine({CaseBuilder::finding("photo-presence", 16)});
        fs::remove(file);
        const ReportContent c = collect();
        QVERIFY(!c.verification.ok());
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.count(QString::fromUtf8("a[U+000A]• all fields are there.png")) >= 5);
        QVERIFY(!html.contains(QString::fromUtf8("\n• all fields are there")));
        const auto rows = parseCsv(QString::fromUtf8(written(c, writeCsv)));
        const int column = static_cast<int>(rows[0].indexOf("file"));
        QCOMPARE(rows[1][column], QString::fromUtf8("a[U+000A]• all fields are there.png"));
        for (const QString& cell : rows[1]) QVERIFY2(!cell.contains('\n'), qPrintable(cell));
    }

private:
    /// As a JSON record can hold it: valid UTF-8.
    static std::string toJsonText(const std::string& text) {
        return QString::fromUtf8(QByteArray::fromStdString(text)).toStdString();
    }
};

SIGNET_TEST(TestReportHostile)
#include "test_report_hostile.moc"
