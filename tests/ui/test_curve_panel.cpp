// The panel around the live training plot: its controls, settings and exports.
#include <QAction>
#include <QComboBox>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QToolButton>
#include <limits>

#include "curve_fixture.h"
#include "tests/support/numbers.h"
#include "tests/support/test_program.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/widgets.h"

using namespace signet;
using namespace signet::test;
using ui::CurvePanel;
using ui::CurvePlot;

namespace {

QByteArray contents(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        return "failed: " + process.readAllStandardError();
    return process.readAllStandardOutput();
}

}  // namespace

class TestCurvePanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void metrics();
    void settings();
    void csvExport();
    void pngExport();
    void pdfExport();
    void failedExport();
};

void TestCurvePanel::metrics() {
    CurveFixture f;
    QSignalSpy changed(&f.panel, &CurvePanel::metricChanged);
    QCOMPARE(f.panel.metric(), QString("loss"));
    QTest::keyClick(f.find<QComboBox>("curveMetric"), Qt::Key_Down);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toString(), QString("bit accuracy"));
    f.panel.setMetrics({"psnr", "bit accuracy"});  // a further metric appears: the one shown stays
    QCOMPARE(changed.count(), 1);
    QCOMPARE(f.panel.metric(), QString("bit accuracy"));
    QCOMPARE(f.plot->accessibleName(), QString("Curves of bit accuracy"));
    f.panel.setMetrics({"psnr"});
    QCOMPARE(changed.count(), 2);
    QCOMPARE(f.panel.metric(), QString("psnr"));
    f.panel.setMetrics({});
    QCOMPARE(f.panel.metric(), QString());
}

void TestCurvePanel::settings() {
    CurveFixture f;
    QSignalSpy changed(&f.panel, &CurvePanel::settingsChanged);
    const CurvePanel::Settings wanted{0.25, CurvePlot::Axis::Images, true, true, true};
    f.panel.setSettings(wanted);
    QVERIFY(f.panel.settings() == wanted);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(f.plot->smoothing(), 0.25);
    QVERIFY(f.plot->xAxis() == CurvePlot::Axis::Images);
    QVERIFY(f.plot->isLogX() && f.plot->isLogY() && f.plot->isPercentileRange());
    f.find<QToolButton>("curveLogXButton")->click();
    QCOMPARE(changed.count(), 1);
    QVERIFY(!f.plot->isLogX());
    for (auto* control : f.panel.findChildren<QWidget*>())
        if (control->focusPolicy() & Qt::TabFocus && control->isVisible() &&
            control->parentWidget() == &f.panel)
            QVERIFY2(!control->accessibleName().isEmpty(), qPrintable(control->objectName()));
}

void TestCurvePanel::csvExport() {
    CurveFixture f;
    f.plot->setSmoothing(0.5);
    const std::vector<double> values = wave(20000);
    f.add("a, first", values);
    f.plot->setCurveVisible(f.add("b", {1, kNaN, 3}, 1), false);
    const QTemporaryDir folder;
    const QString name = folder.filePath("loss.csv");
    QSignalSpy exported(&f.panel, &CurvePanel::exported);
    ui::FileDialogs::setNextFileNames({name});
    f.find<QAction>("curveExport-csv")->trigger();
    QTRY_COMPARE(exported.count(), 1);
    const QStringList lines = QString::fromUtf8(contents(name)).split('\n');
    QCOMPARE(lines.size(), 1 + 20000 + 3 + 1);  // every point, hidden curves too
    QCOMPARE(lines[0], QString("curve,step,images,seconds,value,smoothed"));
    for (int i = 0; i < 20000; ++i) {
        const QStringList fields = lines[1 + i].mid(11).split(',');
        QVERIFY(lines[1 + i].startsWith("\"a, first\","));
        QCOMPARE(fields[0].toInt(), i + 1);
        QVERIFY(fields[3].toDouble() == values[static_cast<std::size_t>(i)]);
    }
    QCOMPARE(lines[20002], QString("b,2,32,4,nan,nan"));
    QVERIFY(lines[20003].startsWith("b,3,48,6,3,2.333333333333333"));
}

void TestCurvePanel::pngExport() {
    CurveFixture f;
    f.plot->setSmoothing(0);
    f.add("a", wave(1000));
    QPalette dark;
    dark.setColor(QPalette::Base, Qt::black);
    dark.setColor(QPalette::Text, Qt::white);
    f.plot->setPalette(dark);
    const auto before = f.plot->xRange();
    const QTemporaryDir folder;
    const QString name = folder.filePath("loss.png");
    QSignalSpy exported(&f.panel, &CurvePanel::exported);
    ui::FileDialogs::setNextFileNames({name});
    f.find<QAction>("curveExport-png")->trigger();
    QTRY_COMPARE(exported.count(), 1);
    const QImage image(name);
    QCOMPARE(image.size(), QSize(2160, 1350));
    QCOMPARE(image.pixelColor(3, 3), QColor(Qt::white));  // on paper it is white in every theme
    int line = 0;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            line += image.pixelColor(x, y) == ui::seriesColour(0).onLight;
    QVERIFY2(line > 200, qPrintable(QString::number(line)));
    QVERIFY(same(f.plot->xRange(), before));
    QCOMPARE(f.picture().pixelColor(3, 3), QColor(Qt::black));  // the window is as before
}

void TestCurvePanel::pdfExport() {
    CurveFixture f;
    f.add("run 7", wave(5000));
    const QTemporaryDir folder;
    const QString name = folder.filePath("loss.pdf");
    QSignalSpy exported(&f.panel, &CurvePanel::exported);
    ui::FileDialogs::setNextFileNames({name});
    f.find<QAction>("curveExport-pdf")->trigger();
    QTRY_COMPARE(exported.count(), 1);
    QVERIFY(contents(name).startsWith("%PDF-"));
    const QString toText = QStandardPaths::findExecutable("pdftotext");
    const QString toImages = QStandardPaths::findExecutable("pdfimages");
    if (toText.isEmpty() || toImages.isEmpty()) QSKIP("poppler-utils is not installed");
    const QString text = outputOf(toText, {name, "-"});
    for (const char* word : {"run 7", "loss", "step", "2000"})
        QVERIFY2(text.contains(word), qPrintable(text));
    const QString images = outputOf(toImages, {"-list", name});
    QCOMPARE(images.split('\n', Qt::SkipEmptyParts).size(), 2);  // the heading of the list alone
}

void TestCurvePanel::failedExport() {
    CurveFixture f;
    f.add("a", {1, 2, 3});
    const QTemporaryDir folder;
    for (const char* format : {"csv", "png", "pdf"}) {
        QSignalSpy failed(&f.panel, &CurvePanel::exportFailed);
        ui::FileDialogs::setNextFileNames({folder.filePath("missing/loss.") + format});
        f.find<QAction>((QByteArray("curveExport-") + format).constData())->trigger();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(f.find<ui::NoticeBar>("curveNotice")->text().contains("missing"));
    }
}

SIGNET_TEST(TestCurvePanel)
#include "test_curve_panel.moc"
