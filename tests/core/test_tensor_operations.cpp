#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <numbers>

#include "core/attacks/perturbation.h"
#include "core/attacks/tensor_attacks.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/signature/geometry.h"
#include "tests/core/tensor_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using at::Tensor;
using at::indexing::Slice;
using tests::largest;

namespace {

Tensor affine(double a, double b, double c, double d, double e, double f) {
    return at::tensor({a, b, c, d, e, f}, at::kFloat).view({1, 2, 3});
}

/// A smooth coloured batch in [-1,1] with detail of a few pixels.
Tensor smooth(std::int64_t batch, std::int64_t side) {
    return at::upsample_bilinear2d(at::rand({batch, 3, side / 4, side / 4}) * 2 - 1, {side, side}, false);
}

/// Levels 0..255 of one image as the codecs see it.
image::Image toImage(const Tensor& x) {
    const auto bytes = ((x.clamp(-1, 1) + 1) * 127.5).round().to(at::kByte).permute({1, 2, 0}).contiguous();
    auto picture = image::makeImage(static_cast<int>(bytes.size(1)), static_cast<int>(bytes.size(0)), 3);
    std::copy_n(bytes.data_ptr<std::uint8_t>(), picture.data.size(), picture.data.begin());
    return picture;
}

}  // namespace

