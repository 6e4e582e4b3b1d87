// The image canvas and the viewer around it: zoom, read-out, overlay, levels.
#include <QAction>
#include <QLabel>
#include <QSignalSpy>
#include <QWheelEvent>

#include "tests/support/test_program.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/style/theme.h"
#include "ui/viewer/evidence_map.h"
#include "ui/viewer/image_canvas.h"
#include "ui/viewer/viewer_panel.h"

using namespace signet;

namespace {

/// Pixel (x, y) is (x, y, 7) modulo 256.
ui::LoadedImagePtr ramp(int width, int height) {
    image::Image picture = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            auto* pixel = &picture.data[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                             static_cast<std::size_t>(x))];
            pixel[0] = static_cast<std::uint8_t>(x);
            pixel[1] = static_cast<std::uint8_t>(y);
            pixel[2] = 7;
        }
    }
    return ui::wrapImage(std::move(picture));
}

ui::LoadedImagePtr flat(int level) {
    image::Image picture = image::makeImage(200, 100, 3);
    std::fill(picture.data.begin(), picture.data.end(), static_cast<std::uint8_t>(level));
    return ui::wrapImage(std::move(picture));
}

}  // namespace

class TestViewer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void zoomLimits();
    void wheelKeepsThePixelUnderThePointer();
    void pixelsAreExactAbove100Percent();
    void gridAppearsFrom8x();
    void readoutShowsTheSample();
    void sixteenBitReadout();
    void overlayChangesPixels();
    void outlinesAreDrawn();
    void deviationsAreNoLogits();
    void evidenceCells();
    void levelsHalve();
    void splitShowsBoth();
    void differenceIsAmplified();
};

void TestViewer::zoomLimits() {
    ui::ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(ramp(800, 600));
    QVERIFY(canvas.isFitted());
    QCOMPARE(canvas.zoom(), 0.5);
    canvas.setZoom(1000);
    QCOMPARE(canvas.zoom(), ui::kMaxZoom);
    canvas.setZoom(1e-6);
    QCOMPARE(canvas.zoom(), 1.0 / 32);
    canvas.zoomToActual();
    QCOMPARE(canvas.zoom(), 1.0);
    canvas.zoomToFit();
    QCOMPARE(canvas.zoom(), 0.5);
    canvas.setImage(ramp(20, 20));
    QCOMPARE(canvas.zoom(), 15.0);  // small images grow by whole factors
    QTest::keyClick(&canvas, Qt::Key_Right);
    QVERIFY(!canvas.isFitted());
}

void TestViewer::wheelKeepsThePixelUnderThePointer() {
    ui::ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(ramp(800, 600));
    const QPointF at(120, 90);
    const QPointF before = canvas.toImage(at);
    QWheelEvent wheel(at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&canvas, &wheel);
    QVERIFY(canvas.zoom() > 0.55);
    const QPointF after = canvas.toImage(at);
    QVERIFY(QLineF(before, after).length() < 1e-6);
}

void TestViewer::pixelsAreExactAbove100Percent() {
    ui::ImageCanvas canvas;
    canvas.resize(200, 200);
    canvas.setImage(ramp(100, 100));
    canvas.setZoom(4);
    const QImage grabbed = canvas.grab().toImage();
    for (const QPoint& point : {QPoint(50, 60), QPoint(101, 99), QPoint(150, 10)}) {
        const QPointF pixel = canvas.toImage(QPointF(point) + QPointF(0.5, 0.5));
        const QColor expected(static_cast<int>(pixel.x()), static_cast<int>(pixel.y()), 7);
        QCOMPARE(grabbed.pixelColor(point), expected);
    }
}

void TestViewer::gridAppearsFrom8x() {
    ui::ImageCanvas canvas;
    canvas.resize(200, 200);
    canvas.setImage(ramp(100, 100));
    const auto onEdge = [&canvas] {
        const QImage grabbed = canvas.grab().toImage();
        const QPointF edge = canvas.toWidget(QPointF(50, 50));
        return grabbed.pixelColor(edge.toPoint()).blue();
    };
    canvas.setZoom(7);
    QCOMPARE(onEdge(), 7);
    canvas.setZoom(8);
    QVERIFY(onEdge() > 30);
}

