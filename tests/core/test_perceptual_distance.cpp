// The perceptual distance on the published weights.
#include <torch/torch.h>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/perceptual_distance.h"
#include "core/nn/efficientnet_lite.h"
#include "support/pictures.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;
namespace fs = std::filesystem;

class TestPerceptualDistance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void missingTensorsAreNamed() {
        QVERIFY(errorOf([] { nn::EfficientNetLite0{nn::TensorMap{}}; }).contains("_conv_stem.weight"));
    }

    /// Values of an implementation of its own in Python (numpy), whose classifier names three of three
    /// daisies of photos_test.
    void distances_data() {
        QTest::addColumn<int>("red");
        QTest::addColumn<bool>("mirrored");
        QTest::addColumn<double>("expected");
        QTest::newRow("equal") << 0 << false << 0.0;
        QTest::newRow("a little red") << 3 << false << 0.0018188916650590306;
        QTest::newRow("more red") << 12 << false << 0.026174975005073903;
        QTest::newRow("mirrored") << 0 << true << 5.4495940632007525;
    }
    void distances() {
        QFETCH(int, red);
        QFETCH(bool, mirrored);
        QFETCH(double, expected);
        const auto weights = metrics::findFeatureWeights(defaultWorkspace());
        if (weights.empty()) QSKIP("EfficientNet-Lite0's weights are not installed (features/)");
        const metrics::PerceptualDistance distance(weights);
        const image::Image a = picture(64, 48);
        image::Image b = a;
        for (int y = 0; y < a.height; ++y)
            for (int x = 0; x < a.width; ++x)
                for (int c = 0; c < 3; ++c)
                    b.data[static_cast<std::size_t>((y * a.width + x) * 3 + c)] =
                        static_cast<std::uint8_t>(std::min(
                            255, sampleAt(a, mirrored ? a.width - 1 - x : x, y, c) + (c == 0 ? red : 0)));
        const double measured = distance(a, b);
        QVERIFY2(std::abs(measured - expected) <= 2e-3 * expected + 1e-6,
                 qPrintable(QString::number(measured)));
        QVERIFY_EXCEPTION_THROWN(distance(a, picture(48, 64)), Error);
        QVERIFY_EXCEPTION_THROWN(distance(picture(20, 48), picture(20, 48)), Error);
    }
};

SIGNET_TEST(TestPerceptualDistance)
#include "test_perceptual_distance.moc"
