#include <sys/resource.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>

#include "core/base/file_io.h"
#include "core/image/encode.h"
#include "support/case_builder.h"
#include "support/cli_process.h"
#include "support/pictures.h"
#include "tests/support/soak.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

constexpr double kMiBAllowed = 1024;
constexpr int kSoak = 500;  ///< exhibits

/// Peak resident memory of the largest child so far, MiB.
double childrenPeakMiB() {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

/// 500 exhibits of 12 megapixels in each format (30 but in a soak; their pixels, kept, would be too much): at
/// most 1 GiB; how long it takes is printed. SIGNET_TEST_EXHIBITS chooses another number.
class TestReportSize : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_count = qEnvironmentVariableIntValue("SIGNET_TEST_EXHIBITS");
        if (m_count <= 0) m_count = test::repeats(kSoak) == kSoak ? kSoak : 30;
        QVERIFY(m_folder.isValid());
        m_case = std::make_unique<CaseBuilder>(at("case"));
        const auto jpeg = image::encode(picture(4000, 3000), {.format = image::Format::Jpeg, .quality = 88});
        const examine::Finding finding = CaseBuilder::finding("photo-code32", 14.5, "5a17c0de");
        for (int i = 0; i < m_count; ++i) {
            Bytes bytes = jpeg;  // bytes after the picture make each file another one
            for (const char c : std::to_string(i)) bytes.push_back(static_cast<std::uint8_t>(c));
            m_case->add("IMG_" + std::to_string(1000 + i) + ".jpg", bytes);
            m_case->examineLike(finding, image::Format::Jpeg, 4000, 3000);
        }
        qInfo("%d exhibits of %.1f MB", m_count, static_cast<double>(jpeg.size()) / 1e6);
    }

    void report_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"r.csv", "r.json", "r.html", "r.pdf"}) QTest::newRow(name) << name;
    }
    void report() {
        QFETCH(QString, name);
        const QString output = QString::fromStdString(at(name.toStdString()));
        RunOptions options;
        options.timeoutMs = 600'000;
        QElapsedTimer timer;
        timer.start();
        const Run run = runSignet(
            {"case", "report", QString::fromStdString(m_case->location()), "-o", output, "--json"}, options);
        const double seconds = static_cast<double>(timer.elapsed()) / 1000;
        if (run.err.contains("this build writes no PDF")) QSKIP("built without Qt");
        QVERIFY2(run.status == 0, run.err.constData());
        rusage usage{};
        getrusage(RUSAGE_CHILDREN, &usage);
        const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
        qInfo("%s: %.1f s (%.0f CPU s of all so far), peak %.0f MiB, %.1f MB", qPrintable(name), seconds, cpu,
              childrenPeakMiB(), static_cast<double>(QFileInfo(output).size()) / 1e6);
        if (name == "r.pdf" && !QStandardPaths::findExecutable("pdfinfo").isEmpty()) {
            QProcess info;
            info.start("pdfinfo", {output});
            QVERIFY(info.waitForFinished());
            const QByteArray text = info.readAll();
            qInfo("%s", text.mid(text.indexOf("Pages")).left(20).trimmed().constData());
        }
        QVERIFY(childrenPeakMiB() <= kMiBAllowed);
    }

private:
    std::string at(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

    QTemporaryDir m_folder;
    std::unique_ptr<CaseBuilder> m_case;
    int m_count = 0;
};

SIGNET_TEST(TestReportSize)
#include "test_report_size.moc"