void TestViewer::readoutShowsTheSample() {
    ui::ViewerPanel panel;
    panel.resize(600, 400);
    panel.showImage(ramp(100, 80));
    auto* canvas = panel.canvas();
    canvas->resize(500, 300);
    canvas->setZoom(2);
    const QPointF at = canvas->toWidget(QPointF(33.5, 44.5));
    QTest::mouseMove(canvas, at.toPoint());
    QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(canvas, &move);
    const QString text = panel.readout().replace(QChar(0x2007), QLatin1Char(' '));
    QVERIFY2(text.contains(QStringLiteral("x 33  y 44")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("RGB  33  44   7")), qPrintable(text));
}

void TestViewer::sixteenBitReadout() {
    image::Image picture = image::makeImage(10, 10, 3, 16);
    for (std::size_t i = 0; i < 300; ++i) picture.samples16()[i] = 51234;
    const auto loaded = ui::wrapImage(std::move(picture));
    QCOMPARE(loaded->levels.front().pixelColor(3, 3).red(), (51234 + 128) / 257);
    ui::ViewerPanel panel;
    panel.showImage(loaded);
    Q_EMIT panel.canvas()->pixelHovered(QPoint(3, 3));
    QVERIFY(panel.readout().contains(QStringLiteral("51234")));
}

void TestViewer::overlayChangesPixels() {
    ui::ViewerPanel panel;
    panel.resize(600, 400);
    panel.showImage(flat(90));
    const auto centre = [&panel] {
        return panel.canvas()->grab().toImage().pixelColor(panel.canvas()->rect().center());
    };
    const QColor plain(90, 90, 90);
    QCOMPARE(centre(), plain);
    examine::EvidenceMap map;
    map.columns = 4;
    map.rows = 4;
    map.logits.assign(16, static_cast<float>(examine::kEvidenceRange));
    panel.setLayers({{QStringLiteral("m"), map, 20}});
    const auto* method = panel.findChild<QLabel*>(QStringLiteral("evidenceMethod"));
    QVERIFY2(method->text().contains(QStringLiteral("mean +12.00, rest of the score +8.00")),
             qPrintable(method->text()));
    panel.setOpacityPercent(100);
    const auto top = examine::viridis(1.0);
    QCOMPARE(centre(), QColor(top[0], top[1], top[2]));
    panel.setOpacityPercent(0);
    QCOMPARE(centre(), plain);
    panel.setOpacityPercent(60);
    QVERIFY(centre() != plain);
    panel.overlayAction()->trigger();
    QCOMPARE(centre(), plain);
}

void TestViewer::outlinesAreDrawn() {
    ui::ViewerPanel panel;
    panel.resize(600, 400);
    panel.showImage(flat(90));
    ui::OutlineCanvas* canvas = panel.canvas();
    const auto rectangle = [](double left, double right) {
        return QPolygonF(QList<QPointF>{{left, 0.4}, {right, 0.4}, {right, 0.9}, {left, 0.9}});
    };
    const QColor plain(90, 90, 90);
    const auto pixel = [canvas](double x, double y) {
        return canvas->grab().toImage().pixelColor(canvas->toWidget(QPointF(200 * x, 100 * y)).toPoint());
    };
    QCOMPARE(pixel(0.25, 0.9), plain);
    ui::ViewerPanel::Layer layer{QStringLiteral("m"), {}, 20};
    layer.outlines = {{rectangle(0.1, 0.4), QStringLiteral("code 3fa21b90")}};
    panel.setLayers({layer});
    QCOMPARE(pixel(0.25, 0.9), ui::meaningColours().accent);
    QCOMPARE(pixel(0.25, 0.75), plain);  // inside
    QCOMPARE(canvas->accessibleName(), QStringLiteral("Image; outlined: code 3fa21b90"));
    layer.outlines.push_back({rectangle(0.6, 0.9), QStringLiteral("present, code not readable")});
    panel.setLayers({layer});
    QCOMPARE(canvas->accessibleName(),
             QStringLiteral("Image; outlined: 1: code 3fa21b90, 2: present, code not readable"));
    const QImage grabbed = canvas->grab().toImage();
    bool second = false;  // dashed: somewhere along the edge
    for (double x = 0.62; x < 0.88; x += 0.01)
        second = second || grabbed.pixelColor(canvas->toWidget(QPointF(200 * x, 90)).toPoint()) ==
                               ui::meaningColours().signedSeries;
    QVERIFY(second);
    panel.outlinesAction()->trigger();
    QCOMPARE(pixel(0.25, 0.9), plain);
    panel.outlinesAction()->trigger();
    panel.setLayers({});
    QCOMPARE(pixel(0.25, 0.9), plain);
    QVERIFY(!panel.outlinesAction()->isEnabled());
}

