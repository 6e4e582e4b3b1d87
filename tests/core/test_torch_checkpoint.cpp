// PyTorch's checkpoints in both their forms, as data: what is in them is read, what they would run is not;
// and the published StyleGAN2 generators that come in them.
#include "core/nn/torch_checkpoint.h"

#include <torch/torch.h>

#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/generators/generator_model.h"
#include "core/generators/published_stylegan2.h"
#include "core/generators/style_generator.h"
#include "tests/core/torch_checkpoint_builder.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::test;
using torch::Tensor;
namespace fs = std::filesystem;

namespace {

generators::StyleGeneratorOptions publishedOptions() {
    generators::StyleGeneratorOptions options;
    options.side = 16;
    options.latent = options.style = 24;
    options.mappingLayers = 3;
    options.featureBase = 64;
    options.featureMost = 16;
    return options;
}

/// The state of a generator as such files have it, their filters among it.
nn::TensorMap publishedState(generators::StyleGenerator& generator) {
    nn::TensorMap state = generator.state();
    const Tensor taps = torch::tensor({1.0F, 3.0F, 3.0F, 1.0F});
    state["convs.0.conv.blur.kernel"] = torch::outer(taps, taps) / 16;
    state["to_rgbs.0.upsample.kernel"] = torch::outer(taps, taps) / 16;
    return state;
}

}  // namespace

