// How a PDF report is set: what stands together, what is broken where, how long it is. Read back with
// poppler.

#include <QStandardPaths>

#include "core/base/file_io.h"
#include "core/image/encode.h"
#include "core/report/document.h"
#include "core/report/report_text.h"
#include "support/case_folder.h"
#include "support/pdf_text.h"
#include "tests/support/test_program.h"
#include "ui/report/pdf_report.h"

using namespace signet;
using namespace signet::report;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kLongName =
    "IMG_2026-04-12_front-of-the-warehouse_after_the-delivery_second-visit_final.version-2.jpg";
constexpr double kPageText = 842 - 55 - 49;  ///< pt of text on a page

/// The lines of a page's text, without its header and footer.
QStringList bodyOf(const QString& page) {
    QStringList lines;
    for (const QString& line : page.split('\n'))
        if (!line.trimmed().isEmpty()) lines << line.simplified();
    while (!lines.isEmpty() && !lines.last().contains(" of ")) lines.removeLast();
    if (!lines.isEmpty()) lines.removeLast();  // page x of y
    return lines.mid(1);
}

/// Where words stand: page, top and bottom in points.
struct Word {
    int page;
    double top;
    double bottom;
    QString text;
};
QList<Word> wordsOf(const QString& pdf) {
    QList<Word> words;
    static const QRegularExpression kItem(
        "<page |<word xMin=\"[-0-9.]+\" yMin=\"([-0-9.]+)\" xMax=\"[-0-9.]+\" yMax=\"([-0-9.]+)\">([^<]*)<");
    const QString boxes = QString::fromUtf8(runTool("pdftotext", {"-bbox", pdf, "-"}));
    int page = 0;
    for (auto it = kItem.globalMatch(boxes); it.hasNext();) {
        const auto item = it.next();
        if (item.captured(1).isEmpty())
            ++page;
        else
            words.append({page, item.captured(1).toDouble(), item.captured(2).toDouble(), item.captured(3)});
    }
    return words;
}

}  // namespace