void TestViewer::deviationsAreNoLogits() {
    ui::ViewerPanel panel;
    panel.resize(600, 400);
    panel.showImage(flat(90));
    examine::EvidenceMap map;
    map.columns = map.rows = 2;
    map.logits.assign(4, 4.5f);
    ui::ViewerPanel::Layer layer{QStringLiteral("m"), map, 12};
    const auto* method = panel.findChild<QLabel*>(QStringLiteral("evidenceMethod"));
    const auto* legend = panel.findChild<QWidget*>(QStringLiteral("evidenceMapLegend"));
    for (const bool deviations : {true, false}) {
        layer.unit = deviations ? ui::MapUnit::Deviations : ui::MapUnit::Logits;
        panel.setLayers({layer});
        const QString said = legend->accessibleName() + method->text() + method->toolTip();
        QCOMPARE(said.contains(QStringLiteral("logit")), !deviations);
        QCOMPARE(said.contains(QStringLiteral("standard deviations")), deviations);
        QVERIFY(said.contains(QStringLiteral("mean +4.50")));
    }
}

void TestViewer::evidenceCells() {
    examine::EvidenceMap map;
    QVERIFY(ui::evidenceMapImage(map).isNull());
    map.columns = 2;
    map.rows = 1;
    map.logits = {-100.0f, 3.0f};  // beyond the range: the end colour
    const QImage picture = ui::evidenceMapImage(map);
    const auto low = examine::viridis(0.0);
    QCOMPARE(picture.pixelColor(0, 0), QColor(low[0], low[1], low[2]));
    QCOMPARE(ui::evidenceAt(map, QPoint(9, 0), QSize(20, 10)).value(), -100.0f);
    QCOMPARE(ui::evidenceAt(map, QPoint(10, 9), QSize(20, 10)).value(), 3.0f);
    QVERIFY(!ui::evidenceAt(map, QPoint(20, 0), QSize(20, 10)));
}

void TestViewer::levelsHalve() {
    const auto loaded = ramp(3000, 100);
    QCOMPARE(loaded->levels.size(), std::size_t(3));
    QCOMPARE(loaded->levels[1].size(), QSize(1500, 50));
    QCOMPARE(loaded->levels[2].size(), QSize(750, 25));
}

void TestViewer::splitShowsBoth() {
    ui::ImageCanvas canvas;
    canvas.resize(200, 100);
    canvas.setImage(flat(10));
    canvas.setSecond(flat(240));
    QCOMPARE(canvas.grab().toImage().pixelColor(150, 50).red(), 10);
    canvas.setSplit(true);
    const QImage both = canvas.grab().toImage();
    QCOMPARE(both.pixelColor(50, 50).red(), 10);
    QCOMPARE(both.pixelColor(150, 50).red(), 240);
}

void TestViewer::differenceIsAmplified() {
    image::Image a = image::makeImage(2, 1, 3);
    image::Image b = a;
    a.data = {100, 100, 100, 50, 50, 50};
    b.data = {103, 98, 100, 250, 0, 50};
    QCOMPARE(ui::amplifiedDifference(a, b, 5).data, (std::vector<std::uint8_t>{143, 118, 128, 255, 0, 128}));
}

SIGNET_TEST(TestViewer)
#include "test_viewer.moc"
