// Attackers with networks: pictures drawn anew, and pictures moved against a detector.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/attacks/tensor_attacks.h"
#include "core/base/error.h"
#include "core/generators/adm_generator.h"
#include "core/generators/ldm_generator.h"
#include "core/image/resample.h"
#include "core/models/model_store.h"
#include "core/removal/attackers.h"
#include "core/removal/overlapping_tiles.h"
#include "core/removal/pgd.h"
#include "core/removal/plane_resize.h"
#include "core/removal/regeneration.h"
#include "core/removal/surrogate_attacker.h"
#include "core/removal/white_box_attacker.h"
#include "core/signature/geometry.h"
#include "core/signature/working_size.h"
#include "core/training/picture_tensors.h"
#include "tests/core/diffusion_builders.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::removal;
using signet::tests::makePicture;
using test::errorOf;
using test::tinyDenoiser;
using torch::Tensor;

namespace {

constexpr int kTile = 8;  ///< side of the smallest generator's pictures
constexpr int kAttackedPictures = 5;

/// Of a model that lies in no folder.
models::Manifest attackersModel(const std::string& arch, int resolution) {
    models::Manifest model;
    model.name = "made";
    model.arch = arch;
    model.weightsSha256 = "aa";
    model.resolution = resolution;
    return model;
}

/// Away from a beginning whose output is 0.
void stirred(torch::nn::Module& module) {
    const torch::NoGradGuard guard;
    torch::manual_seed(5);
    for (auto& parameter : module.parameters()) parameter.add_(torch::randn_like(parameter) * 0.05);
    module.eval();
}

nn::AutoencoderOptions tinyAutoencoder(int codes) {
    nn::AutoencoderOptions o;
    o.width = 32;
    o.multipliers = {1, 2};
    o.blocksPerLevel = 1;
    o.embedding = 4;
    o.codes = codes;
    return o;
}

std::shared_ptr<generators::Generator> tinyDiffusion(const std::string& arch) {
    if (arch == generators::kLdmArch) {
        auto ldm = std::make_shared<generators::LdmGenerator>(generators::LdmOptions{
            .denoiser = tinyDenoiser(kTile / 2, 4), .autoencoder = tinyAutoencoder(7)});
        stirred(*ldm->denoiser().network());
        stirred(*ldm->autoencoder());
        return ldm;
    }
    generators::AdmOptions options{.base = tinyDenoiser(arch == "cascade" ? kTile / 2 : kTile, 3)};
    if (arch == "cascade") options.upsampler = tinyDenoiser(kTile, 3);
    auto adm = std::make_shared<generators::AdmGenerator>(options);
    stirred(*adm->base().network());
    if (adm->upsampler() != nullptr) stirred(*adm->upsampler()->network());
    return adm;
}

/// Of any sample, grey levels.
int greatestChange(const image::Image& one, const image::Image& other) {
    int most = 0;
    for (std::size_t i = 0; i < one.data.size(); ++i)
        most = std::max(most, std::abs(one.data[i] - other.data[i]));
    return most;
}

bool sameSize(const image::Image& one, const image::Image& other) {
    return one.width == other.width && one.height == other.height && one.channels == other.channels;
}

/// The smallest signature of an architecture.
struct TinySignature {
    std::shared_ptr<WhiteBox> box;
    signature::Networks* networks = nullptr;  ///< null of a keyed one
    int bits = 1;
};

TinySignature tinySignature(const std::string& arch) {
    torch::manual_seed(3);
    if (arch == "keyed") {
        signature::KeyedNetworks networks(
            {.carrier = {.chips = 32}, .injectorWidths = {8, 8, 8}, .extractorWidths = {8, 8, 8}});
        networks.train(false);
        networks.freeze();
        return {whiteBoxOf(std::move(networks), signature::SecretKey::publicDefault()), nullptr, 32};
    }
    signature::NetworkOptions options;
    options.arch = arch;
    options.bits = arch == "paper" ? 4 : 1;
    options.workSide = 32;
    options.injectorWidths = options.detectorWidths = {8, 8, 8};
    options.injectorWidth = 32;
    options.injectorMultipliers = {1, 1};
    options.injectorBlocks = 1;
    options.injectorAttention = {2};
    options.detectorBlocks = {1, 1, 1, 1};
    options.detectorWidth = 8;
    auto networks = signature::Networks::create(options);
    networks->train(false);
    TinySignature made{nullptr, networks.get(), options.bits};
    made.box = whiteBoxOf(std::move(networks));
    return made;
}

/// Of pictures as an examination sees them, where the networks say one.
double presenceIn(signature::Networks& networks, const image::Image& picture) {
    const torch::NoGradGuard guard;
    const int side = networks.detectSide();
    const Tensor seen = networks.keepsProportions()
                            ? training::toTensor(signature::inProportion(picture, side))
                            : training::toSquare(picture, side);
    return networks.read(seen, static_cast<double>(picture.width) / picture.height).presence.item<double>();
}

}  // namespace

