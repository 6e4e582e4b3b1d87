// Generators of every form behind their one interface: which settings each understands by its manifest alone,
// and what compressing their weights leaves of them.
#include <torch/torch.h>

#include <QTemporaryDir>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/generators/compressed_generator.h"
#include "core/generators/generator.h"
#include "core/nn/compressed_weights.h"
#include "core/training/model_folder.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::generators;
using torch::Tensor;

namespace {

/// Networks as small as they get, of each form.
Json smallOptions(const QString& arch) {
    const Json denoiser = {{"side", 8},       {"width", 32},
                           {"groups", 4},     {"multipliers", Json::array({1})},
                           {"blocks", 1},     {"attentionFactors", Json::array()},
                           {"headWidth", 32}, {"timesteps", 20}};
    if (arch == "stylegan2")
        return {{"side", 16},         {"latent", 8},       {"style", 8},
                {"mappingLayers", 1}, {"featureBase", 64}, {"featureMost", 8}};
    if (arch == "adm") {
        Json base = denoiser;
        base["classes"] = 3;
        return {{"base", base}, {"baseDraw", {{"drawSteps", 4}}}};
    }
    if (arch == "ldm")
        return {
            {"denoiser", denoiser},
            {"autoencoder",
             {{"width", 32}, {"multipliers", {1, 1}}, {"blocksPerLevel", 1}, {"groups", 4}, {"codes", 16}}},
            {"draw", {{"drawSteps", 4}}}};
    return {{"side", 32}, {"latent", 8}, {"width", 16}};
}

/// A model of a form with random weights, none of them zero.
models::Manifest writtenModel(const QString& arch, const std::filesystem::path& folder) {
    const torch::NoGradGuard guard;
    torch::manual_seed(4);
    const auto generator = makeGenerator(arch.toStdString(), smallOptions(arch));
    nn::TensorMap state = generator->state();
    for (auto& [name, tensor] : state)
        if (tensor.is_floating_point()) tensor = tensor + 0.05 * torch::randn_like(tensor);
    models::Manifest model;
    model.folder = folder;
    model.name = "small";
    model.arch = generator->arch();
    model.resolution = generator->side();
    model.of = models::GeneratorFields{generator->latent()};
    model.options = generator->networkOptions();
    training::writeModelFolder(model, {{"generator"}, "signet-generator", state});
    return models::readManifest(folder);
}

std::vector<image::Image> drawnWith(GeneratorModel model) {
    std::vector<image::Image> pictures;
    model.sample({.seed = 3, .count = 2}, {},
                 [&](std::uint64_t, image::Image picture) { pictures.push_back(std::move(picture)); });
    return pictures;
}

bool samePictures(const std::vector<image::Image>& a, const std::vector<image::Image>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const image::Image& one, const image::Image& other) { return one.data == other.data; });
}

struct ThreadNotes {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    std::multiset<std::size_t> shares;  ///< pictures of each call
};

/// Black pictures; it is noted which threads draw them.
class NotingGenerator final : public Generator {
public:
    explicit NotingGenerator(std::shared_ptr<ThreadNotes> notes) : m_notes(std::move(notes)) {}
    Tensor drawFrom(const Tensor& latents, const std::vector<at::Generator>& random, const DrawSettings&,
                    const WorkContext&) override {
        const std::lock_guard lock(m_notes->mutex);
        m_notes->threads.insert(std::this_thread::get_id());
        m_notes->shares.insert(random.size());
        return torch::full({latents.size(0), 3, side(), side()}, -1.0);
    }
    const char* arch() const override { return "black"; }
    Json networkOptions() const override { return Json::object(); }
    int side() const override { return 4; }
    int latent() const override { return 2; }
    std::int64_t parameterCount() const override { return 0; }
    void to(torch::Device) override {}
    nn::TensorMap state() const override { return {}; }
    void load(const nn::TensorMap&) override {}

private:
    std::shared_ptr<ThreadNotes> m_notes;
};

}  // namespace

