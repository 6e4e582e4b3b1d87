// Instances of a fingerprinting model: they draw what it draws with their code, hold neither encoder nor
// code, and are drawn with as any generator is.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/fingerprint/instance.h"
#include "core/generators/style_generator.h"
#include "core/models/model_store.h"
#include "core/training/model_folder.h"
#include "tests/core/small_fingerprint_model.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::fingerprint;
using torch::Tensor;

namespace {

nn::NoiseSource noiseOf(std::int64_t pictures) {
    nn::NoiseSource noise;
    for (std::int64_t i = 0; i < pictures; ++i)
        noise.push_back(at::make_generator<at::CPUGeneratorImpl>(static_cast<std::uint64_t>(i + 1)));
    return noise;
}

const std::vector<std::uint8_t> kCode{1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0};

std::vector<image::Image> sampled(generators::GeneratorModel& model,
                                  const generators::SampleRequest& request) {
    std::vector<image::Image> pictures;
    const auto drawn = model.sample(request, {}, [&](std::uint64_t number, image::Image picture) {
        if (number != request.first + pictures.size()) throw std::runtime_error("out of order");
        pictures.push_back(std::move(picture));
    });
    if (drawn != request.count) throw std::runtime_error("not all were drawn");
    return pictures;
}

int greatestDifference(const image::Image& a, const image::Image& b) {
    int most = 0;
    for (std::size_t i = 0; i < a.data.size(); ++i)
        most = std::max(most, std::abs(int{a.data[i]} - int{b.data[i]}));
    return most;
}

class TestFingerprintInstance : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void drawsWhatTheModelDraws_data() {
        QTest::addColumn<QString>("variant");
        QTest::addColumn<bool>("signedBits");
        QTest::addColumn<int>("modulatedFrom");
        QTest::newRow("published") << "published" << false << 4;
        QTest::newRow("published, signed bits") << "published" << true << 4;
        QTest::newRow("published, from 8 px on") << "published" << false << 8;
        QTest::newRow("variant I") << "I" << false << 4;
        QTest::newRow("variant II") << "II" << true << 4;
        QTest::newRow("variant II, from 8 px on") << "II" << false << 8;
        QTest::newRow("variant III") << "III" << true << 4;
    }
    void drawsWhatTheModelDraws() {
        QFETCH(const QString, variant);
        QFETCH(const bool, signedBits);
        QFETCH(const int, modulatedFrom);
        auto options = test::smallFingerprintOptions(variant.toStdString(), signedBits);
        options.modulatedFrom = modulatedFrom;
        auto networks = test::stirredNetworks(options);
        const auto code = torch::randint(2, {options.bits}).to(torch::kFloat32);
        const auto instance = instanceOf(networks, code);
        const torch::NoGradGuard guard;
        const auto z = generators::latentsOf(noiseOf(5), options.latent);
        auto noise = noiseOf(5);
        generators::latentsOf(noise, options.latent);  // an instance draws latents before noise
        const auto expected = networks.draw(z, code.expand({5, -1}), noise);
        const auto drawn = instance->draw(noiseOf(5), {}, {});
        const double scale = expected.abs().max().item<double>();
        QVERIFY(scale > 0.1);
        QVERIFY((drawn - expected).abs().max().item<double>() < 1e-4 * scale);
        // Of another code it is another generator.
        const auto other = instanceOf(networks, 1 - code);
        QVERIFY((other->draw(noiseOf(5), {}, {}) - expected).abs().max().item<double>() > 1e-3 * scale);
    }

    void anInstanceKnowsNeitherEncoderNorCode() {
        QTemporaryDir folder;
        FingerprintModel model(test::smallFingerprintModel(folder.filePath("model").toStdString()), "cpu", 1);
        const auto manifest = model.writeInstance(kCode, folder.filePath("north").toStdString(), "north",
                                                  "Nörd & Co", "2026-11-29T00:00:00.000Z");
        const auto* fields = std::get_if<models::InstanceFields>(&manifest.of);
        QVERIFY(fields != nullptr);
        QCOMPARE(fields->holder, std::string("Nörd & Co"));
        QCOMPARE(fields->fingerprintSha256, model.manifest().weightsSha256);
        const auto weights = nn::loadSafeTensors(manifest.pathOf(manifest.weightsFor("generator")));
        for (const auto& [name, tensor] : weights.tensors)
            QVERIFY2(name.find("modulation") == std::string::npos && name.find("coder") == std::string::npos,
                     name.c_str());
        const std::string text = models::toJson(manifest).dump() + Json(weights.metadata).dump();
        QVERIFY(text.find("\"code\"") == std::string::npos);
        // What it draws is what the model draws with the code.
        generators::GeneratorModel instance(manifest, "cpu", 1);
        auto baked = model.instance(kCode);
        generators::SampleRequest request;
        request.count = 3;
        const auto a = sampled(instance, request), b = sampled(baked, request);
        for (std::size_t i = 0; i < a.size(); ++i) QCOMPARE(greatestDifference(a[i], b[i]), 0);
    }

