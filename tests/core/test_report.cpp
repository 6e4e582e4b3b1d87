#include <fmt/format.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <cmath>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/cases/intake.h"
#include "core/image/encode.h"
#include "core/report/issue.h"
#include "core/report/report_text.h"
#include "core/report/writers.h"
#include "support/case_folder.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

QByteArray written(const ReportContent& content, const ReportWriter& writer) {
    QByteArray out;
    writer(content,
           [&](std::span<const std::uint8_t> part) {
               out.append(reinterpret_cast<const char*>(part.data()), static_cast<qsizetype>(part.size()));
           },
           {});
    return out;
}

/// Rows and cells after RFC 4180; empty where the text breaks its rules.
QList<QStringList> parseCsv(const QString& text) {
    QList<QStringList> rows;
    QStringList row;
    QString cell;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                cell += c;
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            if (!cell.isEmpty()) return {};
            quoted = true;
        } else if (c == ',') {
            row.append(std::exchange(cell, {}));
        } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            row.append(std::exchange(cell, {}));
            rows.append(std::exchange(row, {}));
            ++i;
        } else if (c == '\n' || c == '\r') {
            return {};
        } else {
            cell += c;
        }
    }
    return cell.isEmpty() && row.isEmpty() ? rows : QList<QStringList>();
}

}  // namespace

