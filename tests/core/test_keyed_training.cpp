// The keyed signature's carrier, views, visibility and training, on small networks.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <set>

#include "core/attacks/tensor_attacks.h"
#include "core/base/error.h"
#include "core/image/encode.h"
#include "core/models/model_store.h"
#include "core/signature/carrier.h"
#include "core/signature/keyed_task.h"
#include "core/signature/keyed_training.h"
#include "core/signature/pattern_set.h"
#include "core/signature/visibility.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using namespace signet::tests;
using torch::Tensor;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kKeyedSteps = 6;

KeyedTrainingOptions smallestKeyed() {
    KeyedTrainingOptions options;
    options.network.bits = 16;
    options.network.injectorWidths = options.network.extractorWidths = {8, 8, 8};
    options.batch = 4;
    options.steps = 400;
    options.bf16 = false;
    options.decayFrom = 1;
    options.ema = 0.9;
    options.validationImages = 2;
    return options;
}

/// Smooth pictures of the step's own, [4,3,192,192] in [-1,1].
Tensor pictures(std::uint64_t step) {
    torch::manual_seed(step + 1);
    return torch::upsample_bilinear2d(torch::rand({4, 3, 12, 12}) * 1.6 - 0.8, {192, 192}, false);
}

void advance(KeyedTraining& job, std::uint64_t to) {
    while (job.stepsDone() < to) job.step({pictures(job.stepsDone())});
}

double value(const training::StepResult& result, const std::string& name) {
    for (const auto& [key, number] : result.values)
        if (key == name) return number;
    return NAN;
}

/// Correlation of what is folded with the coefficients that were laid out.
double correlation(const Tensor& folded, const Tensor& modes, const Tensor& coefficients) {
    const auto found = torch::matmul(folded, modes.t());
    return torch::cosine_similarity(found, coefficients, 1, 1e-8).min().item<double>();
}

}  // namespace