class TestTensorOperations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        at::manual_seed(11);
        at::set_num_threads(1);
    }

    void inverseAndComposition() {
        StepRandom random(3, 0, 0);
        const auto maps = attacks::drawGeometry(64, {.flipShare = 0.5}, 1, random);
        const auto others = attacks::drawGeometry(64, {.rotationDegrees = 90}, 1, random);
        const auto one = identityAffine(64);
        QVERIFY(largest(composeAffine(maps, invertAffine(maps)) - one) < 1e-5);
        QVERIFY(largest(composeAffine(invertAffine(maps), maps) - one) < 1e-5);
        QVERIFY(largest(invertAffine(composeAffine(maps, others)) -
                        composeAffine(invertAffine(others), invertAffine(maps))) < 1e-4);
        QVERIFY(largest(composeAffine(one, maps) - maps) == 0);
        // On points: outer(inner(p)).
        const auto points = cellCentres(3, 5);
        const auto inner = at::matmul(others, points);
        const auto chained = at::matmul(maps, at::cat({inner, at::ones({64, 1, 15})}, 1));
        QVERIFY(largest(at::matmul(composeAffine(maps, others), points) - chained) < 1e-5);
    }

    void inverseOfSingularMapsIsFinite() {
        for (const auto& map :
             {affine(0, 0, 0.3, 0, 0, 0.1), affine(1, 2, 0, 2, 4, 0), affine(0.1, 0, 0, 0, -0.1, 1)}) {
            const auto inverse = invertAffine(map);
            QVERIFY(at::isfinite(inverse).all().item<bool>());
            QVERIFY(largest(inverse) <= 100);
        }
    }

    void cellCentresLieHalfACellInside() {
        const auto centres = cellCentres(2, 4);
        QVERIFY(largest(centres - at::tensor({-0.75, -0.25, 0.25, 0.75, -0.75, -0.25, 0.25, 0.75,  //
                                              -0.5,  -0.5,  -0.5, -0.5, 0.5,   0.5,   0.5,  0.5,   //
                                              1.,    1.,    1.,   1.,   1.,    1.,    1.,   1.},
                                             at::kFloat)
                                      .view({3, 8})) < 1e-6);
    }

    void fitRecoversAMap_data() {
        QTest::addColumn<double>("outliers");
        QTest::addColumn<bool>("flagged");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("noise alone") << 0.0 << false << 0.02;
        QTest::newRow("outliers that say so") << 0.2 << true << 0.02;
        QTest::newRow("outliers that look sure") << 0.2 << false << 0.04;
    }
    /// Cells of 12 x 12 that read the frame with sigma 0.02, some of them anywhere; the tolerance is on the
    /// place of every cell, in [-1,1] units (the reader takes 0.03 to 0.04).
    void fitRecoversAMap() {
        QFETCH(double, outliers);
        QFETCH(bool, flagged);
        QFETCH(double, tolerance);
        const std::int64_t side = 12;
        StepRandom random(5, 0, 0);
        const auto maps = attacks::drawGeometry(16, {.identityShare = 0}, 1, random);
        const auto centres = cellCentres(side, side);
        auto readings = at::matmul(maps, centres) + at::randn({16, 2, side * side}) * 0.02;
        const auto wrong = at::rand({16, 1, side * side}) < outliers;
        readings = at::where(wrong, at::rand_like(readings) * 2 - 1, readings);
        const auto certainty =
            flagged ? at::where(wrong, at::tensor(4.f), at::tensor(-4.f)) : at::zeros({16, 1, side * side});
        const auto locator = at::cat({at::randn({16, 1, side, side}), readings.view({16, 2, side, side}),
                                      certainty.view({16, 1, side, side})},
                                     1);
        const auto found = fitAffine(locator);
        QVERIFY(found.scalar_type() == at::kFloat);
        const auto off = (at::matmul(found, centres) - at::matmul(maps, centres)).norm(2, {1});
        QVERIFY2(largest(off) < tolerance, qPrintable(QString::number(largest(off))));
    }

    void fitOfUselessReadingsIsFinite() {
        auto locator = at::zeros({1, 4, 6, 6});
        QVERIFY(at::isfinite(fitAffine(locator)).all().item<bool>());
        locator.select(1, 3).fill_(1e9);
        locator.select(1, 1).normal_(0, 100);
        QVERIFY(at::isfinite(fitAffine(locator)).all().item<bool>());
    }

    void warpIdentityAndShift() {
        const auto x = smooth(2, 32);
        QVERIFY(largest(warp(x, identityAffine(2), 32) - x) < 1e-5);
        // Output pixel p shows the input at affine(p): 4 px to the right.
        const auto shifted = warp(x, affine(1, 0, 8.0 / 32, 0, 1, 0).expand({2, 2, 3}), 32);
        QVERIFY(largest(shifted.slice(3, 0, 28) - x.slice(3, 4, 32)) < 1e-5);
        QVERIFY(largest(shifted.slice(3, 29, 32)) == 0);
        const auto mirrored = warp(x, affine(-1, 0, 0, 0, 1, 0).expand({2, 2, 3}), 32);
        QVERIFY(largest(mirrored - x.flip(3)) < 1e-5);
    }

    /// A view cut out of the frame is laid back to where it came from, with its cover and coordinates.
    void alignToFrameOfAShiftedView() {
        const std::int64_t side = 32;
        const auto frame = smooth(1, side);
        const auto viewToFrame = affine(1, 0, 2.0 * 5 / side, 0, 1, -2.0 * 3 / side);
        const auto view = warp(frame, viewToFrame, side);
        const auto aligned = alignToFrame(view, viewToFrame, side);
        QCOMPARE(aligned.sizes().vec(), (std::vector<std::int64_t>{1, 6, side, side}));
        // The view shows the frame from column 5 on and down to row side - 3.
        const auto shown = aligned.index({Slice(), Slice(), Slice(0, side - 3), Slice(5, side)});
        QVERIFY(largest(shown.slice(1, 0, 3) -
                        frame.index({Slice(), Slice(), Slice(0, side - 3), Slice(5, side)})) < 1e-5);
        QVERIFY(largest(shown.slice(1, 3, 4) - 1) < 1e-5);
        QVERIFY(largest(aligned.slice(1, 0, 4).slice(3, 0, 4)) == 0);
        QVERIFY(largest(aligned.slice(1, 0, 4).slice(2, side - 2, side)) == 0);
        const auto centres = cellCentres(side, side).view({3, side, side});
        QVERIFY(largest(aligned[0].slice(0, 4, 6) - centres.slice(0, 0, 2)) < 1e-6);
    }

    void drawnGeometryKeepsItsRanges() {
        StepRandom random(9, 0, 0);
        const auto crops = attacks::drawGeometry(500, {.rotationDegrees = 0}, 1, random);
        const auto sides = at::cat({crops.select(1, 0).slice(1, 0, 1), crops.select(1, 1).slice(1, 1, 2)}, 1);
        const auto offsets = crops.select(2, 2);
        QVERIFY(sides.min().item<double>() >= 0.65 * 0.92 - 1e-6);
        QVERIFY(sides.min().item<double>() < 0.7);
        QVERIFY((sides + offsets.abs()).max().item<double>() <= 1 + 1e-6);
        const auto untouched = (crops - identityAffine(500)).abs().amax({1, 2}) == 0;
        QVERIFY(untouched.sum().item<int>() > 60);  // the identity share of 0.2, and rotations by 0
        const auto turned = attacks::drawGeometry(
            500, {.identityShare = 0, .cropSide = 1, .aspect = 0, .rotationDegrees = 12, .flipShare = 0.5}, 1,
            random);
        const auto sine = turned.select(1, 1).select(1, 0).abs();
        QVERIFY(sine.max().item<double>() <= std::sin(12 * std::numbers::pi / 180) + 1e-6);
        QVERIFY(sine.max().item<double>() > std::sin(11 * std::numbers::pi / 180));
        const double mirrored = (turned.select(1, 0).select(1, 0) < 0).to(at::kFloat).mean().item<double>();
        QVERIFY(mirrored > 0.4 && mirrored < 0.6);
        QVERIFY(largest(attacks::drawGeometry(50, {}, 0, random) - identityAffine(50)) == 0);
    }

    void quantisation_data() {
        QTest::addColumn<bool>("truncate");
        QTest::newRow("rounds") << false;
        QTest::newRow("truncates") << true;
    }
    /// Levels k + 0.3 and k + 0.7 of 255, and values outside of the range; the gradient passes everywhere.
    void quantisation() {
        QFETCH(bool, truncate);
        std::vector<float> values, expected;
        for (int level = 0; level < 255; ++level) {
            for (const double part : {0.3, 0.7}) {
                values.push_back(static_cast<float>((level + part) / 127.5 - 1));
                expected.push_back(static_cast<float>(level + (!truncate && part > 0.5 ? 1 : 0)));
            }
        }
        values.insert(values.end(), {-3.f, 2.f, -1.f, 1.f});
        expected.insert(expected.end(), {0.f, 255.f, 0.f, 255.f});
        const auto x = at::tensor(values).set_requires_grad(true);
        const auto y = attacks::quantizeStraightThrough(x, truncate);
        const auto levels = (y.detach().to(at::kDouble) + 1) * 127.5;
        QVERIFY(largest(levels - at::tensor(expected).to(at::kDouble)) < 1e-4);
        const auto weights = at::arange(x.numel(), at::kFloat);
        (y * weights).sum().backward();
        QVERIFY(at::equal(x.grad(), weights));
    }

    void codecsPassTheGradient_data() {
        QTest::addColumn<int>("attack");
        QTest::addColumn<int>("format");
        QTest::newRow("jpeg") << int(attacks::PhotometricAttack::Jpeg) << int(image::Format::Jpeg);
        QTest::newRow("webp") << int(attacks::PhotometricAttack::WebP) << int(image::Format::WebP);
    }
    /// Forward: what the real codec at quality 70 gives. Backward: as if nothing had happened.
    void codecsPassTheGradient() {
        QFETCH(int, attack);
        QFETCH(int, format);
        const auto x = (smooth(2, 32) * 1.1).set_requires_grad(true);
        StepRandom random(1, 2, 3);
        const auto y = attacks::apply(static_cast<attacks::PhotometricAttack>(attack), x,
                                      {.jpegLow = 70, .jpegHigh = 70, .webpLow = 70, .webpHigh = 70}, random);
        for (std::int64_t i = 0; i < 2; ++i) {
            double best = 1e9;
            for (const bool subsample : {false, true}) {
                const auto file = image::encode(
                    toImage(x.detach()[i]),
                    {.format = static_cast<image::Format>(format), .quality = 70, .subsample = subsample});
                const auto decoded = image::decode(file).image;
                const auto bytes =
                    at::from_blob(const_cast<std::uint8_t*>(decoded.data.data()), {32, 32, 3}, at::kByte);
                const auto levels = ((y.detach()[i] + 1) * 127.5).permute({1, 2, 0});
                best = std::min(best, largest(levels - bytes.to(at::kFloat)));
            }
            QVERIFY2(best < 1e-3, qPrintable(QString::number(best)));
        }
        QVERIFY(largest(y.detach() - x.detach()) > 0.01);
        const auto weights = at::randn_like(y);
        (y * weights).sum().backward();
        QVERIFY(at::equal(x.grad(), weights));
    }

    void stepsPassTheGradient_data() {
        QTest::addColumn<int>("attack");
        QTest::addColumn<QString>("spec");
        QTest::newRow("median") << int(attacks::PhotometricAttack::Median) << "median:3";
        QTest::newRow("equalise") << int(attacks::PhotometricAttack::Equalise) << "equalise";
        QTest::newRow("palette") << int(attacks::PhotometricAttack::Palette) << "palette:32";
        QTest::newRow("overlay") << int(attacks::PhotometricAttack::Overlay) << "overlay:0.2";
    }
    /// Forward: what an evaluation's step does to the picture. Backward: as if nothing had happened, but
    /// nothing of what lies under a plate.
    void stepsPassTheGradient() {
        QFETCH(int, attack);
        QFETCH(QString, spec);
        const auto kind = static_cast<attacks::PhotometricAttack>(attack);
        const auto x = smooth(2, 64).set_requires_grad(true);
        StepRandom random(1, 2, 3);
        const auto draw = attacks::drawPhotometric(
            kind, 2, {.medianHigh = 3, .coloursLow = 32, .coloursHigh = 32, .overlayLow = 0.2}, random);
        const auto y = attacks::apply(draw, x);
        for (std::int64_t i = 0; i < 2; ++i) {
            const auto expected =
                attacks::apply(toImage(x.detach()[i]), attacks::parsePerturbation(spec.toStdString()),
                               mixedSeed(draw.seed, std::uint64_t(i)));
            const auto bytes =
                at::from_blob(const_cast<std::uint8_t*>(expected.data.data()), {64, 64, 3}, at::kByte);
            const auto levels = ((y.detach()[i] + 1) * 127.5).permute({1, 2, 0});
            QVERIFY(largest(levels - bytes.to(at::kFloat)) < 1e-3);
        }
        y.sum().backward();
        const double passed = (x.grad() == 1).to(at::kFloat).mean().item<double>();
        const bool covers = kind == attacks::PhotometricAttack::Overlay;
        QVERIFY2(covers ? passed > 0.7 && passed < 0.85 : passed == 1, qPrintable(QString::number(passed)));
        // The second of two images is attacked alike where a process has no other.
        QVERIFY(at::equal(attacks::apply(draw, x.detach().slice(0, 1), 1), y.detach().slice(0, 1)));
    }

    void attacksAreRepeatable_data() {
        QTest::addColumn<int>("attack");
        for (const auto attack : attacks::kPhotometricAttacks)
            QTest::newRow(std::string(attacks::toString(attack)).c_str()) << int(attack);
    }
    /// The same draws give the same pixels, and every attack but "none" changes them and keeps their shape.
    void attacksAreRepeatable() {
        QFETCH(int, attack);
        const auto kind = static_cast<attacks::PhotometricAttack>(attack);
        const auto x = smooth(3, 40);
        const auto run = [&](std::uint64_t step) {
            at::manual_seed(step);
            StepRandom random(1, 0, step);
            return attacks::apply(kind, x, {}, random);
        };
        const auto first = run(4);
        QVERIFY(at::equal(first, run(4)));
        QVERIFY(first.sizes() == x.sizes());
        QVERIFY(at::isfinite(first).all().item<bool>());
        QCOMPARE(at::equal(first, x), kind == attacks::PhotometricAttack::None);
        if (kind != attacks::PhotometricAttack::None) QVERIFY(!at::equal(first, run(5)));
    }

    void paperAugmentation_data() {
        QTest::addColumn<bool>("code");
        QTest::addColumn<double>("leastVariance");
        QTest::addColumn<double>("mostVariance");
        QTest::newRow("text") << false << 0.01 << 10.0;
        QTest::newRow("code") << true << 0.0001 << 1.0;
    }
    /// Rotation is read off two ramps, blur off a point in the centre: 30 degrees, the variances of the fact
    /// sheet, and a mirror image every second time.
    void paperAugmentation() {
        QFETCH(bool, code);
        QFETCH(double, leastVariance);
        QFETCH(double, mostVariance);
        const auto source = code ? attacks::PaperSource::Code : attacks::PaperSource::Text;
        const std::int64_t side = 65;
        const auto ramps = cellCentres(side, side).view({1, 3, side, side}).slice(1, 0, 2);
        auto point = at::zeros({1, 1, side, side});
        point[0][0][side / 2][side / 2] = 1;
        const auto x = at::cat({ramps, point}, 1);
        const std::int64_t reach = code ? 16 : 4;  // pixels around the centre that no border touches
        const auto inner = [&](const Tensor& t) {
            return t.narrow(0, side / 2 - reach, 2 * reach + 1).narrow(1, side / 2 - reach, 2 * reach + 1);
        };
        double mostDegrees = 0, widest = 0, narrowest = 1e9;
        int mirrored = 0;
        constexpr int kDraws = 300;
        for (int step = 0; step < kDraws; ++step) {
            StepRandom random(2, 0, static_cast<std::uint64_t>(step));
            StepRandom again(2, 0, static_cast<std::uint64_t>(step));
            const auto y = attacks::paperAugment(x, source, random);
            if (step < 5) QVERIFY(at::equal(y, attacks::paperAugment(x, source, again)));
            QVERIFY(y.sizes() == x.sizes());
            const auto px = inner(ramps[0][0]);
            const auto py = inner(ramps[0][1]);
            const auto slope = [&](const Tensor& shown, const Tensor& along) {
                return (inner(shown) * along).sum().item<double>() / along.square().sum().item<double>();
            };
            const double cosine = slope(y[0][1], py);
            const double sine = slope(y[0][0], py);
            mostDegrees = std::max(mostDegrees, std::abs(std::atan2(sine, cosine)) * 180 / std::numbers::pi);
            mirrored += slope(y[0][0], px) < 0;
            const auto mass = y[0][2];
            const auto distance = (ramps[0][0] * (static_cast<double>(side) / 2)).square();
            const double variance = (mass * distance).sum().item<double>() / mass.sum().item<double>();
            widest = std::max(widest, variance);
            narrowest = std::min(narrowest, variance);
        }
        QVERIFY2(mostDegrees > 28 && mostDegrees < 30.6, qPrintable(QString::number(mostDegrees)));
        QVERIFY(mirrored > kDraws * 0.4 && mirrored < kDraws * 0.6);
        // The point is spread a little by the resampling, and the kernel is cut off.
        QVERIFY2(widest > 0.7 * mostVariance && widest < mostVariance * 1.05,
                 qPrintable(QString::number(widest)));
        QVERIFY2(narrowest < leastVariance + 0.25, qPrintable(QString::number(narrowest)));
    }
};

SIGNET_TEST(TestTensorOperations)
#include "test_tensor_operations.moc"