/// Reports of real cases (SQLite), read back in each format that needs no Qt.
class TestReport : public QObject, protected CaseFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        newFolder();
        newCase();
    }

    /// What a reader of the case finds in the content: hashes then and now, results, conclusions, likelihood
    /// ratios.
    void content() {
        threeExhibits();
        const ReportContent c = collect();
        QCOMPARE(c.exhibits.size(), std::size_t{3});
        QVERIFY2(c.verification.ok(),
                 c.verification.problems.empty() ? "" : c.verification.problems.front().message.c_str());
        QVERIFY(c.blockers.empty());
        QCOMPARE(c.version, 1);
        QVERIFY(q(c.id).contains(QRegularExpression("^SG-[0-9A-F]{8}-R1$")));
        QCOMPARE(c.head.hash.size(), std::size_t{64});
        QCOMPARE(c.models.size(), std::size_t{2});
        for (const ModelContent& m : c.models) QVERIFY(m.fit && !m.card.empty() && m.problem.empty());

        const ExhibitContent& found = c.exhibits[0];
        QVERIFY(found.intact());
        QCOMPARE(found.evidenceMaps.size(), std::size_t{2});
        QCOMPARE(q(found.evidenceMaps[0].model), QString("photo-code32"));
        const ModelResult& code = found.results[0];
        QVERIFY(code.validated && code.likelihood.log10Lr && code.likelihood.bounded);
        QVERIFY(std::abs(*code.likelihood.log10Lr - std::log10(665.0)) < 1e-9);  // originals, not crops
        QVERIFY(code.finding.match && code.finding.match->answer() == examine::MatchAnswer::Match);
        QCOMPARE(code.finding.match->matched, 31);
        QVERIFY(q(found.conclusion.headline).contains("code of \u201cPress office\u201d"));

        const ModelResult& absent = c.exhibits[1].results[0];
        // absence weighs no more than the worst treatment of the evaluation allows
        const ModelContent* model = c.model(absent.finding.model, absent.finding.modelSha256);
        QVERIFY2(model->missRate.rate, model->missRate.reason.c_str());
        QVERIFY(std::abs(*absent.likelihood.log10Lr - std::log10(model->missRate.rate->upper95)) < 1e-9);
        QVERIFY(*absent.likelihood.log10Lr > -2 && absent.likelihood.bounded);
        QVERIFY(q(absent.likelihood.boundedBy).contains("signed photographs were not found"));
        // between the classes nothing was measured
        const ModelResult& between = c.exhibits[2].results[0];
        QVERIFY(!between.likelihood.log10Lr);
        QVERIFY2(q(between.likelihood.reason).contains("where no photograph was measured"),
                 between.likelihood.reason.c_str());
    }

    void noRatioOutsideTheConditions() {
        m_case->addPicture("small.png", 1, 200, 200);
        m_case->examine({CaseBuilder::finding("photo-presence", 20)}, [](Json& record) {
            record["findings"][0]["outside_calibration"] = {
                "it has 200 × 200 px, less than the calibration's 256"};
        });
        m_case->addPicture("other.png", 2);
        m_case->examine({CaseBuilder::finding("photo-presence", 20)},
                        [](Json& record) { record["findings"][0]["threshold"] = 3.5; });
        m_case->addPicture("third.png", 3);
        m_case->examine({CaseBuilder::finding("photo-presence", 20)},
                        [](Json& record) { record["findings"][0]["model_sha256"] = std::string(64, 'a'); });
        m_case->addPicture("fourth.png", 4);
        m_case->examine({CaseBuilder::finding("photo-presence", -20)},
                        [](Json& record) { record["findings"][0].erase("outside_calibration"); });
        const ReportContent c = collect();
        QVERIFY(q(c.exhibits[3].results[0].likelihood.reason).contains("examine it again"));
        QVERIFY(q(c.exhibits[0].results[0].likelihood.reason).contains("less than the calibration's 256"));
        QVERIFY(q(c.exhibits[1].results[0].likelihood.reason)
                    .contains("not the one the exhibit was examined with"));
        QVERIFY(q(c.exhibits[2].results[0].likelihood.reason).contains("has weights with SHA-256"));
        QVERIFY(!c.exhibits[2].results[0].validated);
        QVERIFY(c.model("photo-presence", std::string(64, 'a'))->card.empty());
    }

    void alteredExhibit() {
        threeExhibits();
        const fs::path copy = m_case->store().exhibits().fileOf(m_case->store().exhibits().all()[1]);
        fs::permissions(copy, fs::perms::owner_all);
        Bytes bytes = readFile(copy);
        bytes[bytes.size() / 2] ^= 1;
        writeFileAtomically(copy, bytes, IfExists::Replace);
        ReportOptions options;
        const ReportContent draft = collect(options);
        QVERIFY(!draft.exhibits[1].intact() && draft.exhibits[0].intact());
        QVERIFY(!draft.verification.ok());
        QVERIFY(q(draft.exhibits[1].conclusion.headline).startsWith("INTEGRITY NOT CONFIRMED"));
        QVERIFY(!draft.exhibits[1].results[0].likelihood.log10Lr);
        QVERIFY(!draft.exhibits[1].findings.empty());  // the failure is a stored finding
        const QString html = QString::fromUtf8(written(draft, writeHtml));
        QVERIFY(html.contains("class=\"alert\"") && html.contains("Integrity not confirmed."));
        QVERIFY(html.contains("no picture: the file is not the one taken in"));

        options.final = true;
        const std::string refusal = errorOf([&] { requireIssuable(collect(options)); });
        QVERIFY2(q(refusal).startsWith("not_verified") && q(refusal).contains("exhibit 2: "),
                 refusal.c_str());
        options.acceptProblems = "The copy was damaged by a disk fault on 3 May; the original is sealed.";
        const ReportContent accepted = collect(options);
        requireIssuable(accepted);
        QVERIFY(QString::fromUtf8(written(accepted, writeHtml)).contains("damaged by a disk fault"));
    }

    void alteredEvidenceMap() {
        threeExhibits();
        const ReportContent before = collect();
        writeFileAtomically(before.exhibits[0].evidenceMaps[0].path, std::string("other"), IfExists::Replace);
        const ReportContent c = collect();
        QVERIFY(!c.verification.ok());
        QCOMPARE(q(c.verification.problems.front().kind), QString("artifact"));
        QVERIFY(QString::fromUtf8(written(c, writeHtml)).contains("its file is not the one recorded"));
    }

    void finalNeedsItsFields() {
        cases::CaseInfo bare;
        bare.title = "T";
        bare.examiner = "E";
        CaseBuilder builder(at("bare"), bare);
        ReportOptions options;
        options.final = true;
        const ReportContent c = collectReport(builder.store(), options, {}, {});
        const QString refusal = q(errorOf([&] { requireIssuable(c); }));
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
        const QString refusal = q(errorOf([&] { requireIssuable(collect(options)); }));
        QVERIFY(refusal.contains("not examined: exhibit 4"));
        for (const char* section : {"case", "exhibits", "method", "likelihood", "integrity", "limits"})
            QVERIFY2(refusal.contains(QString("section \"%1\" is left out").arg(section)), section);
    }

    void taggedExhibits() {
        threeExhibits();
        cases::Tag tag;
        tag.name = "key <evidence>";
        m_case->store().tags().save(tag);
        m_case->store().tags().set(3, tag.id, true);
        ReportOptions options;
        options.tags = {tag.name};
        const ReportContent c = collect(options);
        QCOMPARE(c.exhibits.size(), std::size_t{1});
        QCOMPARE(c.exhibits[0].exhibit.id, cases::RowId{3});
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("1 of 3 exhibits") && html.contains("key &lt;evidence&gt;"));
        options.tags = {"other"};
        QVERIFY(q(errorOf([&] { collect(options); })).startsWith("not_found"));
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

    void jsonFollowsItsSchema() {
        QProcess python;
        python.start("python3", {"-c", "import jsonschema"});
        if (!python.waitForFinished() || python.exitCode() != 0) QSKIP("python3-jsonschema is not installed");
        threeExhibits();
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

    /// A report on a classifier alone is by its own proposition; its results speak of no signature.
    void aClassifierAlone() {
        m_case->addPicture("one.png", 1);
        examine::Finding finding;
        finding.model = "real-or-made";
        finding.modelSha256 = std::string(64, 'c');
        finding.kind = models::Kind::Classifier;
        finding.classes = {"real", "made"};
        finding.scoreLogit = 2.5;
        finding.presence = examine::Presence::Present;
        finding.outside = std::vector<std::string>{"the model has no calibration"};
        m_case->examine({finding});
        const ReportContent c = collect();
        QCOMPARE(q(c.options.title), QString("Examination of images"));
        QVERIFY(q(c.exhibits[0].conclusion.headline).startsWith("real-or-made: more like \"made\""));
        const Json json = Json::parse(written(c, writeJson).toStdString());
        const Json& result = json.at("exhibits").at(0).at("results").at(0);
        QVERIFY(result.at("kind") == "classifier" && result.at("signed").is_null());
        QVERIFY(result.at("presence") == "more like \"made\"");
        for (const char* part : {"limits", "glossary"})
            QVERIFY(!q(json.at(part).dump()).contains("signature", Qt::CaseInsensitive));
        QVERIFY(!q(json.at("exhibits").at(0).at("conclusion").dump()).contains("signature"));
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("Classification: a network that was taught"));
        for (const char* part : {"signature is reported", "Signature detection", "signature found"})
            QVERIFY2(!html.contains(part), part);
    }

    /// Three exhibits, four answers of two models with none of 665 originals over the threshold: the limit
    /// of each at level 1 - 0.05 / 2, summed.
    void falseFindings() {
        threeExhibits();
        const ReportContent c = collect();
        QCOMPARE(c.falseFindings.answers, 4);
        QCOMPARE(c.falseFindings.models, 2);
        QCOMPARE(c.falseFindings.exhibits, 3);
        QCOMPARE(c.falseFindings.outside, 0);
        double bound = 0;
        for (const ExhibitContent& e : c.exhibits)
            for (const ModelResult& r : e.results)
                bound += 1 - std::pow(0.025, 1.0 / r.finding.falsePositiveRate.n);
        QVERIFY2(std::abs(c.falseFindings.bound - bound) < 1e-9,
                 qPrintable(QString::number(c.falseFindings.bound)));
        const QString html = QString::fromUtf8(written(c, writeHtml));
        QVERIFY(html.contains("4 answers of 2 models on 3 exhibits"));
        QVERIFY(html.contains(QString("at most %1 false findings").arg(q(fmt::format("{:.2g}", bound)))));
        // outside the calibration's conditions nothing was measured
        m_case->addPicture("small.png", 4, 128, 128);
        examine::Finding small = CaseBuilder::finding("photo-code32", -18.25);
        small.outside = std::vector<std::string>{"it is too small"};
        m_case->examine({small});
        const ReportContent more = collect();
        QCOMPARE(more.falseFindings.outside, 1);
        QVERIFY(std::abs(more.falseFindings.bound - bound) < 1e-9);
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
        QVERIFY(q(errorOf([&] { collect(options); })).contains("no report version 17"));
    }

    /// A report that could not be recorded is not there; one whose version was taken meanwhile is refused.
    void nothingIsIssuedPastTheRegister() {
        threeExhibits();
        const ReportContent c = collect();
        issue("other.html");
        const QString refusal = q(errorOf(
            [&] { issueReport(m_case->store(), c, at("late.html"), writeHtml, IfExists::Refuse, {}); }));
        QVERIFY2(refusal.startsWith("exists"), qPrintable(refusal));
        QVERIFY(!fs::exists(at("late.html")));
        QVERIFY(q(errorOf([&] { issue("other.html"); })).startsWith("exists"));
        QCOMPARE(m_case->store().reports().all().size(), std::size_t{1});
        QVERIFY(q(errorOf([&] { issue("x.doc"); })).startsWith("bad_option"));
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
        QVERIFY(q(errorOf([&] {
                    requireIssuable(collectReport(store, final, {}, {}));
                })).contains("can only be read"));
    }

    void stops() {
        threeExhibits();
        std::stop_source source;
        source.request_stop();
        WorkContext context{source.get_token(), {}};
        QVERIFY(q(errorOf([&] { collectReport(m_case->store(), {}, {}, context); })).startsWith("cancelled"));
        const ReportContent c = collect();
        for (const char* name : {"a.html", "a.json", "a.csv"}) {
            QVERIFY(q(errorOf([&] {
                        issueReport(m_case->store(), c, at(name), coreWriter(formatOf(name)),
                                    IfExists::Refuse, context);
                    })).startsWith("cancelled"));
            QVERIFY(!fs::exists(at(name)));
        }
        QVERIFY(m_case->store().reports().all().empty());
    }