class TestPdfLayout : public QObject, protected CaseFolder {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (QStandardPaths::findExecutable("pdftotext").isEmpty()) QSKIP("poppler-utils is not installed");
    }
    void init() { newFolder(); }

    /// An exhibit, both models, a registered code, findings with regions, pictures: six pages.
    void oneExhibitMakesSixPages_data() {
        QTest::addColumn<bool>("final");
        QTest::addColumn<QString>("name");
        QTest::newRow("draft") << false << "front.jpg";
        QTest::newRow("final") << true << "front.jpg";
        QTest::newRow("long name") << true << kLongName;
    }
    void oneExhibitMakesSixPages() {
        QFETCH(bool, final);
        QFETCH(QString, name);
        oneExhibit(name.toStdString());
        ReportOptions options;
        options.final = final;
        const qsizetype pages = pagesOf(write(options, "one.pdf")).size();
        QVERIFY2(pages <= 6, qPrintable(QString("%1 pages").arg(pages)));
    }

    /// What tells of the training is printed for those who ask.
    void trainingOnRequest() {
        oneExhibit("front.jpg");
        const QString without = pagesOf(write({}, "without.pdf")).join('\n');
        QVERIFY(!without.contains("signet train") && !without.contains("resources/presets"));
        QVERIFY(without.contains("What it detects") &&
                without.contains("in their cards (signet model show)"));
        Json json = toJson(ReportOptions());
        json["trainingHistory"] = true;
        const QString with = pagesOf(write(reportOptionsFromJson(json), "with.pdf")).join('\n');
        QVERIFY(with.contains("signet train presence") && with.contains("signet train code32"));
    }

    /// From a card's heading to the next one.
    void aCardIsOnePage() {
        oneExhibit("front.jpg");
        ReportOptions options;
        options.sections = {"models"};
        const QList<Word> words = wordsOf(write(options, "cards.pdf"));
        QList<double> at;  // in points from the top of the first page's text
        for (qsizetype i = 1; i < words.size(); ++i) {
            const bool card = words[i].text.startsWith("photo-") && words[i - 1].text == "Model";
            const bool end = words[i].text == "Authorisation" && words[i].page > 1;
            if (card || end) at << (words[i].page - 1) * kPageText + words[i].top;
        }
        QCOMPARE(at.size(), 3);
        for (qsizetype i = 1; i < at.size(); ++i)
            QVERIFY2(at[i] - at[i - 1] < kPageText, qPrintable(QString::number(at[i] - at[i - 1])));
    }

    /// Whatever stands before them, no heading and no header of a table is the last on its page, and no
    /// paragraph leaves its first line there.
    void headingsHaveCompany() {
        severalExhibits();
        ReportOptions options;
        options.thumbnails = options.evidenceMaps = false;
        ReportContent c = collectReport(m_case->store(), options, {}, {});
        QStringList headings;
        QList<QStringList> headers;
        writeDocument(c, [&](const Block& block) {
            if (const auto* heading = std::get_if<Heading>(&block)) headings << q(heading->text).simplified();
            if (const auto* table = std::get_if<Table>(&block)) {
                headers.emplace_back();
                for (const Column& column : table->columns) headers.last() << q(column.title).split(' ');
            }
        });
        QVERIFY(headings.size() > 30 && headers.size() > 8);
        const auto field = std::find_if(c.fields.begin(), c.fields.end(),
                                        [](const FieldContent& f) { return f.key == "description"; });
        QVERIFY(field != c.fields.end());
        for (int lines = 1; lines <= 40; lines += 2) {  // less than a heading and the line below it are high
            field->value = "line";
            for (int i = 1; i < lines; ++i) field->value += "\nline";
            const QString file = q(at("shifted.pdf"));
            writeContent(c, file);
            const QStringList pages = pagesOf(file);
            for (qsizetype page = 0; page + 1 < pages.size(); ++page) {
                const QStringList body = bodyOf(pages[page]);
                QVERIFY(!body.isEmpty());
                const QString& last = body.last();
                const QString where = QString("%1 lines, page %2: %3").arg(lines).arg(page + 1).arg(last);
                QVERIFY2(!headings.contains(last), qPrintable(where));
                // a header of one line has several words; of a word alone the line before belongs to it
                for (const QStringList& header : headers) {
                    const auto isOfHeader = [&](const QString& line) {
                        const QStringList words = line.split(' ');
                        return std::all_of(words.begin(), words.end(),
                                           [&](const QString& word) { return header.contains(word); });
                    };
                    const bool alone =
                        isOfHeader(last) && (last.contains(' ') || isOfHeader(body.value(body.size() - 2)));
                    QVERIFY2(!alone, qPrintable(where));
                }
            }
        }
    }

    /// Names, hashes and codes are found whole by those who copy them, and where they are too long for a line
    /// they are broken before a mark or after a slash.
    void namesAreNotBroken() {
        severalExhibits();
        const QString file = write({}, "names.pdf");
        const QString raw = pagesOf(file, "-raw").join('\n');
        const QStringList lines = raw.split('\n');
        for (const QString& line : lines) {
            static const QRegularExpression kHyphen("\\w-$");
            QVERIFY2(!line.contains(kHyphen), qPrintable(line));
        }
        for (const cases::Exhibit& e : m_case->store().exhibits().all())
            QVERIFY(raw.count(q(e.sha256)) >= 3);  // on one line, in the path of the copy too
        for (const char* whole : {"photo-code32", "photo-presence", "5a17c0de", "signature found"})
            QVERIFY2(raw.contains(whole), whole);
        for (const char* part : {"photo-\n", "photo\n-", "photo-pres\n", "5a17\nc0de"})
            QVERIFY2(!raw.contains(part), part);
        const QString name(kLongName);
        QString together = raw;
        QVERIFY(together.remove('\n').count(name) >= 3);
        int parts = 0;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            for (qsizetype length = 10; length < name.size(); ++length) {
                if (!lines[i].endsWith(name.left(length)) || i + 1 >= lines.size()) continue;
                if (!lines[i + 1].startsWith(name.mid(length, 3))) continue;
                ++parts;
                QVERIFY2(QString("-_.").contains(name[length]), qPrintable(lines[i]));
            }
        }
        QVERIFY(parts > 0);
    }

    void settingsInWords() {
        oneExhibit("front.jpg");
        const QString text = pagesOf(write({}, "words.pdf")).join('\n').simplified();
        QVERIFY(!text.contains("{\"") && !text.contains("\":") && !text.contains("[120"));
        QVERIFY(text.contains("models photo-code32 and photo-presence; parts of the image (tiles) not"));
        QVERIFY(text.contains("region x 120, y 80, 60 × 40 px"));
    }

    /// The outline lies on the picture where the region lies in the image.
    void regionsAreDrawn() {
        constexpr int kWidth = 1600;
        constexpr int kHeight = 1200;
        newCase();
        image::Image flat;
        flat.width = kWidth;
        flat.height = kHeight;
        flat.channels = 3;
        flat.depth = 8;
        flat.data.resize(flat.sampleCount());
        for (std::size_t i = 0; i < flat.data.size(); ++i) flat.data[i] = i % 3 == 2 ? 220 : 30;
        m_case->add("flat.png", image::encode(flat, {.format = image::Format::Png}));
        m_case->examine({CaseBuilder::finding("photo-presence", 16)});
        addFinding(1, "in the middle", {400, 300, 800, 450});
        ReportOptions options;
        options.sections = {"findings"};
        const QString file = write(options, "region.pdf");
        runTool("pdftoppm", {"-r", "144", "-png", file, q(at("region"))});
        QRect picture;
        QRect outline;
        const QFileInfoList rendered = QDir(m_folder->path()).entryInfoList({"region*.png"});
        for (const QFileInfo& page : rendered) {
            const QImage image(page.filePath());
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QColor c = image.pixelColor(x, y);
                    if (c.blue() > 180 && c.red() < 70 && c.green() < 70) picture |= QRect(x, y, 1, 1);
                    if (c.red() > 230 && c.green() > 180 && c.blue() < 120) outline |= QRect(x, y, 1, 1);
                }
            }
            if (!picture.isNull()) break;
        }
        QVERIFY(picture.width() > 200 && !outline.isNull());
        const auto near = [](double is, double wanted) { return std::abs(is - wanted) < 0.02; };
        const auto share = [&](double at, double whole) { return at / whole; };
        QVERIFY(near(share(outline.left() - picture.left(), picture.width()), 400.0 / kWidth));
        QVERIFY(near(share(outline.top() - picture.top(), picture.height()), 300.0 / kHeight));
        QVERIFY(near(share(outline.width(), picture.width()), 800.0 / kWidth));
        QVERIFY(near(share(outline.height(), picture.height()), 450.0 / kHeight));
    }

    void propositionsOnceAModel() {
        severalExhibits();
        const QString text = squeezed(pagesOf(write({}, "propositions.pdf")).join('\n'));
        QCOMPARE(text.count("H1:theimage"), 2);
        QCOMPARE(text.count("H2:theimage"), 2);
    }

    void trueMinusSigns() {
        newCase();
        m_case->addPicture("front.jpg", 1, 640, 480);
        m_case->examine(
            {CaseBuilder::finding("photo-code32", -18.25), CaseBuilder::finding("photo-presence", -20.5)});
        const QString text = pagesOf(write({}, "minus.pdf")).join('\n');
        QVERIFY(text.contains(QString::fromUtf8("−18.25")) && text.contains(QString::fromUtf8("−12")));
        static const QRegularExpression kHyphen("(^|[\\s(])-[0-9]");
        const auto wrong = kHyphen.match(text);
        QVERIFY2(!wrong.hasMatch(), qPrintable(text.mid(wrong.capturedStart(), 60)));
    }

    /// A letter beyond the fonts stands by its number, wherever it is written.
    void lettersWithoutGlyph() {
        cases::CaseInfo info = completeInfo();
        info.title = "Party \U0001F600 pictures";
        info.customer = "Court \U00020BB7";
        newCase(info);
        m_case->addPicture("beach \U0001F389.jpg", 1);
        m_case->examine({CaseBuilder::finding("photo-presence", 16)});
        m_case->store().exhibits().setNote(1, "note \U0001F4F7");
        addFinding(1, "comment \U0001F50D", nullptr);
        ReportOptions options;
        options.title = "Report \U0001F4C4";
        options.banner = "SECRET \U0001F512";
        const QString text = pagesOf(write(options, "letters.pdf")).join('\n');
        for (const char* shown :
             {"Party [U+1F600] pictures", "Court [U+20BB7]", "beach [U+1F389].jpg", "note [U+1F4F7]",
              "comment [U+1F50D]", "Report [U+1F4C4]", "SECRET [U+1F512]"})
            QVERIFY2(text.contains(shown), shown);
    }