class TestKeyedTraining : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path folder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    /// The carriers that networks are trained with are those that keys have.
    void carrierIsThatOfAKey() {
        const CarrierShape shape;
        const PatternBand band(shape.tile, shape.lowest, shape.highest);
        const PatternSet set(band, SecretKey::publicDefault(), 12);
        const auto dimensions = static_cast<std::int64_t>(set.dimensions());
        std::vector<std::int8_t> codeword;
        auto signs = torch::empty({1, 12});
        for (int i = 0; i < 12; ++i) {
            codeword.push_back(i % 3 == 0 ? -1 : 1);
            signs[0][i] = static_cast<float>(codeword.back());
        }
        const auto patterns =
            torch::tensor(at::ArrayRef<float>(set.coefficients().data(), set.coefficients().size()))
                .view({13, dimensions})
                .t()
                .unsqueeze(0);
        const auto coefficients = carrierOf(patterns, signs);
        const auto expected = set.carrier(codeword);
        for (std::int64_t i = 0; i < dimensions; ++i)
            QVERIFY(std::abs(coefficients[0][i].item<float>() - expected[static_cast<std::size_t>(i)]) <
                    1e-5f);
        const auto laid = layOut(coefficients, bandModes(shape), shape, 96, 130);
        const auto tile = band.synthesise(expected);
        QCOMPARE(laid.sizes(), (at::IntArrayRef{1, 1, 96, 130}));
        for (const auto& [y, x] : {std::pair{0, 0}, {5, 7}, {40, 33}, {95, 129}})
            QVERIFY(std::abs(laid[0][0][y][x].item<float>() -
                             tile[static_cast<std::size_t>(y % 32 * 32 + x % 32)]) < 1e-4f);
    }

    void patternsAreOrthonormalAndAnImagesOwn() {
        const auto four = drawPatterns(4, 90, 20, 7, 0);
        const auto product = torch::matmul(four.transpose(1, 2), four);
        QVERIFY((product - torch::eye(21)).abs().max().item<double>() < 1e-5);
        // A process that has the last two of four images draws theirs.
        QVERIFY(torch::equal(drawPatterns(2, 90, 20, 7, 2), four.slice(0, 2)));
        QVERIFY(torch::cosine_similarity(four[0].flatten(), four[1].flatten(), 0, 1e-8).abs().item<double>() <
                0.3);
    }

    void foldingUndoesLayingOut_data() {
        QTest::addColumn<double>("scale");
        QTest::addColumn<double>("turn");
        QTest::addColumn<double>("least");
        QTest::newRow("as it is") << 1.0 << 0.0 << 0.93;
        QTest::newRow("a part, enlarged") << 0.6 << 0.0 << 0.85;
        QTest::newRow("turned") << 1.0 << 33.0 << 0.85;
        QTest::newRow("turned by 180 degrees") << 1.0 << 180.0 << 0.93;
    }
    /// A view of the carrier, laid back by the geometry it was shown with, has the carrier's coefficients.
    void foldingUndoesLayingOut() {
        QFETCH(double, scale);
        QFETCH(double, turn);
        QFETCH(double, least);
        const CarrierShape shape;
        const auto modes = bandModes(shape);
        const auto patterns = drawPatterns(1, modes.size(0), 20, 3, 0);
        const auto coefficients = carrierOf(patterns, torch::ones({1, 20}));
        const auto carrier = layOut(coefficients, modes, shape, 96, 96);
        const double c = std::cos(turn * M_PI / 180) * scale, s = std::sin(turn * M_PI / 180) * scale;
        const auto map =
            torch::tensor({c, -s, 0.05, s, c, -0.1, 0.0, 0.0, 1.0}, torch::kFloat32).view({1, 3, 3});
        // Enlarged before it is shown: a chip has two pixels a side in what the extractor sees.
        const auto large = torch::upsample_bilinear2d(carrier, {384, 384}, false).expand({1, 3, 384, 384});
        const auto shown =
            torch::avg_pool2d(showViews(large, torch::zeros_like(large), map), 4).slice(1, 0, 1);
        const auto places = chipPlaces(map, torch::zeros({1, 2, 3}), 96, 96, 96);
        const double found = correlation(fold(shown, places, shape.tile), modes, coefficients);
        QVERIFY2(found > least, qPrintable(QString::number(found)));
        // Half a tile off there is nothing.
        auto off = torch::zeros({1, 2, 3});
        off[0][0][2] = 5;
        const double missed =
            correlation(fold(shown, chipPlaces(map, off, 96, 96, 96), shape.tile), modes, coefficients);
        QVERIFY2(missed < 0.3, qPrintable(QString::number(missed)));
    }

    void viewsShowWhatTheySay() {
        StepRandom random(1, 2, 3);
        const auto maps = drawViews(200, {}, random);
        QCOMPARE(maps.sizes(), (at::IntArrayRef{200, 3, 3}));
        int whole = 0;
        for (std::int64_t i = 0; i < 200; ++i) whole += torch::equal(maps[i], torch::eye(3));
        QVERIFY(whole > 20 && whole < 65);  // a fifth
        const auto picture = pictures(1).slice(0, 0, 1);
        QVERIFY(torch::allclose(showViews(picture, picture, torch::eye(3).unsqueeze(0)), picture, 0, 1e-5));
        // Shown at half its size, with the ground around it.
        const auto page = showViews(picture, torch::full_like(picture, 2),
                                    torch::diag(torch::tensor({2.f, 2.f, 1.f})).unsqueeze(0));
        QCOMPARE(page[0][0][5][5].item<float>(), 2.f);
        QVERIFY(page[0][0][96][96].item<float>() < 1);
    }

    void visibilityIsWhatItSays() {
        torch::manual_seed(3);
        const auto flat = torch::zeros({1, 3, 96, 96});
        const auto busy = torch::rand({1, 3, 96, 96}) * 1.6 - 0.8;
        const auto noise = torch::randn({1, 3, 96, 96}) * 0.02;
        const auto of = [](const Tensor& picture, const Tensor& residual) {
            return visibility(picture, residual).item<double>();
        };
        QVERIFY(std::abs(of(flat, noise * 3) / of(flat, noise) - 3) < 1e-3);
        const auto grain = noise.slice(1, 0, 1).expand_as(noise);
        QVERIFY(of(busy, grain) < 0.5 * of(flat, grain));
        // The same energy in one spot is worse than spread out.
        auto spot = torch::zeros_like(noise);
        spot.slice(2, 40, 52).slice(3, 40, 52).copy_(noise.slice(2, 40, 52).slice(3, 40, 52));
        spot = spot * (noise.norm() / spot.norm());
        QVERIFY(of(flat, spot) > 1.5 * of(flat, noise));
        // Coarse colour is worse than fine.
        const auto coarse = torch::upsample_bilinear2d(torch::avg_pool2d(noise, 8), {96, 96}, false);
        auto colour = coarse.clone();
        colour.select(1, 1).zero_();
        const auto fine = noise * (colour.norm() / noise.norm());
        QVERIFY(of(flat, colour) > of(flat, fine));
    }

    void attacksOfColour() {
        const auto x = pictures(2);
        const auto apply = [&](attacks::PhotometricAttack kind, double value) {
            attacks::PhotometricDraw draw;
            draw.attack = kind;
            draw.values[0] = value;
            return attacks::apply(draw, x);
        };
        using enum attacks::PhotometricAttack;
        const auto grey = apply(Saturation, 0);
        QVERIFY(torch::allclose(grey.select(1, 0), grey.select(1, 2), 0, 1e-6));
        QVERIFY(torch::allclose(apply(Saturation, 1), x, 0, 1e-5));
        QVERIFY(torch::allclose(apply(Hue, 0), x, 0, 1e-4));
        QVERIFY(torch::allclose(apply(Hue, 1), x, 0, 1e-4));
        QVERIFY(!torch::allclose(apply(Hue, 0.1), x, 0, 0.05));
        QVERIFY(torch::allclose(apply(Gamma, 1), x, 0, 1e-5));
        QVERIFY(apply(Gamma, 2).mean().item<double>() < x.mean().item<double>());
        const auto levels = ((apply(Posterise, 3) + 1) * 127.5).round().to(torch::kInt64);
        QVERIFY((torch::remainder(levels, 32) == 0).all().item<bool>());
    }

    /// Random keys for every picture, and yet the code is read after a few steps; then the attacks begin and
    /// the visibility falls.
    void learnsToRead() {
        auto options = smallestKeyed();
        options.fall = options.fastFall = 0.01;
        options.hold = 0;
        KeyedTraining job(options);
        training::StepResult last;
        int read = 0;  // steps in a row
        while (job.stepsDone() < 120 && !(read >= 3 && value(last, "level") < options.startLevel)) {
            last = job.step({pictures(job.stepsDone())});
            read = value(last, "accuracy") > 0.75 ? read + 1 : 0;
        }
        QVERIFY2(value(last, "accuracy") > 0.75, qPrintable(QString::number(value(last, "accuracy"))));
        QVERIFY(value(last, "level") < options.startLevel);
        QVERIFY(value(last, "level") >= options.lastLevel);
    }

    void resumeIsExact() {
        auto options = smallestKeyed();
        options.openAccuracy = 0.5;  // attacks from the second step on
        KeyedTraining whole(options);
        advance(whole, kKeyedSteps / 2);
        auto early = whole.state();
        for (auto& [name, tensor] : early.tensors) tensor = tensor.clone();  // as a file would hold them
        advance(whole, kKeyedSteps);
        KeyedTraining resumed(options);
        resumed.restore(early);
        QCOMPARE(resumed.stepsDone(), kKeyedSteps / 2);
        advance(resumed, kKeyedSteps);
        const auto expected = whole.state(), actual = resumed.state();
        QCOMPARE(actual.metadata.at("ladder"), expected.metadata.at("ladder"));
        QVERIFY(expected.metadata == actual.metadata);
        QCOMPARE(actual.tensors.size(), expected.tensors.size());
        for (const auto& [name, tensor] : expected.tensors)
            QVERIFY2(torch::equal(actual.tensors.at(name), tensor), name.c_str());

        options.network.bits = 20;
        KeyedTraining other(options);
        QVERIFY_EXCEPTION_THROWN(other.restore(early), Error);
    }

    /// What a step and a validation say is described, and the other way round; the model that comes out says
    /// that it was not validated.
    void valuesAreDescribed() {
        const auto options = smallestKeyed();
        training::PhotoSet photos;
        for (const char* name : {"one.png", "two.png"}) {
            photos.files.push_back(folder(name));
            writeFileAtomically(photos.files.back(), image::encode(makePicture(120, 100, 3, 8, 1), {}),
                                IfExists::Replace);
        }
        KeyedTraining job(options);
        std::set<std::string> given, described;
        for (const auto& [name, number] : job.step({pictures(0)}).values) given.insert(name);
        QVERIFY(!job.validate() && !job.samples());
        job.setViews(photos);
        const auto validation = job.validate();
        QVERIFY(validation && validation->photographs == 2);
        for (const auto& [name, number] : validation->values) given.insert(name);
        for (const auto& metric : KeyedTraining::metrics()) described.insert(metric.name);
        QVERIFY(given == described);
        const auto samples = job.samples();
        QVERIFY(samples && samples->record.at("rows").size() == 2);
        const auto row = keyedTask()->readSample(samples->record.at("rows")[0]);
        QVERIFY(row.verdict.ends_with("of 16 bits"));

        job.writeModel(folder("model"), Json::object());
        const auto manifest = models::findModel(folder("model").string(), {});
        QCOMPARE(manifest.arch, std::string("keyed"));
        QVERIFY(!manifest.validated);
        QCOMPARE(manifest.parameters, job.parameterCount());
    }

    void optionsAreChecked_data() {
        QTest::addColumn<QString>("json");
        QTest::newRow("band wider than the tile") << R"({"network": {"highest": 16}})";
        QTest::newRow("more bits than modes") << R"({"network": {"bits": 400}})";
        QTest::newRow("side") << R"({"side": 256})";
        QTest::newRow("unknown") << R"({"visibility": 1})";
        QTest::newRow("unknown of the network") << R"({"network": {"width": 1}})";
    }
    void optionsAreChecked() {
        QFETCH(QString, json);
        QVERIFY(test::errorOf([&] {
                    KeyedTrainingOptions::fromJson(Json::parse(json.toStdString()));
                }).startsWith("bad_option"));
    }
};

SIGNET_TEST(TestKeyedTraining)
#include "test_keyed_training.moc"
