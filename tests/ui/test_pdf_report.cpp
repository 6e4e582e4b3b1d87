#include <QGuiApplication>
#include <QStandardPaths>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/examine/claim.h"
#include "core/report/issue.h"
#include "core/report/report_text.h"
#include "support/case_folder.h"
#include "support/pdf_text.h"
#include "tests/support/test_program.h"
#include "ui/report/pdf_report.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {}  // namespace

/// PDF reports read back with poppler.
class TestPdfReport : public QObject, protected CaseFolder {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable("pdftotext").isEmpty()) QSKIP("poppler-utils is not installed");
    }
    void init() { newFolder(); }

    void everythingIsInIt() {
        fewExhibits();
        ReportOptions options;
        options.banner = "RESTRICTED";
        options.logo =
            qEnvironmentVariable("SIGNET_SOURCE_DIR").toStdString() + "/resources/samples/astronaut.png";
        const ReportContent c = collect(options);
        const QString file = write(c, "draft.pdf");
        const QStringList pages = pagesOf(file);
        QVERIFY(pages.size() >= 5);
        for (qsizetype i = 0; i < pages.size(); ++i) {
            QVERIFY2(pages[i].contains("DRAFT"), qPrintable(pages[i]));
            QVERIFY(pages[i].contains(q(c.id)));
            QVERIFY(pages[i].contains("RESTRICTED"));
            QVERIFY(pages[i].contains("Laboratory for Image Examination"));
            QVERIFY(pages[i].contains(QString("Page %1 of %2").arg(i + 1).arg(pages.size())));
        }
        const QString text = pages.join('\n');
        for (const ExhibitContent& e : c.exhibits) {
            QVERIFY2(text.count(q(e.exhibit.sha256)) >= 2, qPrintable(q(e.exhibit.sha256)));
            for (const ModelResult& r : e.results) {
                QVERIFY(text.contains(q(decimal(r.finding.scoreLogit, 2))));
                QVERIFY(text.contains(q(examine::answerOf(r.finding))));
            }
            for (const ConclusionLine& line : e.conclusion.lines)
                QVERIFY2(squeezed(text).contains(squeezed(q(line.text))) || spansPages(line.text, pages),
                         line.text.c_str());
        }
        for (const char* part :
             {"5a17c0de", "31 of 32", "Press office", "+12 logits a cell", "moderately strong support",
              "Tippett plot", "no evidence of authenticity", "1,000,000 and more"})
            QVERIFY2(text.contains(part), part);
        for (const ModelContent& m : c.models) QVERIFY(text.contains(q(m.sha256)));
        QVERIFY(text.contains(q(c.head.hash)));
        QVERIFY(pages.last().contains(q("End of report " + c.id)));
        QCOMPARE(text.count("End of report"), 1);
    }

    void finalIsNoDraft() {
        fewExhibits();
        ReportOptions options;
        options.final = true;
        const QStringList pages = pagesOf(write(collect(options), "final.pdf"));
        for (const QString& page : pages) QVERIFY(!page.contains("DRAFT") && !page.contains("Draft"));
        QVERIFY(pages[0].contains("Final"));
    }

    /// The pages named in the contents are those the sections begin on.
    void contentsNameThePages() {
        fewExhibits();
        const QStringList pages = pagesOf(write(collect({}), "contents.pdf"));
        for (const SectionInfo& info : reportSections()) {
            const QRegularExpression line(QString("(?:^|  ) *%1 +(\\d+)(?: |$)").arg(info.title),
                                          QRegularExpression::MultilineOption);
            const auto match = line.match(pages[0]);
            QVERIFY2(match.hasMatch(), info.title);
            const int page = match.captured(1).toInt();
            QVERIFY(page >= 1 && page <= pages.size());
            const QRegularExpression head(QString("^ *%1 *$").arg(info.title),
                                          QRegularExpression::MultilineOption);
            QVERIFY2(head.match(pages[page - 1]).hasMatch(), info.title);
        }
    }

    void isPdfA() {
        fewExhibits();
        const QString file = write(collect({}), "a.pdf");
        QFile pdf(file);
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        const QByteArray bytes = pdf.readAll();
        QVERIFY(bytes.startsWith("%PDF-1.4"));
        QVERIFY(bytes.contains("<pdfaid:part>1</pdfaid:part>") || bytes.contains("pdfaid:part=\"1\""));
        QVERIFY(bytes.contains("/OutputIntents"));
        static const QRegularExpression kTransparent(
            "/SMask(?! /None)|/ca (?!1\\.0)|/CA (?!1\\.0)|/JavaScript|/AA\\b");
        QVERIFY(!QString::fromLatin1(bytes).contains(kTransparent));
        const QString fonts = QString::fromUtf8(runTool("pdffonts", {file}));
        const QStringList lines = fonts.split('\n', Qt::SkipEmptyParts).mid(2);
        QVERIFY(!lines.isEmpty());
        for (const QString& line : lines) {
            QVERIFY2(line.contains("DejaVu"), qPrintable(line));
            static const QRegularExpression kEmbedded("\\byes +(yes|no) +yes\\b");
            QVERIFY2(kEmbedded.match(line).hasMatch(), qPrintable(line));
        }
    }

    void alteredExhibitInRedWords() {
        fewExhibits();
        const fs::path copy = m_case->store().exhibits().fileOf(m_case->store().exhibits().all()[1]);
        fs::permissions(copy, fs::perms::owner_all);
        writeFileAtomically(copy, std::string("other bytes"), IfExists::Replace);
        const QString file = write(collect({}), "altered.pdf");
        const QStringList pages = pagesOf(file);
        QVERIFY(pages[0].contains("Integrity not confirmed."));
        QVERIFY(squeezed(pages.join('\n')).contains("nopicture:thefileisnottheonetakenin"));
        runTool("pdftoppm", {"-r", "60", "-f", "1", "-l", "1", "-png", file, q(at("altered"))});
        const QImage page(QDir(m_folder->path()).entryInfoList({"altered*.png"}).value(0).filePath());
        int red = 0;
        for (int y = 0; y < page.height(); ++y)
            for (int x = 0; x < page.width(); ++x) {
                const QColor c = page.pixelColor(x, y);
                red += c.red() > 150 && c.green() < 90 && c.blue() < 100;
            }
        QVERIFY(red > 30);
    }

    /// Long and hostile texts wrap inside the page, nothing lies outside its margins, nothing is lost.
    void hostileTexts() {
        cases::CaseInfo info = completeInfo();
        const auto texts = signet::test::hostileTexts();
        info.title = texts[0];
        info.customer = std::string(300, 'W');
        info.fields["deviations"] = texts[13];
        newCase(info);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            std::string name = texts[i].substr(0, 60) + ".png";
            std::replace(name.begin(), name.end(), '/', '_');
            m_case->addPicture(name, static_cast<int>(i));
            m_case->store().exhibits().setNote(static_cast<cases::RowId>(i + 1), texts[i]);
            m_case->store().custody().add(static_cast<cases::RowId>(i + 1), "looked at", texts[i]);
            if (i % 2)
                m_case->fail(texts[i]);
            else
                m_case->examine({CaseBuilder::finding("photo-code32", 12, "5a17c0de")});
            cases::Finding finding;
            finding.exhibit = static_cast<cases::RowId>(i + 1);
            finding.comment = texts[i];
            m_case->store().findings().save(finding);
        }
        ReportOptions options;
        options.title = std::string(400, 'T') + " \u05e9\u05dc\u05d5\u05dd";
        options.banner = texts[10] + std::string(300, 'B');
        const QString file = write(collect(options), "hostile.pdf");
        const QString text = squeezed(pagesOf(file).join('\n'));
        QVERIFY(text.contains("<script>alert(1)</script>"));
        QVERIFY(text.contains("photo[U+202E]gpj.exe"));
        QVERIFY(text.contains("\\input{/etc/passwd}$x^2$\\write18{ls}"));
        QVERIFY(text.contains("bell[U+0007]escape[U+001B][31mred"));
        QVERIFY(text.count('x') >= 40'000);
        // what poppler finds outside the page's margins
        const QString boxes = QString::fromUtf8(runTool("pdftotext", {"-bbox", file, "-"}));
        static const QRegularExpression kWord(
            "<word xMin=\"([-0-9.]+)\" yMin=\"([-0-9.]+)\" xMax=\"([-0-9.]+)\" "
            "yMax=\"([-0-9.]+)\">([^<]*)<");
        int words = 0;
        for (auto it = kWord.globalMatch(boxes); it.hasNext(); ++words) {
            const auto word = it.next();
            if (word.captured(5).contains("DRAFT")) continue;
            QVERIFY2(word.captured(1).toDouble() > 40 && word.captured(3).toDouble() < 556 &&
                         word.captured(2).toDouble() > 15 && word.captured(4).toDouble() < 842 - 20,
                     qPrintable(word.captured(0)));
        }
        QVERIFY(words > 1000);
    }

    void preview() {
        fewExhibits();
        const ReportContent c = collect({});
        const ui::ReportPages pages = ui::renderReportPages(c, 1, 2, 72, {});
        QCOMPARE(pages.images.size(), std::size_t{2});
        QCOMPARE(pages.images[0].size(), QSize(595, 841));
        QCOMPARE(pages.pages, pagesOf(write(c, "same.pdf")).size());
        QVERIFY(ui::renderReportPages(c, 100, 5, 72, {}).images.empty());
    }

    void failuresAndStopsLeaveNothing() {
        fewExhibits();
        const ReportContent c = collect({});
        int parts = 0;
        const auto failing = [&](std::span<const std::uint8_t>) {
            if (++parts > 20) throw Error(ErrorCode::DiskFull, "no space");
        };
        QVERIFY_EXCEPTION_THROWN(ui::writePdf(c, failing, {}), Error);
        std::stop_source source;
        source.request_stop();
        QVERIFY(errorOf([&] {
                    issueReport(m_case->store(), c, at("stopped.pdf"), ui::writePdf, IfExists::Refuse,
                                {source.get_token(), {}});
                }).startsWith("cancelled"));
        QVERIFY(!fs::exists(at("stopped.pdf")));
        QVERIFY(m_case->store().reports().all().empty());
    }