private:
    /// One with a code of a registered holder and a second model, one without a signature, one in between.
    void threeExhibits() {
        cases::RegisteredCode code;
        code.hex = "4a17c0de";
        code.bits = 32;
        code.model = "photo-code32";
        code.holder = "Press office";
        m_case->store().codes().add(code);
        m_case->addPicture("front.jpg", 1);
        m_case->addPicture("back.png", 2);
        m_case->addPicture("side.jpg", 3);
        m_case->examine({CaseBuilder::finding("photo-code32", 14.5, "5a17c0de"),
                         CaseBuilder::finding("photo-presence", 16)});
        m_case->examine({CaseBuilder::finding("photo-code32", -18.25)});
        m_case->examine({CaseBuilder::finding("photo-code32", 6, "00ff00ff")});
    }

    ReportContent collect(const ReportOptions& options = {}) {
        return collectReport(m_case->store(), options, {}, {});
    }

    cases::IssuedReport issue(const std::string& name, const ReportOptions& options = {}) {
        return issueReport(m_case->store(), collect(options), at(name), coreWriter(formatOf(name)),
                           IfExists::Refuse, {});
    }

    /// A JPEG that its EXIF orientation turns by a quarter.
    static Bytes turnedPicture(int width, int height) {
        Bytes jpeg = image::encode(picture(width, height), {.format = image::Format::Jpeg, .quality = 80});
        static constexpr std::uint8_t kExif[] = {0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M',
                                                 0,    42,   0, 0,  0,   8,   0,   1,   1, 0x12, 0,   3,
                                                 0,    0,    0, 1,  0,   6,   0,   0,   0, 0,    0,   0};
        jpeg.insert(jpeg.begin() + 2, std::begin(kExif), std::end(kExif));
        return jpeg;
    }

    /// As a JSON record can hold it: valid UTF-8.
    static std::string toJsonText(const std::string& text) {
        return QString::fromUtf8(QByteArray::fromStdString(text)).toStdString();
    }

    static void keep(const char* name, const QByteArray& bytes) {
        const QString folder = qEnvironmentVariable("SIGNET_TEST_OUTPUT");
        QFile file(folder + "/" + name);
        if (!folder.isEmpty() && file.open(QIODevice::WriteOnly)) file.write(bytes);
    }
};

SIGNET_TEST(TestReport)
#include "test_report.moc"