class TestGenerators : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settingsFollowFromTheManifest_data() {
        QTest::addColumn<bool>("truncation");
        QTest::addColumn<int>("steps");
        QTest::addColumn<int>("classes");
        QTest::newRow("stylegan2") << true << 0 << 0;
        QTest::newRow("adm") << false << 20 << 3;
        QTest::newRow("ldm") << false << 20 << 0;
        QTest::newRow("sngan") << false << 0 << 0;
        QTest::newRow("wgan-gp") << false << 0 << 0;
    }
    void settingsFollowFromTheManifest() {
        QFETCH(const bool, truncation);
        QFETCH(const int, steps);
        QFETCH(const int, classes);
        const QString arch = QTest::currentDataTag();
        const auto controls = drawControls(arch.toStdString(), smallOptions(arch));
        QCOMPARE(controls.truncation, truncation);
        QCOMPARE(controls.steps, steps);
        QCOMPARE(controls.classes, classes);
        // The networks say the same, and take no more.
        const auto generator = makeGenerator(arch.toStdString(), smallOptions(arch));
        const auto ofNetworks = drawControls(generator->arch(), generator->networkOptions());
        QCOMPARE(ofNetworks.truncation, truncation);
        QCOMPARE(ofNetworks.steps, steps);
        QCOMPARE(ofNetworks.classes, classes);
        if (steps == 0) return;
        const torch::NoGradGuard guard;
        const std::vector<at::Generator> random{at::make_generator<at::CPUGeneratorImpl>(1)};
        generator->draw(random, {.steps = steps}, {});
        QVERIFY_EXCEPTION_THROWN(generator->draw(random, {.steps = steps + 1}, {}), Error);
        QVERIFY_EXCEPTION_THROWN(generator->draw(random, {.steps = 1, .label = classes}, {}), Error);
    }
    void whatIsNoFormIsRefused() {
        QVERIFY_EXCEPTION_THROWN(drawControls("other", {}), Error);
        QVERIFY_EXCEPTION_THROWN(makeGenerator("other", {}), Error);
        QVERIFY_EXCEPTION_THROWN(drawControls("stylegan2", {{"sides", 16}}), Error);
    }

    void theSmallestArePruned_data() {
        QTest::addColumn<double>("share");
        for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0}) QTest::addRow("%g", share) << share;
    }
    void theSmallestArePruned() {
        QFETCH(const double, share);
        torch::manual_seed(2);
        const nn::TensorMap before{{"conv.weight", torch::randn({6, 3, 3, 3})},
                                   {"mapped.conv.weight", torch::randn({1, 4, 6, 3, 3}) * 3},
                                   // half of all are alike: as many of them go as the share asks for
                                   {"linear.weight", torch::full({20, 21}, 0.5F)},
                                   {"linear.bias", torch::randn({20})},
                                   {"norm.weight", torch::randn({6})},
                                   {"quantize.embedding.weight", torch::randn({16, 3})}};
        const auto after = nn::prunedWeights(before, share);
        std::int64_t all = 0, gone = 0;
        double largestGone = 0, smallestKept = 1e9;
        for (const auto& [name, tensor] : before) {
            if (!nn::isLayerWeight(name, tensor)) {
                QVERIFY2(torch::equal(tensor, after.at(name)), name.c_str());
                continue;
            }
            const Tensor zero = after.at(name) == 0;
            QVERIFY2(torch::equal(tensor.masked_fill(zero, 0), after.at(name)), name.c_str());
            all += tensor.numel();
            gone += zero.sum().item<std::int64_t>();
            const Tensor size = tensor.abs();
            if (zero.any().item<bool>())
                largestGone = std::max(largestGone, size.masked_select(zero).max().item<double>());
            if (!zero.all().item<bool>())
                smallestKept = std::min(smallestKept, size.masked_select(~zero).min().item<double>());
        }
        QCOMPARE(all, std::int64_t{6 * 27 + 4 * 54 + 420});
        QCOMPARE(gone, std::int64_t{std::llround(share * static_cast<double>(all))});
        QVERIFY(largestGone <= smallestKept);
        QVERIFY_EXCEPTION_THROWN(nn::prunedWeights(before, 1.1), Error);
    }

    void weightsAreQuantised_data() {
        QTest::addColumn<int>("bits");
        for (const int bits : {2, 3, 4, 8}) QTest::addRow("%d", bits) << bits;
    }
    void weightsAreQuantised() {
        QFETCH(const int, bits);
        torch::manual_seed(3);
        const nn::TensorMap before{{"conv.weight", torch::randn({4, 16, 5, 5})},
                                   {"mapped.conv.weight", torch::randn({1, 4, 16, 5, 5}) * 0.01},
                                   {"dead.weight", torch::zeros({4, 400})},
                                   {"conv.bias", torch::randn({4})}};
        const auto after = nn::quantisedWeights(before, bits);
        QVERIFY(torch::equal(after.at("conv.bias"), before.at("conv.bias")));
        QVERIFY(torch::equal(after.at("dead.weight"), before.at("dead.weight")));
        for (const char* name : {"conv.weight", "mapped.conv.weight"}) {
            const Tensor rows = before.at(name).reshape({4, 400}), coarse = after.at(name).reshape({4, 400});
            for (std::int64_t channel = 0; channel < 4; ++channel) {
                std::set<float> values;
                for (std::int64_t i = 0; i < 400; ++i) values.insert(coarse[channel][i].item<float>());
                QVERIFY2(values.size() <= (1U << bits) - 1 && values.size() > 2, name);
                // The largest stays, the others move by half a step at most.
                const double largest = rows[channel].abs().max().item<double>();
                QCOMPARE(coarse[channel].abs().max().item<double>(), largest);
                const double step = largest / ((1 << (bits - 1)) - 1);
                QVERIFY((coarse - rows)[channel].abs().max().item<double>() <= step * 0.50001);
            }
        }
        const auto again = nn::quantisedWeights(after, bits);
        for (const auto& [name, tensor] : after) QVERIFY2(torch::equal(tensor, again.at(name)), name.c_str());
        QVERIFY_EXCEPTION_THROWN(nn::quantisedWeights(before, 1), Error);
        QVERIFY_EXCEPTION_THROWN(nn::quantisedWeights(before, 17), Error);
    }

    void compressedGeneratorsDraw_data() {
        QTest::addColumn<QString>("arch");
        for (const char* arch : {"stylegan2", "adm", "ldm", "sngan"}) QTest::newRow(arch) << QString(arch);
    }
    void compressedGeneratorsDraw() {
        QFETCH(const QString, arch);
        const QTemporaryDir folder;
        const auto manifest = writtenModel(arch, folder.filePath("model").toStdString());
        const auto drawn = [&](const Compression& compression) {
            return drawnWith(compressedGenerator(manifest, compression, "cpu", 1));
        };
        const auto asItIs = drawnWith({manifest, "cpu", 1});
        QVERIFY(samePictures(drawn({}), asItIs));
        QVERIFY(!samePictures(drawn({.prunedShare = 0.9}), asItIs));
        QVERIFY(!samePictures(drawn({.bits = 3}), asItIs));
        QVERIFY(samePictures(drawnWith({manifest, "cpu", 1}), asItIs));  // the model keeps its weights
    }

    void eachThreadDrawsItsOwn() {
        const auto seen = std::make_shared<ThreadNotes>();
        std::uint64_t drawn = 0;
        GeneratorModel(std::make_unique<NotingGenerator>(seen), "cpu", 3)
            .sample({.count = 7}, {}, [&](std::uint64_t, const image::Image&) { ++drawn; });
        QCOMPARE(drawn, std::uint64_t{7});
        QCOMPARE(seen->threads.size(), std::size_t{3});
        QCOMPARE(seen->shares, (std::multiset<std::size_t>{2, 2, 3}));
    }

    void threadsDrawTheSamePictures_data() {
        QTest::addColumn<bool>("isWay");
        QTest::addColumn<double>("truncation");
        for (const char* arch : {"stylegan2", "adm", "ldm", "sngan"})
            for (const bool isWay : {false, true})
                QTest::addRow("%s%s", arch, isWay ? ", a way" : "") << isWay << 1.0;
        QTest::newRow("stylegan2, truncated") << false << 0.5;
    }
    void threadsDrawTheSamePictures() {
        QFETCH(const bool, isWay);
        QFETCH(const double, truncation);
        const QTemporaryDir folder;
        const auto manifest = writtenModel(QString(QTest::currentDataTag()).section(',', 0, 0),
                                           folder.filePath("model").toStdString());
        const auto drawn = [&](int threads) {
            std::vector<std::pair<std::uint64_t, image::Image>> pictures;
            SampleRequest request{.seed = 3, .first = 2, .count = 5, .settings = {.truncation = truncation}};
            if (isWay) request.to = 9;
            const auto count = GeneratorModel(manifest, "cpu", threads)
                                   .sample(request, {}, [&](std::uint64_t number, image::Image picture) {
                                       pictures.emplace_back(number, std::move(picture));
                                   });
            if (count != 5) pictures.clear();
            return pictures;
        };
        const auto byOne = drawn(1);
        QCOMPARE(byOne.size(), std::size_t{5});
        QVERIFY(byOne[0].second.data != byOne[4].second.data);
        for (const int threads : {2, 3, 8}) {  // 8: more than pictures
            const auto bySeveral = drawn(threads);
            QCOMPARE(bySeveral.size(), byOne.size());
            for (std::size_t i = 0; i < byOne.size(); ++i) {
                QCOMPARE(bySeveral[i].first, byOne[i].first);
                int apart = 0;
                for (std::size_t k = 0; k < byOne[i].second.data.size(); ++k)
                    apart =
                        std::max(apart, std::abs(int{bySeveral[i].second.data[k]} - byOne[i].second.data[k]));
                QVERIFY2(apart <= 1, qPrintable(QString("picture %1: %2 levels").arg(i).arg(apart)));
            }
        }
    }
};

SIGNET_TEST(TestGenerators)
#include "test_generators.moc"
