#include <algorithm>
#include <cmath>
#include <numeric>

#include "attacked.h"
#include "core/attacks/perturbation.h"
#include "core/attacks/treatment_words.h"
#include "core/base/error.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/metrics/quality.h"
#include "support/pictures.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::attacks;
using namespace signet::test;

namespace {

/// The specs of a kind at both ends of its range, or its only one.
std::vector<std::string> extremesOf(const KindInfo& info) {
    if (!info.range) return {std::string(info.name)};
    return {toSpec({{{info.kind, info.range->low}}}), toSpec({{{info.kind, info.range->high}}})};
}

void addExtremesOfAllKinds() {
    QTest::addColumn<QString>("spec");
    for (const KindInfo& info : kinds())
        for (const std::string& spec : extremesOf(info))
            QTest::newRow(spec.c_str()) << QString::fromStdString(spec);
}

bool isSeeded(const KindInfo& info) {
    return info.meaning.find("seeded") != std::string_view::npos;
}

}  // namespace

class TestAttacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void words_data() {
        QTest::addColumn<QStringList>("specs");
        QTest::addColumn<QString>("words");
        QTest::newRow("one") << QStringList{"jpeg:50"} << "JPEG of quality 50";
        QTest::newRow("without strength") << QStringList{"flip"} << "mirrored";
        QTest::newRow("chain") << QStringList{"flip+rotate:20"}
                               << QString::fromUtf8("mirrored, then turned by 20°");
        QTest::newRow("strength within")
            << QStringList{"perspective:0.05", "perspective:0.1"}
            << "seen at an angle (corners moved by up to 0.05 or 0.1 of the side)";
        QTest::newRow("unknown") << QStringList{"melt:3"} << "melt:3";
        QTest::newRow("no strength given") << QStringList{"jpeg"} << "jpeg";
        QTest::newRow("calibration")
            << QStringList{"none", "jpeg:90", "jpeg:75", "jpeg:50", "webp:75", "resize:0.5"}
            << "unchanged, JPEG of quality 90, 75 or 50, WebP of quality 75, or scaled to 0.5 of the side";
        QTest::newRow("two") << QStringList{"none", "flip"} << "unchanged or mirrored";
        QTest::newRow("none") << QStringList{} << "";
    }
    void words() {
        QFETCH(QStringList, specs);
        QFETCH(QString, words);
        std::vector<std::string> all;
        for (const QString& spec : specs) all.push_back(spec.toStdString());
        QCOMPARE(QString::fromStdString(attacks::inWords(all)), words);
        if (all.size() == 1) QCOMPARE(QString::fromStdString(attacks::inWords(all.front())), words);
    }

    void everyKindHasWords_data() { addExtremesOfAllKinds(); }
    void everyKindHasWords() {
        QFETCH(QString, spec);
        const QString words = QString::fromStdString(attacks::inWords(spec.toStdString()));
        QVERIFY2(words != spec, qPrintable(words));
        QVERIFY(!words.contains("{}") && !words.contains(':'));
        const QString value = spec.section(':', 1);
        QVERIFY2(words.contains(value), qPrintable(words));
    }

    void roundTrips_data() { addExtremesOfAllKinds(); }
    void roundTrips() {
        QFETCH(QString, spec);
        const Perturbation parsed = parsePerturbation(spec.toStdString());
        QCOMPARE(QString::fromStdString(toSpec(parsed)), spec);
        QVERIFY(perturbationFromJson(Json::parse(toJson(parsed).dump())) == parsed);
    }

    void valuesOutOfRange_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("value");
        for (const KindInfo& info : kinds()) {
            if (!info.range) continue;
            const auto add = [&](double value) {
                QTest::newRow(qPrintable(QString("%1 %2").arg(info.name.data()).arg(value)))
                    << QString(info.name.data()) << value;
            };
            add(info.range->low - 0.005);
            add(info.range->high + 0.005);
            if (info.range->spacing > 0) add(info.range->low + info.range->spacing / 2);
        }
    }
    void valuesOutOfRange() {
        QFETCH(QString, name);
        QFETCH(double, value);
        const std::string spec = QString("%1:%2").arg(name).arg(value).toStdString();
        QVERIFY_EXCEPTION_THROWN(parsePerturbation(spec), Error);
        const Json json = Json::array({{{"name", name.toStdString()}, {"value", value}}});
        QVERIFY_EXCEPTION_THROWN(perturbationFromJson(json), Error);
        const Perturbation unchecked{{{findKind(name.toStdString())->kind, value}}};
        QVERIFY_EXCEPTION_THROWN(apply(flat(4, 4, 1, 2, 3), unchecked, 1), Error);
    }

    void canonicalText_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QString>("canonical");
        for (const char* spec :
             {"none", "jpeg:50", "webp:60", "resize:0.5", "crop:0.75", "cropresize:0.75", "rotate:15",
              "rotate:-30", "flip", "blur:2", "noise:0.05", "brightness:1.5", "contrast:0.5", "paper-text",
              "paper-code", "resize:0.5+jpeg:75+flip", "jpeg:90+jpeg:90"}) {
            QTest::newRow(spec) << spec << spec;
        }
        QTest::newRow("shortest number") << "blur:2.0"
                                         << "blur:2";
        QTest::newRow("leading zeros") << "jpeg:050"
                                       << "jpeg:50";
        QTest::newRow("none in a chain") << "none+flip+none"
                                         << "flip";
    }
    void canonicalText() {
        QFETCH(QString, spec);
        QFETCH(QString, canonical);
        const Perturbation parsed = parsePerturbation(spec.toStdString());
        QCOMPARE(toSpec(parsed), canonical.toStdString());
        QVERIFY(parsePerturbation(toSpec(parsed)) == parsed);
        QVERIFY(perturbationFromJson(Json::parse(toJson(parsed).dump())) == parsed);
    }

    void badSpecs_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QString>("part");  // of the message
        QTest::newRow("empty") << ""
                               << "step is missing";
        QTest::newRow("unknown") << "sharpen:2"
                                 << "there are none, jpeg, webp, avif";
        QTest::newRow("capitals") << "JPEG:50"
                                  << "there is no \"JPEG\"";
        QTest::newRow("no value") << "jpeg"
                                  << "from 1 to 100";
        QTest::newRow("empty value") << "jpeg:"
                                     << "not a number";
        QTest::newRow("not a number") << "blur:two"
                                      << "not a number";
        QTest::newRow("rest after the number") << "blur:2px"
                                               << "from 0.05 to 50";
        QTest::newRow("nan") << "blur:nan"
                             << "not a number";
        QTest::newRow("infinite") << "brightness:inf"
                                  << "not a number";
        QTest::newRow("quality 0") << "jpeg:0"
                                   << "a whole number from 1 to 100";
        QTest::newRow("half quality") << "webp:50.5"
                                      << "a whole number from 1 to 100";
        QTest::newRow("crop to nothing") << "crop:0"
                                         << "from 0.01 to 1";
        QTest::newRow("crop beyond") << "cropresize:1.5"
                                     << "from 0.01 to 1";
        QTest::newRow("resize up") << "resize:2"
                                   << "from 0.05 to 1";
        QTest::newRow("rotation") << "rotate:181"
                                  << "from -180 to 180";
        QTest::newRow("median even") << "median:4"
                                     << "is 3, 5, 7, 9, 11, 13 or 15";
        QTest::newRow("turn askew") << "turn:45"
                                    << "is 90, 180 or 270";
        QTest::newRow("flip with value") << "flip:1"
                                         << "takes no value";
        QTest::newRow("dangling plus") << "flip+"
                                       << "step is missing";
        QTest::newRow("space") << "flip +flip"
                               << "there is no";
        QTest::newRow("second step") << "flip+noise:7"
                                     << "from 0.001 to 1";
    }
    void badSpecs() {
        QFETCH(QString, spec);
        QFETCH(QString, part);
        const QString said = errorOf([&] { parsePerturbation(spec.toStdString()); }, ErrorCode::BadOption);
        QVERIFY2(said.contains(part), qPrintable(said));
    }

    void badJson_data() {
        QTest::addColumn<QString>("json");
        QTest::newRow("no name") << R"([{"value": 3}])";
        QTest::newRow("no value") << R"([{"name": "jpeg"}])";
        QTest::newRow("out of range") << R"([{"name": "jpeg", "value": 101}])";
        QTest::newRow("wrong type") << R"([{"name": "jpeg", "value": "50"}])";
        QTest::newRow("not a list") << "7";
    }
    void badJson() {
        QFETCH(QString, json);
        QVERIFY_EXCEPTION_THROWN(perturbationFromJson(Json::parse(json.toStdString())), Error);
    }

    void lists() {
        const auto list = parsePerturbationList("none,jpeg:50,crop:0.5+flip");
        QCOMPARE(list.size(), std::size_t{3});
        QVERIFY(list[0].steps.empty());
        QCOMPARE(toSpec(list[2]), std::string("crop:0.5+flip"));
        QVERIFY_EXCEPTION_THROWN(parsePerturbationList("flip,,flip"), Error);
    }

    void identities_data() {
        QTest::addColumn<QString>("spec");
        for (const char* spec : {"none",
                                 "flip+flip",
                                 "webp:100",
                                 "resize:1",
                                 "crop:1",
                                 "cropresize:1",
                                 "rotate:0",
                                 "rotate:180+rotate:180",
                                 "brightness:1",
                                 "contrast:1",
                                 "blur:0.05",
                                 "scale:1",
                                 "crop-at:1",
                                 "rotate-out:0",
                                 "rotate-out:90+rotate-out:-90",
                                 "turn:90+turn:270",
                                 "turn:180+turn:180",
                                 "turn:90+turn:90+turn:90+turn:90",
                                 "flip-vertical+flip-vertical",
                                 "turn:180+flip+flip-vertical",
                                 "stretch:1",
                                 "perspective:0",
                                 "gamma:1",
                                 "saturation:1",
                                 "hue:0",
                                 "posterise:8",
                                 "paste:1"}) {
            QTest::newRow(spec) << spec;
        }
    }
    void identities() {
        QFETCH(QString, spec);
        const image::Image before = picture(67, 45);
        QVERIFY(same(attacked(before, qPrintable(spec)), before));
    }

    void inputFormats() {
        image::Image grey = image::makeImage(20, 10, 1);
        std::fill(grey.data.begin(), grey.data.end(), std::uint8_t{70});
        QVERIFY(same(attacked(grey, "none"), flat(20, 10, 70, 70, 70)));
        image::Image deep = image::makeImage(20, 10, 4, 16);
        std::fill_n(deep.samples16(), deep.sampleCount(), std::uint16_t{70 * 257});
        QVERIFY(same(attacked(deep, "flip"), flat(20, 10, 70, 70, 70)));
    }

    void realCodecs() {
        const image::Image before = picture(160, 120);
        image::EncodeOptions options;
        options.format = image::Format::Jpeg;
        options.quality = 50;
        options.subsample = true;
        QVERIFY(same(attacked(before, "jpeg:50"), image::decode(image::encode(before, options)).image));
        options.format = image::Format::WebP;
        QVERIFY(same(attacked(before, "webp:50"), image::decode(image::encode(before, options)).image));
    }

    void strengthLowersPsnr_data() {
        QTest::addColumn<QStringList>("specs");  // from weak to strong
        QTest::newRow("jpeg") << QStringList{"jpeg:95", "jpeg:75", "jpeg:50", "jpeg:20", "jpeg:5"};
        QTest::newRow("webp") << QStringList{"webp:95", "webp:60", "webp:5"};
        QTest::newRow("avif") << QStringList{"avif:95", "avif:60", "avif:5"};
        QTest::newRow("median") << QStringList{"median:3", "median:7", "median:15"};
        QTest::newRow("gamma") << QStringList{"gamma:0.9", "gamma:0.6", "gamma:0.2"};
        QTest::newRow("saturation") << QStringList{"saturation:1.1", "saturation:2", "saturation:8"};
        QTest::newRow("hue") << QStringList{"hue:-0.02", "hue:-0.1", "hue:-0.3"};
        QTest::newRow("posterise") << QStringList{"posterise:7", "posterise:4", "posterise:1"};
        QTest::newRow("palette") << QStringList{"palette:256", "palette:32", "palette:2"};
        QTest::newRow("resize") << QStringList{"resize:0.9", "resize:0.5", "resize:0.25"};
        QTest::newRow("rotate") << QStringList{"rotate:0.5", "rotate:2", "rotate:20"};
        QTest::newRow("blur") << QStringList{"blur:0.5", "blur:1", "blur:2", "blur:8"};
        QTest::newRow("noise") << QStringList{"noise:0.01", "noise:0.05", "noise:0.2"};
        QTest::newRow("brightness") << QStringList{"brightness:1.1", "brightness:1.5", "brightness:3"};
        QTest::newRow("contrast") << QStringList{"contrast:0.9", "contrast:0.5", "contrast:0"};
        QTest::newRow("cropresize") << QStringList{"cropresize:0.99", "cropresize:0.8"};
    }
    void strengthLowersPsnr() {
        QFETCH(QStringList, specs);
        const image::Image before = picture(160, 120);
        double last = 100;
        for (const QString& spec : specs) {
            const image::Image after = attacked(before, qPrintable(spec));
            QCOMPARE(after.width, 160);
            QCOMPARE(after.height, 120);
            const double psnr = metrics::psnr(before, after);
            QVERIFY2(psnr < last, qPrintable(QString("%1: %2 dB").arg(spec).arg(psnr)));
            last = psnr;
        }
    }

    void cropSizes_data() {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QPoint>("corner");
        QTest::newRow("a quarter of the area") << "crop:0.25" << QSize(50, 40) << QPoint(25, 20);
        QTest::newRow("three quarters") << "crop:0.75" << QSize(87, 69) << QPoint(6, 5);
        QTest::newRow("half, then half") << "crop:0.5+crop:0.5" << QSize(50, 40) << QPoint(24, 19);
        QTest::newRow("a hundredth") << "crop:0.01" << QSize(10, 8) << QPoint(45, 36);
    }
    void cropSizes() {
        QFETCH(QString, spec);
        QFETCH(QSize, size);
        QFETCH(QPoint, corner);
        const image::Image before = picture(100, 80);
        const image::Image after = attacked(before, qPrintable(spec));
        QCOMPARE(QSize(after.width, after.height), size);
        for (const QPoint p : {QPoint(0, 0), QPoint(size.width() - 1, size.height() - 1)}) {
            for (int c = 0; c < 3; ++c) {
                QCOMPARE(sampleAt(after, p.x(), p.y(), c),
                         sampleAt(before, corner.x() + p.x(), corner.y() + p.y(), c));
            }
        }
    }

    void onePixel_data() { addExtremesOfAllKinds(); }
    void onePixel() {
        QFETCH(QString, spec);
        const image::Image after = attacked(flat(1, 1, 9, 99, 199), qPrintable(spec));
        const bool enlarges =
            spec == "scale:4" || spec == "stretch:4" || spec == "paste:0.1" || spec == "rotate-out-any";
        QVERIFY(enlarges == (after.pixelCount() > 1));
        QCOMPARE(after.data.size(), 3 * after.pixelCount());
    }

    void avifKeepsThePicture() {
        const image::Image before = picture(161, 121);  // odd sides, chroma at half
        const image::Image after = attacked(before, "avif:90");
        QCOMPARE(QSize(after.width, after.height), QSize(161, 121));
        const double psnr = metrics::psnr(before, after);
        QVERIFY2(psnr > 30 && psnr < 60, qPrintable(QString::number(psnr)));
        QVERIFY(same(attacked(before, "avif:90"), after));
    }

    void flipMirrors() {
        const image::Image before = picture(5, 3);
        const image::Image after = attacked(before, "flip");
        for (int x = 0; x < 5; ++x) QCOMPARE(sampleAt(after, x, 1, 2), sampleAt(before, 4 - x, 1, 2));
    }

    void rotationDirectionAndFill() {
        image::Image before = flat(9, 9, 0, 0, 0);
        before.data[(4 * 9 + 8) * 3] = 200;  // red at the right end of the middle row
        const image::Image after = attacked(before, "rotate:90");
        QCOMPARE(sampleAt(after, 4, 0, 0), 200);  // counter-clockwise: now at the top
        QCOMPARE(std::accumulate(after.data.begin(), after.data.end(), 0), 200);
        const image::Image tilted = attacked(flat(41, 41, 10, 10, 10), "rotate:45");
        QCOMPARE(sampleAt(tilted, 0, 0, 1), 128);
        QCOMPARE(sampleAt(tilted, 20, 20, 1), 10);
        QCOMPARE(sampleAt(tilted, 20, 3, 1), 10);  // inside the turned square, 17 px from the centre
    }

    void smallRotationIsBilinear() {
        // A ramp along x stays a ramp: x' = cos * dx - sin * dy, to within rounding.
        image::Image ramp = image::makeImage(101, 101, 3);
        for (int y = 0; y < 101; ++y) {
            for (int x = 0; x < 101; ++x) {
                for (int c = 0; c < 3; ++c) {
                    ramp.data[static_cast<std::size_t>((y * 101 + x) * 3 + c)] =
                        static_cast<std::uint8_t>(2 * x + 20);
                }
            }
        }
        const image::Image turned = attacked(ramp, "rotate:10");
        const double angle = 10 * M_PI / 180;
        for (const QPoint p : {QPoint(50, 50), QPoint(30, 60), QPoint(70, 25)}) {
            const double expected =
                20 + 2 * (50 + std::cos(angle) * (p.x() - 50) - std::sin(angle) * (p.y() - 50));
            QVERIFY(std::abs(sampleAt(turned, p.x(), p.y(), 0) - expected) <= 0.5 + 1e-9);
        }
    }

    void photometricByHand() {
        const image::Image before = flat(4, 4, 10, 100, 200);
        const double luminance = 0.299 * 10 + 0.587 * 100 + 0.114 * 200;  // 84.49
        const image::Image bright = attacked(before, "brightness:1.5");
        const image::Image dull = attacked(before, "contrast:0.5");
        const int brightExpected[] = {15, 150, 255};
        for (int c = 0; c < 3; ++c) {
            QCOMPARE(sampleAt(bright, 2, 2, c), brightExpected[c]);
            QCOMPARE(sampleAt(dull, 2, 2, c),
                     static_cast<int>(
                         std::floor(luminance + 0.5 * (sampleAt(before, 2, 2, c) - luminance) + 0.5)));
        }
        QVERIFY(same(attacked(before, "contrast:0"), flat(4, 4, 84, 84, 84)));
    }

    void blurIsAGaussian() {
        image::Image dot = flat(41, 41, 0, 0, 0);
        for (int c = 0; c < 3; ++c) dot.data[static_cast<std::size_t>((20 * 41 + 20) * 3 + c)] = 255;
        const image::Image after = attacked(dot, "blur:1.5");
        double norm = 0;
        for (int i = -6; i <= 6; ++i) norm += std::exp(-i * i / 4.5);
        for (const QPoint d : {QPoint(0, 0), QPoint(1, 0), QPoint(0, 2), QPoint(2, 2)}) {
            const double expected = 255 * std::exp(-(d.x() * d.x() + d.y() * d.y()) / 4.5) / (norm * norm);
            QVERIFY(std::abs(sampleAt(after, 20 + d.x(), 20 + d.y(), 0) - expected) <= 0.5 + 1e-3);
        }
        QVERIFY(same(attacked(flat(30, 20, 50, 60, 70), "blur:5"), flat(30, 20, 50, 60, 70)));
    }

    void blurOfATallImage() {
        // Filtered in strips of 1000 rows at this width: no seam between them.
        image::Image rows = image::makeImage(500, 2100, 3);
        const auto level = [](int y) { return (y * y) % 251; };
        for (std::size_t i = 0; i < rows.data.size(); ++i) {
            rows.data[i] = static_cast<std::uint8_t>(level(static_cast<int>(i / 1500)));
        }
        const image::Image after = attacked(rows, "blur:2");
        double norm = 0;
        for (int i = -8; i <= 8; ++i) norm += std::exp(-i * i / 8.0);
        for (const int y : {0, 3, 995, 999, 1000, 1004, 1999, 2000, 2099}) {
            double expected = 0;
            for (int i = -8; i <= 8; ++i) {
                const int reflected = std::abs(y + i) <= 2099 ? std::abs(y + i) : 2 * 2099 - (y + i);
                expected += std::exp(-i * i / 8.0) / norm * level(reflected);
            }
            QVERIFY2(std::abs(sampleAt(after, 250, y, 1) - expected) <= 0.5 + 1e-3,
                     qPrintable(QString::number(y)));
        }
    }

    void noiseStatistics() {
        const image::Image before = flat(200, 200, 128, 128, 128);
        const image::Image after = attacked(before, "noise:0.05", 42);
        double sum = 0, squares = 0;
        for (const std::uint8_t v : after.data) {
            sum += v - 128;
            squares += (v - 128) * (v - 128);
        }
        const double n = static_cast<double>(after.data.size());
        QVERIFY(std::abs(sum / n) < 5 * 12.75 / std::sqrt(n));
        const double variance = 12.75 * 12.75 + 1.0 / 12;  // rounding adds 1/12
        QVERIFY(std::abs(squares / n / variance - 1) < 5 * std::sqrt(2 / n));
    }

    void seeds_data() { addExtremesOfAllKinds(); }
    void seeds() {
        QFETCH(QString, spec);
        const image::Image before = picture(64, 48);
        const image::Image after = attacked(before, qPrintable(spec), 5);
        QVERIFY(same(attacked(before, qPrintable(spec), 5), after));
        const KindInfo* info = findKind(spec.section(':', 0, 0).toStdString());
        const std::vector<std::string> without{"crop-at:1", "perspective:0", "paste:1"};
        const bool draws =
            isSeeded(*info) && std::find(without.begin(), without.end(), spec.toStdString()) == without.end();
        bool differs = false;  // of two outcomes one seed alone may give the same
        for (std::uint64_t seed = 6; seed < (draws ? 14 : 8); ++seed)
            differs = differs || !same(attacked(before, qPrintable(spec), seed), after);
        QCOMPARE(differs, draws);
    }

    void noiseOfEachStepIsItsOwn() {
        // Were both steps drawn alike, the second would double the first: standard deviation 2 sigma instead
        // of sqrt(2) sigma.
        const image::Image before = flat(100, 100, 128, 128, 128);
        const double once = metrics::mse(before, attacked(before, "noise:0.04"));
        const double twice = metrics::mse(before, attacked(before, "noise:0.04+noise:0.04"));
        QVERIFY(std::abs(twice / once - 2) < 0.1);
    }

    void randomNumbersAreFixed() {
        // Written down once: another compiler, library or processor must draw the same.
        const image::Image after = attacked(flat(4, 1, 128, 128, 128), "noise:0.1", 42);
        const std::vector<std::uint8_t> expected{118, 64, 131, 157, 175, 142, 104, 141, 107, 93, 135, 129};
        QCOMPARE(after.data, expected);
    }

    void helpNamesEveryStep() {
        const QString help = QString::fromStdString(perturbationHelp());
        for (const KindInfo& info : kinds()) {
            QVERIFY2(help.contains(QString("  %1").arg(info.name.data())), info.name.data());
            QVERIFY2(help.contains(info.meaning.data()), info.meaning.data());
        }
        for (const char* range : {"jpeg:1..100", "cropresize:0.01..1", "rotate:-180..180", "median:3..15"})
            QVERIFY2(help.contains(range), range);
    }
};

SIGNET_TEST(TestAttacks)
#include "test_attacks.moc"