private:
    void fewExhibits() {
        newCase();
        cases::RegisteredCode code;
        code.hex = "4a17c0de";
        code.bits = 32;
        code.holder = "Press office";
        m_case->store().codes().add(code);
        m_case->addPicture("front of the warehouse.jpg", 1, 640, 480);
        m_case->addPicture("portrait.png", 2, 300, 520);
        m_case->addPicture("panorama.jpg", 3, 900, 300);
        m_case->addPicture("damaged.jpg", 4);
        m_case->examine({CaseBuilder::finding("photo-code32", 14.5, "5a17c0de"),
                         CaseBuilder::finding("photo-presence", 16)});
        m_case->examine({CaseBuilder::finding("photo-code32", -18.25)});
        m_case->examine({CaseBuilder::finding("photo-code32", 6, "00ff00ff")});
        m_case->fail("the JPEG data ends early");
        cases::Finding finding;
        finding.exhibit = 1;
        finding.status = cases::FindingStatus::Warning;
        finding.comment = "The evidence map is low over the sign at the door; compare with exhibit 2.";
        finding.region = {120, 80, 60, 40};
        m_case->store().findings().save(finding);
    }

    ReportContent collect(const ReportOptions& options) {
        return collectReport(m_case->store(), options, {}, {});
    }

    QString write(const ReportContent& content, const std::string& name) {
        issueReport(m_case->store(), content, at(name), ui::writePdf, IfExists::Refuse, {});
        if (const QString folder = qEnvironmentVariable("SIGNET_TEST_OUTPUT"); !folder.isEmpty()) {
            QFile::remove(folder + "/" + q(name));
            QFile::copy(q(at(name)), folder + "/" + q(name));
        }
        return q(at(name));
    }

    /// A paragraph that a page break cuts has the page's furniture in its middle: its sentences are looked
    /// for alone.
    static bool spansPages(const std::string& text, const QStringList& pages) {
        const QString all = squeezed(pages.join('\n'));
        for (const QString& sentence : q(text).split(". ")) {
            const QString wanted = squeezed(sentence);
            if (!all.contains(wanted.left(wanted.size() / 2)) &&
                !all.contains(wanted.right(wanted.size() / 2)))
                return false;
        }
        return true;
    }
};

SIGNET_TEST(TestPdfReport)
#include "test_pdf_report.moc"