    void picturesAreThoseOfTheirNumber() {
        QTemporaryDir folder;
        FingerprintModel model(test::smallFingerprintModel(folder.filePath("model").toStdString()), "cpu", 1);
        auto generator = model.instance(kCode);
        generators::SampleRequest all;
        all.seed = 7;
        all.count = 7;
        const auto together = sampled(generator, all);
        QVERIFY(greatestDifference(together[0], together[1]) > 8);
        auto alone = all;
        alone.batch = 1;
        const auto oneByOne = sampled(generator, alone);
        auto later = all;
        later.first = 5;
        later.count = 2;
        later.batch = 2;
        const auto last = sampled(generator, later);
        for (std::size_t i = 0; i < together.size(); ++i)  // sums in another order can turn a rounding
            QVERIFY(greatestDifference(together[i], oneByOne[i]) <= 1);
        for (std::size_t i = 0; i < last.size(); ++i)
            QVERIFY(greatestDifference(together[5 + i], last[i]) <= 1);
        auto other = all;
        other.seed = 8;
        QVERIFY(greatestDifference(sampled(generator, other)[0], together[0]) > 8);
    }

    void samplingStopsAndRefuses() {
        QTemporaryDir folder;
        const auto manifest = test::smallFingerprintModel(folder.filePath("model").toStdString());
        FingerprintModel model(manifest, "cpu", 1);
        auto generator = model.instance(kCode);
        std::stop_source stop;
        generators::SampleRequest request;
        request.count = 10'000'000;
        request.batch = 4;
        const auto drawn =
            generator.sample(request, {stop.get_token(), {}}, [&](std::uint64_t number, auto&&) {
                if (number == 5) stop.request_stop();
            });
        QCOMPARE(drawn, std::uint64_t{6});
        request.count = 0;
        QCOMPARE(generator.sample(request, {}, [](std::uint64_t, auto&&) {}), std::uint64_t{0});
        request.settings.truncation = 1.5;
        QVERIFY_EXCEPTION_THROWN(generator.sample(request, {}, [](std::uint64_t, auto&&) {}), Error);
        QVERIFY_EXCEPTION_THROWN(generators::GeneratorModel(manifest, "cpu", 1), Error);
        QVERIFY_EXCEPTION_THROWN(model.instance(std::vector<std::uint8_t>(11)), Error);
    }

    void truncationBringsStylesTogether() {
        generators::StyleGeneratorOptions options;
        options.side = 16;
        options.latent = options.style = 12;
        options.mappingLayers = 2;
        options.featureBase = 64;
        options.featureMost = 16;
        torch::manual_seed(1);
        generators::StyleGenerator generator(options);
        const torch::NoGradGuard guard;
        const auto z = torch::randn({6, 12});
        const auto spread = [&](double truncation) {
            return generator.draw(z, {}, truncation).std(0).mean().item<double>();
        };
        QVERIFY(spread(0) < 1e-5);
        QVERIFY(spread(0.5) < spread(1));
    }

    void decodesLogitsOfEveryBit() {
        QTemporaryDir folder;
        FingerprintModel model(test::smallFingerprintModel(folder.filePath("model").toStdString()), "cpu", 1);
        auto generator = model.instance(kCode);
        for (const auto& picture : sampled(generator, {})) {
            const auto logits = model.decode(picture);
            QCOMPARE(logits.size(), kCode.size());
            QCOMPARE(model.decode(picture), logits);
        }
        // Any size and kind of picture is decoded to something.
        QCOMPARE(model.decode(image::makeImage(3, 500, 1)).size(), kCode.size());
        QCOMPARE(codeOf(std::vector<float>{-1, 2, 0}), (std::vector<std::uint8_t>{0, 1, 0}));
    }
};

}  // namespace

SIGNET_TEST(TestFingerprintInstance)
#include "test_fingerprint_instance.moc"