class TestTorchCheckpoint : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path inFolder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }
    fs::path saved(const QByteArray& bytes) const {
        const fs::path path = inFolder("w.pt");
        writeFileAtomically(path, std::string(bytes.data(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
        return path;
    }
    /// The error that reading bytes ends with.
    QString refusal(const QByteArray& bytes) const {
        return errorOf([&] { nn::loadTorchCheckpoint(saved(bytes)); }, ErrorCode::Corrupt);
    }
    QString importRefusal(const nn::TensorMap& state, const std::string& part = "g_ema") const {
        const QString said = errorOf(
            [&] { generators::importStyleGan2(saved(zippedCheckpoint(part, state)), inFolder("refused")); });
        return fs::exists(inFolder("refused")) ? QString("it left a folder") : said;
    }

private Q_SLOTS:
    void legacyForm() {
        const auto rows =
            nn::loadTorchCheckpoint(saved(legacyBeginning() + legacyObject(3, 1) + legacyStorages(6)));
        QCOMPARE(rows.size(), std::size_t(1));
        QVERIFY(torch::equal(rows.at("w"), torch::arange(6, torch::kFloat32).view({2, 3})));
        // Published files have tensors in TensorFlow's order: strides matter.
        const auto columns =
            nn::loadTorchCheckpoint(saved(legacyBeginning() + legacyObject(1, 2) + legacyStorages(6)));
        QVERIFY(torch::equal(columns.at("w"), torch::arange(6, torch::kFloat32).view({3, 2}).t()));
        QVERIFY_EXCEPTION_THROWN(nn::loadTorchCheckpoint(saved("x"), std::string(64, '0')), Error);
    }

    void zipForm() {
        const nn::TensorMap tensors{{"a.weight", torch::randn({3, 2, 2})}, {"b", torch::randn({5})}};
        const auto read = nn::loadTorchCheckpoint(saved(zippedCheckpoint("g_ema", tensors)));
        QCOMPARE(read.size(), std::size_t(2));
        for (const auto& [name, tensor] : tensors) QVERIFY(torch::equal(read.at("g_ema/" + name), tensor));
    }

    void unsound_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("said");
        const QByteArray legacy = legacyBeginning() + legacyObject(3, 1) + legacyStorages(6);
        const QByteArray zip = zippedCheckpoint("g", {{"w", torch::ones({40, 10})}});
        QTest::newRow("empty") << QByteArray() << "empty";
        QTest::newRow("a zip file's first bytes") << QByteArray("PK\x03\x04 and so on") << "zip directory";
        QTest::newRow("a zip file of something else")
            << zipped({{"word/document.xml", "<xml/>"}}) << "holds no data.pkl";
        QTest::newRow("Git LFS pointer")
            << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n") << "Git LFS";
        QTest::newRow("web page") << QByteArray("<!DOCTYPE html><html>") << "web page";
        QTest::newRow("a picture") << QByteArray("\x89PNG\r\n") << "neither as a zip file nor as a pickle";
        QTest::newRow("beyond its storage")
            << legacyBeginning() + legacyObject(4, 2) + legacyStorages(6) << "larger than its storage";
        QTest::newRow("storage of another length")
            << legacyBeginning() + legacyObject(3, 1) + legacyStorages(5) << "another length";
        QTest::newRow("storage too long")
            << legacyBeginning() + legacyObject(3, 1) + legacyStorages(1 << 30) << "another length";
        QTest::newRow("stack is empty") << legacyBeginning() + pickled("tR") << "a mark is missing";
        QTest::newRow("a training's arguments")
            << zipped({{"archive/data.pkl", pickled("cbuilder\nArguments\n)R")}}) << "builder Arguments";
        QTest::newRow("a storage's entry is missing")
            << zipped({{"archive/data.pkl",
                        pickled("}(" + pickledText("w") + "ctorch._utils\n_rebuild_tensor_v2\n((" +
                                pickledText("storage") + "ctorch\nFloatStorage\n" + pickledText("0") +
                                pickledText("cpu") + QByteArray("K\x06tQK\x00(K\x06t(K\x01t\x89}tRu", 19))}})
            << "it has no archive/data/0";
        for (const int share : {10, 40, 60, 90, 99}) {
            QTest::addRow("cut at %d %%", share) << legacy.left(legacy.size() * share / 100) << "not a sound";
            QTest::addRow("zip cut at %d %%", share) << zip.left(zip.size() * share / 100) << "zip directory";
        }
        QByteArray changed = zip;
        changed[static_cast<qsizetype>(zip.indexOf(QByteArray("\x00\x00\x80\x3f", 4)) + 400)] = '\x11';
        QTest::newRow("a byte was changed") << changed << "cannot be read";
    }
    void unsound() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, said);
        const QString error = refusal(bytes);
        QVERIFY2(error.contains(said), qPrintable(error));
    }

    void codeInTheFileIsNotRun() {
        const QByteArray target = QByteArray::fromStdString(inFolder("written").string());
        const QByteArray command = "cos\nsystem\n(" + pickledText("touch " + target) + "tR";
        for (const QByteArray& bytes : {legacyBeginning() + pickled(command), pickled(command),
                                        zipped({{"archive/data.pkl", pickled(command)}})}) {
            const QString error = refusal(bytes);
            QVERIFY2(error.contains("os system") || error.contains("does not begin as one"),
                     qPrintable(error));
            QVERIFY(!fs::exists(inFolder("written")));
        }
    }

    void argumentsBesideTensorsAreLeftOut() {
        const QByteArray arguments =
            "cargparse\nNamespace\n)" + QByteArray("\x81", 1) + "}(" + pickledText("rate") + "K\x01" + "ub";
        const auto path =
            saved(zipped({{"archive/data.pkl", pickled("}(" + pickledText("args") + arguments + "u")}}));
        QVERIFY(nn::loadTorchCheckpoint(path).empty());
    }

    void publishedGenerator() {
        torch::manual_seed(7);
        generators::StyleGenerator original(publishedOptions());
        const auto manifest = generators::importStyleGan2(
            saved(zippedCheckpoint("g_ema", publishedState(original))), inFolder("cats"), 0.01);
        QCOMPARE(manifest.name, std::string("cats"));
        QVERIFY(manifest.kind() == models::Kind::Generator);
        QCOMPARE(manifest.parameters, original.parameterCount());
        QVERIFY(generators::StyleGeneratorOptions::fromJson(manifest.options) == publishedOptions());
        generators::GeneratorModel imported(manifest, "cpu", 1);
        generators::GeneratorModel here(std::make_unique<generators::StyleGenerator>(std::move(original)),
                                        "cpu", 1);
        std::vector<image::Image> drawn[2];
        const auto draw = [](generators::GeneratorModel& model, std::vector<image::Image>& to) {
            model.sample({.seed = 3, .count = 2, .settings = {.truncation = 0.7}}, {},
                         [&](std::uint64_t, image::Image picture) { to.push_back(std::move(picture)); });
        };
        draw(imported, drawn[0]);
        draw(here, drawn[1]);
        QCOMPARE(drawn[0].size(), std::size_t(2));
        for (std::size_t i = 0; i < 2; ++i) QVERIFY(drawn[0][i].data == drawn[1][i].data);
        QVERIFY_EXCEPTION_THROWN(
            generators::importStyleGan2(saved(zippedCheckpoint("g_ema", {})), inFolder("cats")), Error);
    }

    void otherArchitecturesAreNamed() {
        torch::manual_seed(8);
        generators::StyleGenerator original(publishedOptions());
        const nn::TensorMap whole = publishedState(original);
        auto state = whole;
        state.erase("convs.1.activate.bias");
        state["to_rgbs.0.bias"] = torch::zeros({1, 4, 1, 1});
        state["mapping.extra"] = torch::zeros({2});
        const QString error = importRefusal(state);
        for (const char* part : {"missing: convs.1.activate.bias",
                                 "to_rgbs.0.bias (1x4x1x1 instead of 1x3x1x1)", "not known: mapping.extra"})
            QVERIFY2(error.contains(part), qPrintable(error));
        state = whole;
        state["convs.0.conv.blur.kernel"] = torch::ones({4, 4}) / 16;
        QVERIFY(importRefusal(state).contains("another filter"));
        state = whole;
        state.erase("conv1.conv.weight");
        QVERIFY(importRefusal(state).contains("holds no \"conv1.conv.weight\""));
        QVERIFY(importRefusal(whole, "d").contains("holds no \"conv1.conv.weight\""));
    }
};

SIGNET_TEST(TestTorchCheckpoint)
#include "test_torch_checkpoint.moc"