private:
    void addFinding(cases::RowId exhibit, const std::string& comment, const Json& region) {
        cases::Finding finding;
        finding.exhibit = exhibit;
        finding.comment = comment;
        finding.region = region;
        m_case->store().findings().save(finding);
    }

    void registerCode() {
        cases::RegisteredCode code;
        code.hex = "5a17c0df";
        code.bits = 32;
        code.holder = "Press office";
        m_case->store().codes().add(code);
    }

    void oneExhibit(const std::string& name) {
        newCase();
        registerCode();
        m_case->addPicture(name, 1, 640, 480);
        m_case->examine({CaseBuilder::finding("photo-code32", 14.5, "5a17c0de"),
                         CaseBuilder::finding("photo-presence", 16)});
        addFinding(1, "The evidence map is low over the sign at the door.", {120, 80, 60, 40});
        addFinding(1, "The sky is even.", {10, 10, 300, 90});
    }

    void severalExhibits() {
        newCase();
        registerCode();
        m_case->addPicture("front.jpg", 1, 640, 480);
        m_case->addPicture(kLongName, 2, 640, 480);
        m_case->addPicture("portrait.png", 3, 300, 520);
        m_case->examine({CaseBuilder::finding("photo-code32", 14.5, "5a17c0de"),
                         CaseBuilder::finding("photo-presence", 16)});
        m_case->examine(
            {CaseBuilder::finding("photo-code32", -18.25), CaseBuilder::finding("photo-presence", -20.5)});
        m_case->fail("the JPEG data ends early");
        addFinding(1, "The evidence map is low over the sign at the door.", {120, 80, 60, 40});
        addFinding(2, "Compare with exhibit 1.", nullptr);
    }

    static void writeContent(const ReportContent& content, const QString& file) {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        ui::writePdf(content,
                     [&](std::span<const std::uint8_t> part) {
                         out.write(reinterpret_cast<const char*>(part.data()),
                                   static_cast<qint64>(part.size()));
                     },
                     {});
    }

    QString write(const ReportOptions& options, const std::string& name) {
        QString file = q(at(name));
        writeContent(collectReport(m_case->store(), options, {}, {}), file);
        if (const QString folder = qEnvironmentVariable("SIGNET_TEST_OUTPUT"); !folder.isEmpty()) {
            QFile::remove(folder + "/layout-" + q(name));
            QFile::copy(file, folder + "/layout-" + q(name));
        }
        return file;
    }
};

SIGNET_TEST(TestPdfLayout)
#include "test_pdf_layout.moc"
