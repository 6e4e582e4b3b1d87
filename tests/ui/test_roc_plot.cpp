// The plots of the ROC page by themselves: mouse, keys, themes, exports.
#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "core/base/file_io.h"
#include "core/base/random.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/plot/roc_plot.h"
#include "ui/plot/score_histogram.h"
#include "ui/roc/roc_text.h"
#include "ui/style/theme.h"

using namespace signet;
using ui::RocPlot;
using ui::ScoreHistogram;

namespace {

RocPlot::Series seriesOf(quint64 id, const QString& name, int n, double shift) {
    StepRandom random(3, id, 1);
    std::vector<double> scores;
    std::vector<int> labels;
    for (int i = 0; i < 2 * n; ++i) {
        labels.push_back(i % 2);
        scores.push_back(random.normal() + (i % 2 ? shift : 0));
    }
    const auto roc = std::make_shared<metrics::Roc>(metrics::computeRoc(scores, labels));
    return {id,   name, static_cast<int>(id) - 1,
            true, roc,  std::make_shared<metrics::RocBand>(metrics::rocBand(*roc))};
}

/// A RocPlot with two curves, the first of them current, that follows what is chosen.
struct RocPlotFixture {
    RocPlotFixture() {
        plot.resize(500, 420);
        plot.setSeries(
            {seriesOf(1, QStringLiteral("first"), 200, 2), seriesOf(2, QStringLiteral("second"), 50, 1)});
        plot.setCurrent(1);
        roc = seriesOf(1, {}, 200, 2).roc;
        QObject::connect(&plot, &RocPlot::pointChosen, &plot, [this](std::size_t at) { choose(at); });
        choose(100);
        plot.show();
        if (!QTest::qWaitForWindowExposed(&plot)) qWarning("the plot is not exposed");
    }
    void choose(std::size_t at) {
        index = at;
        plot.setOperatingPoint(metrics::operatingPointAt(*roc, metrics::thresholdOf(*roc, at)));
    }
    QWidget* canvas() const { return plot.findChild<QWidget*>(QStringLiteral("rocCanvas")); }

    RocPlot plot;
    std::shared_ptr<const metrics::Roc> roc;
    std::size_t index = 0;
};

}  // namespace

class TestRocPlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clickAndDragFollowTheCurve_data() {
        QTest::addColumn<bool>("logFpr");
        QTest::newRow("linear") << false;
        QTest::newRow("logarithmic") << true;
    }
    void clickAndDragFollowTheCurve() {
        QFETCH(bool, logFpr);
        RocPlotFixture f;
        f.plot.setLogFpr(logFpr);
        QCoreApplication::processEvents();
        const auto at = [&](std::size_t index) {
            const metrics::RocPoint& point = f.roc->points[index];
            return f.canvas()->mapFrom(&f.plot, f.plot.pixelAt({point.fpr, point.tpr}).toPoint());
        };
        QTest::mousePress(f.canvas(), Qt::LeftButton, {}, at(150));
        QVERIFY(f.index >= 145 && f.index <= 155);
        QTest::mouseMove(f.canvas(), at(250) + QPoint(2, 2));
        QVERIFY2(f.index >= 240 && f.index <= 260, qPrintable(QString::number(f.index)));
        QTest::mouseRelease(f.canvas(), Qt::LeftButton, {}, at(250));
        const std::size_t before = f.index;
        QTest::mouseMove(f.canvas(), at(100));
        QCOMPARE(f.index, before);  // no button is held
    }

    void keysStepAlongTheCurve() {
        RocPlotFixture f;
        f.plot.setFocus();
        const std::size_t last = f.roc->points.size() - 1;
        const std::pair<Qt::Key, std::size_t> steps[] = {
            {Qt::Key_Right, 101}, {Qt::Key_Left, 100}, {Qt::Key_PageUp, 108}, {Qt::Key_PageDown, 100},
            {Qt::Key_Home, 0},    {Qt::Key_Left, 0},   {Qt::Key_End, last},   {Qt::Key_Up, last}};
        for (const auto& [key, wanted] : steps) {
            QTest::keyClick(&f.plot, key);
            QCOMPARE(f.index, wanted);
        }
    }

    void zoomAndBack() {
        RocPlotFixture f;
        const QPointF before = f.plot.pixelAt({0.5, 0.5});
        QTest::keyClick(&f.plot, Qt::Key_Plus);
        QVERIFY(f.plot.pixelAt({0.9, 0.9}) != before);
        QTest::keyClick(&f.plot, Qt::Key_0);
        QCOMPARE(f.plot.pixelAt({0.5, 0.5}), before);
    }

    void bandsAndThemesAreSeen() {
        RocPlotFixture f;
        const auto shot = [&] {
            QCoreApplication::processEvents();
            return f.plot.grab().toImage();
        };
        QPalette light = ui::themePalette(false);
        f.plot.setPalette(light);
        const QImage with = shot();
        f.plot.setBandsVisible(false);
        QVERIFY(shot() != with);
        f.plot.setBandsVisible(true);
        QCOMPARE(shot(), with);
        f.plot.setPalette(ui::themePalette(true));
        QVERIFY(shot()
                    .scaled(1, 1, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                    .pixelColor(0, 0)
                    .lightness() < 70);
        QVERIFY(f.plot.accessibleDescription().contains(QStringLiteral("first: AUC")));
        QVERIFY(f.plot.accessibleDescription().contains(QStringLiteral("operating point")));
    }

    void exportsAreWhite_data() {
        QTest::addColumn<RocPlot::Format>("format");
        QTest::addColumn<QByteArray>("magic");
        QTest::newRow("png") << RocPlot::Format::Png << QByteArray("\x89PNG");
        QTest::newRow("pdf") << RocPlot::Format::Pdf << QByteArray("%PDF");
    }
    void exportsAreWhite() {
        QFETCH(RocPlot::Format, format);
        QFETCH(QByteArray, magic);
        RocPlotFixture f;
        f.plot.setPalette(ui::themePalette(true));
        const QTemporaryDir folder;
        const auto path = ui::toPath(folder.filePath(QStringLiteral("roc")));
        QCoreApplication::processEvents();
        const auto before = f.plot.grab().toImage();
        f.plot.prepareExport(format)(path);
        QCoreApplication::processEvents();
        QCOMPARE(f.plot.grab().toImage(), before);
        const Bytes bytes = readFile(path);
        QVERIFY(QByteArray(reinterpret_cast<const char*>(bytes.data()), 5).startsWith(magic));
        if (format == RocPlot::Format::Png)
            QCOMPARE(QImage::fromData(bytes.data(), static_cast<int>(bytes.size())).pixelColor(2, 2),
                     QColor(Qt::white));
    }

    void nothingToShowIsNoCrash() {
        RocPlot plot;
        plot.setCurrent(7);
        plot.setOperatingPoint(std::nullopt);
        plot.setLogFpr(true);
        plot.show();
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::mouseClick(plot.findChild<QWidget*>(QStringLiteral("rocCanvas")), Qt::LeftButton);
        ScoreHistogram histogram;
        histogram.show();
        QTest::mouseClick(histogram.findChild<QWidget*>(QStringLiteral("histogramCanvas")), Qt::LeftButton);
        const std::vector<double> same{2, 2};
        histogram.setScores(same, same);
        QCoreApplication::processEvents();
    }

    void histogramLineIsDragged() {
        ScoreHistogram histogram;
        histogram.resize(500, 200);
        histogram.setScores(std::vector<double>{1, 2, 3}, std::vector<double>{-3, -2, -1});
        histogram.setThreshold(0);
        histogram.setCalibrated(0.5);
        histogram.show();
        QVERIFY(QTest::qWaitForWindowExposed(&histogram));
        QSignalSpy dragged(&histogram, &ScoreHistogram::thresholdDragged);
        QSignalSpy stepped(&histogram, &ScoreHistogram::stepWanted);
        auto* canvas = histogram.findChild<QWidget*>(QStringLiteral("histogramCanvas"));
        const auto at = [&](double score) {
            return canvas->mapFrom(&histogram,
                                   QPoint(qRound(histogram.pixelAt(score)), histogram.height() / 2));
        };
        QTest::mousePress(canvas, Qt::LeftButton, {}, at(1.5));
        QTest::mouseMove(canvas, at(-2.5));
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, at(-2.5));
        QVERIFY(dragged.size() >= 2);
        QVERIFY(std::abs(dragged.front().front().toDouble() - 1.5) < 0.03);
        QVERIFY(std::abs(dragged.back().front().toDouble() + 2.5) < 0.03);
        QVERIFY(QString::number(dragged.front().front().toDouble()).size() <= 6);  // no digits of no meaning
        QTest::keyClick(&histogram, Qt::Key_Right);
        QTest::keyClick(&histogram, Qt::Key_Left);
        QCOMPARE(stepped.size(), 2);
        QCOMPARE(stepped.front().front().toInt(), 1);
    }

    void sharesNeverRoundToNothingOrAll_data() {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << 0.0 << "0 %";
        QTest::newRow("all") << 1.0 << "100 %";
        QTest::newRow("half") << 0.5 << "50.0 %";
        QTest::newRow("most") << 0.982 << "98.2 %";
        QTest::newRow("nearly all") << 0.9996 << "99.960 %";
        QTest::newRow("few") << 0.0049 << "0.49 %";
        QTest::newRow("hardly any") << 1e-5 << "0.0010 %";
    }
    void sharesNeverRoundToNothingOrAll() {
        QFETCH(double, share);
        QFETCH(QString, text);
        QCOMPARE(ui::shareText(share), text);
    }
};

SIGNET_TEST(TestRocPlot)
#include "test_roc_plot.moc"
