// Checkpoints of PyTorch's legacy form, and the perceptual distance on the published weights.
#include <torch/torch.h>

#include <QTemporaryDir>

#include <cstring>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/perceptual_distance.h"
#include "core/nn/efficientnet_lite.h"
#include "core/nn/legacy_checkpoint.h"
#include "support/pictures.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

QByteArray text(const char* word) {
    QByteArray out("X");
    const auto length = static_cast<std::uint32_t>(std::strlen(word));
    out.append(reinterpret_cast<const char*>(&length), 4);
    return out.append(word);
}

QByteArray pickle(const QByteArray& body) {
    return QByteArray("\x80\x02") + body + ".";
}

/// Mark, version and system, as every such file begins.
QByteArray beginning() {
    return pickle(QByteArray("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12)) +
           pickle(QByteArray("M\xe9\x03")) + pickle("}");
}

/// A tensor "w" of 2 x 3 in the storage "7", of the strides given.
QByteArray stateDict(int rowStride, int columnStride) {
    const auto small = [](int number) { return QByteArray("K") + static_cast<char>(number); };
    const QByteArray storage =
        "(" + text("storage") + "ctorch\nFloatStorage\n" + text("7") + text("cpu") + small(6) + "NtQ";
    const QByteArray tensor = "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + small(0) + small(2) +
                              small(3) + "\x86" + small(rowStride) + small(columnStride) + "\x86\x89" +
                              "ccollections\nOrderedDict\n)RtR";
    return pickle("ccollections\nOrderedDict\n)R(" + text("w") + tensor + "u}" + text("_metadata") + "}s" +
                  "b");
}

QByteArray storages(std::int64_t elements) {
    QByteArray out = pickle("](" + text("7") + "e");
    out.append(reinterpret_cast<const char*>(&elements), 8);
    for (int i = 0; i < 6; ++i) {
        const auto value = static_cast<float>(i);
        out.append(reinterpret_cast<const char*>(&value), 4);
    }
    return out;
}

}  // namespace

class TestPerceptualDistance : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path saved(const QByteArray& bytes) const {
        fs::path path = fs::path(m_temporary.path().toStdString()) / "w.pth";
        writeFileAtomically(path, std::string(bytes.data(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
        return path;
    }

private Q_SLOTS:
    void legacyCheckpoint() {
        const auto rows = nn::loadLegacyCheckpoint(saved(beginning() + stateDict(3, 1) + storages(6)));
        QCOMPARE(rows.size(), std::size_t(1));
        QVERIFY(torch::equal(rows.at("w"), torch::arange(6, torch::kFloat32).view({2, 3})));
        // The published file has its tensors in TensorFlow's order: strides matter.
        const auto columns = nn::loadLegacyCheckpoint(saved(beginning() + stateDict(1, 2) + storages(6)));
        QVERIFY(torch::equal(columns.at("w"), torch::arange(6, torch::kFloat32).view({3, 2}).t()));
        QVERIFY_EXCEPTION_THROWN(nn::loadLegacyCheckpoint(saved("x"), std::string(64, '0')), Error);
    }

    void badCheckpoints_data() {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray good = beginning() + stateDict(3, 1) + storages(6);
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("another file") << QByteArray("PK\x03\x04 and so on");
        QTest::newRow("beyond its storage") << beginning() + stateDict(4, 2) + storages(6);
        QTest::newRow("storage of another length") << beginning() + stateDict(3, 1) + storages(5);
        QTest::newRow("storage too long") << beginning() + stateDict(3, 1) + storages(1 << 30);
        QTest::newRow("runs something") << beginning() + pickle("cos\nsystem\n(" + text("true") + "tR");
        QTest::newRow("stack is empty") << beginning() + pickle("tR");
        for (const int share : {10, 40, 60, 90, 99})
            QTest::addRow("cut at %d %%", share) << good.left(good.size() * share / 100);
    }
    void badCheckpoints() {
        QFETCH(QByteArray, bytes);
        try {
            nn::loadLegacyCheckpoint(saved(bytes));
            QFAIL("it was read");
        } catch (const Error& error) {
            QVERIFY(error.code() == ErrorCode::Corrupt);
        }
    }

    void missingTensorsAreNamed() {
        try {
            const nn::EfficientNetLite0 network{nn::TensorMap{}};
            QFAIL("it has no weights");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("_conv_stem.weight"));
        }
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