class TestAttackers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void resizingIsTheExaminations_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::newRow("smaller") << 32 << 24;
        QTest::newRow("larger") << 96 << 80;
        QTest::newRow("either") << 32 << 70;
    }
    void resizingIsTheExaminations() {
        QFETCH(int, width);
        QFETCH(int, height);
        const auto picture = makePicture(60, 45, 3);
        const PlaneResize resize(60, 45, width, height, torch::kCPU);
        const Tensor wanted = training::toTensor(image::toPlanes(picture, width, height));
        const Tensor made = resize(training::toTensor(picture));
        QCOMPARE(made.sizes(), wanted.sizes());
        QVERIFY((made - wanted).abs().max().item<double>() < 1e-5);
    }

    void tilesCoverAPicture_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("tiles");
        QTest::newRow("a tile") << 8 << 8 << 1;
        QTest::newRow("less than one") << 5 << 3 << 1;
        QTest::newRow("two side by side") << 14 << 8 << 2;
        QTest::newRow("another size") << 21 << 15 << 4 * 3;
    }
    void tilesCoverAPicture() {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(int, tiles);
        const Tensor picture = training::toTensor(makePicture(width, height, 3));
        int seen = 0;
        bool inOrder = true;
        const Tensor lighter = inTiles(picture, kTile, [&](const Tensor& some, std::uint64_t first) {
            inOrder = inOrder && first == static_cast<std::uint64_t>(seen);
            seen += static_cast<int>(some.size(0));
            return some + 1;
        });
        QVERIFY(inOrder);
        QCOMPARE(seen, tiles);
        QCOMPARE(lighter.sizes(), picture.sizes());
        QVERIFY((lighter - picture - 1).abs().max().item<double>() < 1e-6);
        // Where neighbours differ, they fade into each other.
        const Tensor numbered = inTiles(picture, kTile, [](const Tensor& some, std::uint64_t) {
            return torch::zeros_like(some) + torch::arange(some.size(0)).view({-1, 1, 1, 1});
        });
        QVERIFY(numbered.min().item<double>() >= 0 && numbered.max().item<double>() <= tiles - 1);
        if (tiles == 2) {
            QCOMPARE(numbered[0][0][0][0].item<double>(), 0.0);
            QVERIFY(std::abs(numbered[0][0][0][6].item<double>() - 0.25) < 1e-6);
            QVERIFY(std::abs(numbered[0][0][0][7].item<double>() - 0.75) < 1e-6);
            QCOMPARE(numbered[0][0][0][13].item<double>(), 1.0);
        }
    }

    void schedulesEndEarly() {
        const generators::NoiseSchedule whole("cosine", 20), part = whole.upTo(7);
        QCOMPARE(part.steps(), 7);
        for (int step = 0; step < 7; ++step) {
            QVERIFY(std::abs(part.kept(step) - whole.kept(step)) < 1e-12);
            QVERIFY(std::abs(part.beta(step) - whole.beta(step)) < 1e-12);
        }
        QCOMPARE(part.respaced(3).networkStep(2), std::int64_t{6});
        QVERIFY(errorOf([&] { whole.upTo(21); }).startsWith("bad_option"));
    }

    void drawnAnew_data() {
        QTest::addColumn<QString>("arch");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        for (const char* arch : {"adm", "cascade", "ldm"}) {
            QTest::addRow("%s, the model's size", arch) << QString(arch) << kTile << kTile;
            QTest::addRow("%s, another size", arch) << QString(arch) << 21 << 13;
        }
    }
    /// Without noise a diffusion of pictures gives them back; with noise they keep their size, and the seed
    /// decides them.
    void drawnAnew() {
        QFETCH(QString, arch);
        QFETCH(int, width);
        QFETCH(int, height);
        const auto picture = makePicture(width, height, 3);
        const auto generator = tinyDiffusion(arch.toStdString());
        const auto drawn = [&](int steps, std::uint64_t seed) {
            return Regeneration(attackersModel(generator->arch(), kTile), generator, steps, torch::kCPU, 1)
                .attack({picture, {}, seed}, {});
        };
        if (arch != "ldm") QVERIFY(drawn(0, 1).data == picture.data);
        const auto once = drawn(300, 1);
        QVERIFY(sameSize(once, picture));
        QVERIFY(once.data != picture.data);
        QVERIFY(drawn(300, 1).data == once.data);
        QVERIFY(drawn(300, 2).data != once.data);

        const Regeneration some(attackersModel(generator->arch(), kTile), generator, 40, torch::kCPU, 1);
        QCOMPARE(some.name(), std::string("regenerate:40"));
        QVERIFY(some.settings().at("timesteps") == 20);
        QVERIFY(some.settings().at("tile_px") == kTile);
    }

    void moreNoiseChangesMore() {
        const auto picture = makePicture(24, 24, 3);
        const auto generator = tinyDiffusion("adm");
        std::vector<double> changes;
        for (const int steps : {50, 300, 900}) {
            Regeneration attacker(attackersModel("adm", kTile), generator, steps, torch::kCPU, 1);
            const auto left = attacker.attack({picture, {}, 1}, {});
            changes.push_back(
                (training::toTensor(left) - training::toTensor(picture)).square().mean().item<double>());
        }
        QVERIFY(changes[0] < changes[1] && changes[1] < changes[2]);
    }

    void encodedAndDecoded_data() {
        QTest::addColumn<int>("codes");
        QTest::newRow("with a codebook") << 7;
        QTest::newRow("Gaussian") << 0;
    }
    void encodedAndDecoded() {
        QFETCH(int, codes);
        nn::Autoencoder network(tinyAutoencoder(codes));
        stirred(*network);
        Regeneration attacker(attackersModel("autoencoder", kTile), network, torch::kCPU, 1);
        QCOMPARE(attacker.name(), std::string("regenerate"));
        const auto tile = makePicture(kTile, kTile, 3);
        const torch::NoGradGuard guard;
        const Tensor back = network->decodeSampled(network->latentOf(training::toTensor(tile)));
        QVERIFY(greatestChange(attacker.attack({tile, {}, 1}, {}), training::toImage(back)) <= 1);
        const auto picture = makePicture(21, 13, 3);
        QVERIFY(sameSize(attacker.attack({picture, {}, 1}, {}), picture));
    }

    void generatorsThatDrawNothingAnew() {
        const auto gan = generators::makeGenerator("sngan", {{"side", 32}, {"width", 8}});
        const auto said = errorOf([&] { gan->regenerated({}, 0.1, {}, {}); }, ErrorCode::BadOption);
        QVERIFY2(said.contains("draws no picture anew"), qPrintable(said));
    }

    void descentStaysWithinEps_data() {
        QTest::addColumn<int>("eps");
        for (const int eps : {1, 2, 8}) QTest::addRow("%d", eps) << eps;
    }
    /// A loss that every sample makes smaller by itself is brought to the end of the ball, 8 bits and all.
    void descentStaysWithinEps() {
        QFETCH(int, eps);
        auto picture = makePicture(30, 20, 3);
        picture.data[0] = 0;
        picture.data[1] = 255;
        const PictureLoss darkness = [](const Tensor& x, StepRandom&) { return x.sum(); };
        const auto dark = projectedDescent(picture, darkness, {.eps = eps}, 1, torch::kCPU, {});
        for (std::size_t i = 0; i < picture.data.size(); ++i)
            QCOMPARE(int(dark.data[i]), std::max(0, int(picture.data[i]) - eps));

        std::stop_source stop;
        stop.request_stop();
        const auto begun =
            projectedDescent(picture, darkness, {.eps = eps}, 1, torch::kCPU, {stop.get_token(), {}});
        QVERIFY(greatestChange(begun, picture) <= eps && begun.data != dark.data);
    }

    void surrogateIsFooled_data() {
        QTest::addColumn<QString>("input");
        QTest::newRow("square") << QString(baselines::kSquareInput);
        QTest::newRow("as they are") << QString(baselines::kWholeInput);
    }
    /// Pictures of several sizes, one after another.
    void surrogateIsFooled() {
        QFETCH(QString, input);
        const std::shared_ptr<baselines::Classifier> classifier = baselines::makeClassifier(
            {{.width = 4, .input = input.toStdString(), .side = 32}, {"plain", "signed"}}, 2);
        classifier->network()->eval();
        SurrogateAttacker attacker(attackersModel("resnet18", 32), classifier, {.eps = 4, .steps = 20},
                                   torch::kCPU, 1);
        QCOMPARE(attacker.name(), std::string("surrogate:4"));
        QVERIFY(attacker.settings().at("taken_for") == "plain");
        const auto logitOf = [&](const image::Image& picture) {
            const torch::NoGradGuard guard;
            const bool isSquared = input == baselines::kSquareInput;
            return classifier
                ->logit(isSquared ? training::toSquare(picture, 32) : training::toTensor(picture))
                .item<double>();
        };
        int lower = 0;
        for (unsigned i = 0; i < kAttackedPictures; ++i) {
            const auto picture =
                i % 2 == 0 ? makePicture(60, 45, 3, 8, i + 1) : makePicture(45, 60, 3, 8, i + 1);
            const auto left = attacker.attack({picture, {}, i}, {});
            QVERIFY(greatestChange(left, picture) <= 4);
            QVERIFY(attacker.attack({picture, {}, i}, {}).data == left.data);
            lower += logitOf(left) < logitOf(picture);
        }
        QVERIFY2(lower >= kAttackedPictures - 1, qPrintable(QString::number(lower)));
    }

    /// What the map says of a view is what the view shows.
    void viewsAreWhereTheirMapSays() {
        const Tensor picture = training::toTensor(makePicture(40, 40, 3));
        const attacks::PaperDraw draw{.rotationDegrees = 20, .blurSigma = 0.1, .flip = true};
        const Tensor view = attacks::paperAugment(picture, attacks::PaperSource::Text, draw);
        const Tensor wanted = signature::warp(picture, attacks::paperMap(draw), 40);
        QVERIFY((view - wanted).abs().max().item<double>() < 1e-3);
    }

    void whiteBoxMovesBothWays_data() {
        QTest::addColumn<QString>("arch");
        for (const char* arch : {"compact", "texture", "paper", "keyed"})
            QTest::newRow(arch) << QString(arch);
    }
    /// Forged and removed again: what the detector's loss says, and where there is one its presence logit.
    void whiteBoxMovesBothWays() {
        QFETCH(QString, arch);
        constexpr int kEps = 8;
        const auto made = tinySignature(arch.toStdString());
        std::vector<std::uint8_t> code(static_cast<std::size_t>(made.bits), 1);
        if (made.bits > 1) code[1] = 0;
        const auto attackerOf = [&](Aim aim) {
            return WhiteBoxAttacker(attackersModel("made", 32), made.box, aim,
                                    {.eps = kEps, .steps = 20, .stepShare = 0.1}, torch::kCPU, 1);
        };
        WhiteBoxAttacker forger = attackerOf(Aim::Spoofing), remover = attackerOf(Aim::Removal);
        QCOMPARE(forger.name(), std::string("white-box-spoofing:8"));
        QCOMPARE(remover.name(), std::string("white-box-removal:8"));
        const auto lossOf = [&](const image::Image& picture, Aim aim) {
            const torch::NoGradGuard guard;
            const auto [width, height] = made.box->inputSize(picture);
            return made.box
                ->lossOf(code, aim)(training::toTensor(image::toPlanes(picture, width, height)),
                                    attacks::paperMap({}))
                .item<double>();
        };
        int forged = 0, removed = 0, higher = 0, lower = 0;
        for (unsigned i = 0; i < kAttackedPictures; ++i) {
            const auto picture = makePicture(80, 66, 3, 8, i + 1);
            const auto forgery = forger.attack({picture, code, i}, {});
            const auto left = remover.attack({forgery, code, i}, {});
            QVERIFY(greatestChange(forgery, picture) <= kEps && greatestChange(left, forgery) <= kEps);
            forged += lossOf(forgery, Aim::Spoofing) < lossOf(picture, Aim::Spoofing);
            removed += lossOf(left, Aim::Removal) < lossOf(forgery, Aim::Removal);
            if (made.networks == nullptr) continue;
            // The paper's presence is its strongest bit, which one that is to be 0 may have been.
            higher +=
                arch == "paper" || presenceIn(*made.networks, forgery) > presenceIn(*made.networks, picture);
            lower += presenceIn(*made.networks, left) < presenceIn(*made.networks, forgery);
        }
        const auto said = QString("%1 %2 %3 %4").arg(forged).arg(removed).arg(higher).arg(lower);
        constexpr int kMost = kAttackedPictures - 1;
        QVERIFY2(forged >= kMost && removed >= kMost, qPrintable(said));
        QVERIFY2(made.networks == nullptr || (higher >= kMost && lower >= kMost), qPrintable(said));
    }

    void optionsAreChecked_data() {
        QTest::addColumn<QList<int>>("steps");
        QTest::addColumn<QList<int>>("eps");
        QTest::addColumn<QString>("said");
        QTest::newRow("steps of nothing") << QList<int>{40} << QList<int>{} << "--regenerate";
        QTest::newRow("eps of nothing") << QList<int>{} << QList<int>{4} << "--white-box";
    }
    void optionsAreChecked() {
        QFETCH(QList<int>, steps);
        QFETCH(QList<int>, eps);
        QFETCH(QString, said);
        AttackerOptions options;
        options.steps.assign(steps.begin(), steps.end());
        options.eps.assign(eps.begin(), eps.end());
        const auto refusal = errorOf([&] { options.validate(); }, ErrorCode::BadOption);
        QVERIFY2(refusal.contains(said), qPrintable(refusal));
        QVERIFY(!options.any());
    }

    void strengthsAreChecked() {
        const auto refusal = [](const AttackerOptions& options) {
            return errorOf([&] { options.validate(); }, ErrorCode::BadOption);
        };
        for (const int steps : {0, 1001})
            QVERIFY(
                refusal({.generator = "made", .steps = {steps}}).contains("--steps lies between 1 and 1000"));
        for (const int eps : {0, 65})
            QVERIFY(refusal({.whiteBox = true, .eps = {eps}}).contains("--eps lies between 1 and 64"));
        QVERIFY(refusal({.generator = "made", .steps = {1, 1000}, .surrogate = "made", .eps = {1, 64}})
                    .isEmpty());
    }

    void attackersOfAShippedSignature() {
        const auto signature = models::findModel("photo-keyed32", {});
        const examine::Examiner::Options setup{.device = "cpu", .threads = 1};
        const auto attackers = makeAttackers({.whiteBox = true, .eps = {2, 4}}, signature, setup);
        std::vector<std::string> names;
        for (const auto& attacker : attackers) names.push_back(attacker->name());
        QVERIFY(names == (std::vector<std::string>{"white-box-removal:2", "white-box-removal:4",
                                                   "white-box-spoofing:2", "white-box-spoofing:4"}));
        QVERIFY(attackers.front()->settings().at("detector") == "photo-keyed32");
        const auto refusal = [&](const AttackerOptions& options, const models::Manifest& model) {
            return errorOf([&] { makeAttackers(options, model, setup); }, ErrorCode::BadOption);
        };
        QVERIFY(refusal({.remover = "photo-keyed32"}, signature).contains("removes no signature"));
        QVERIFY(refusal({.generator = "photo-keyed32"}, signature).contains("draws no pictures"));
        QVERIFY(refusal({.surrogate = "photo-keyed32"}, signature).contains("not a classifier"));
        auto classifier = signature;
        classifier.of = models::ClassifierFields{};
        QVERIFY(refusal({.whiteBox = true}, classifier).contains("a signature's detector"));
    }
};

SIGNET_TEST(TestAttackers)
#include "test_attackers.moc"
