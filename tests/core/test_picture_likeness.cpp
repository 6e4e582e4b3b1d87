// What a picture looks like in its frame, as text and against views.
#include <algorithm>
#include <array>
#include <map>

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/metrics/intervals.h"
#include "core/signature/likeness.h"
#include "tests/core/framed_pictures.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using namespace signet::tests;
using image::Image;

namespace {

using Answers = std::array<int, 3>;  ///< by LikenessAnswer

QString shareText(int count, int of) {
    return QString("%1 of %2 (at most %3 %)")
        .arg(count)
        .arg(of)
        .arg(100 * metrics::clopperPearsonUpper(count, of), 0, 'f', 2);
}

Image plain(int width, int height) {
    Image picture = image::makeImage(width, height, 3);
    std::fill(picture.data.begin(), picture.data.end(), std::uint8_t{140});
    return picture;
}

/// The picture over the left part of another one's.
Image besides(const Image& left, const Image& right, int columns) {
    Image both = right;
    for (int y = 0; y < both.height; ++y)
        std::copy_n(left.data.begin() + static_cast<std::ptrdiff_t>(y) * left.width * 3, columns * 3,
                    both.data.begin() + static_cast<std::ptrdiff_t>(y) * both.width * 3);
    return both;
}

SeenSigns seenWhole(const Image& picture, const FrameMap& map = {}) {
    const ChipSize size = frameOf(picture.width, picture.height);
    return seenSigns({picture, size.columns, size.rows, map});
}

/// Darker from top to bottom, brighter from left to right.
Image gradient(int width, int height) {
    Image picture = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y)
        for (int i = 0; i < 3 * width; ++i)
            picture.data[static_cast<std::size_t>(y) * 3 * width + i] =
                static_cast<std::uint8_t>(128 - 127 * y / height + 42 * i / width);
    return picture;
}

/// Over a picture, all over it the same: what one code leaves in all that are signed with it.
Image withCarrier(Image picture, int levels) {
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            for (std::size_t c = 0; c < 3; ++c) {
                std::uint8_t& value = picture.data[3 * (static_cast<std::size_t>(y) * picture.width + x) + c];
                const bool up = ((x / 8 * 5 + y / 8 * 3) ^ (x / 8 * y / 8)) & 1;
                value = static_cast<std::uint8_t>(std::clamp(value + (up ? levels : -levels), 0, 255));
            }
    return picture;
}

/// A scene over so bright a sky that it gets darker from cell to cell, on the ground below.
Image underSky(int width, int height, std::uint64_t seed) {
    Image picture = scene(width, height, seed);
    for (int y = 0; y < height; ++y)
        for (int i = 0; i < 3 * width; ++i) {
            std::uint8_t& value = picture.data[static_cast<std::size_t>(y) * 3 * width + i];
            value = static_cast<std::uint8_t>(std::clamp(255 - y * 255 / height + (value - 128) / 6, 0, 255));
        }
    return picture;
}

/// As earlier versions kept it: of coarse cells.
PictureHash earlierHash(const Image& picture) {
    const CellSigns signs = seenWhole(picture).coarse;
    const auto digit = [](int sign) { return sign < 0 ? 2 : sign; };
    std::string text = "1:" + std::to_string(signs.columns) + "x" + std::to_string(signs.rows) + ":";
    for (std::size_t i = 0; i < signs.right.size(); ++i)
        text += "0123456789a"[4 * digit(signs.right[i]) + digit(signs.down[i])];
    return PictureHash::parse(text);
}

}  // namespace

class TestPictureLikeness : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void text_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<QString>("begins");
        QTest::newRow("3:2") << 384 << 256 << "2:72x48:";
        QTest::newRow("upright") << 256 << 384 << "2:48x72:";
        QTest::newRow("square, small") << 64 << 64 << "2:48x48:";
        QTest::newRow("panorama 4:1") << 800 << 200 << "2:192x48:";
        QTest::newRow("part of a cell at the end") << 390 << 256 << "2:74x48:";
        QTest::newRow("longer than 8:1") << 900 << 100 << "2:0x0:";
        QTest::newRow("a pixel") << 1 << 1 << "2:48x48:";
    }
    void text() {
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(QString, begins);
        const PictureHash hash = hashOf(width > 1 ? scene(width, height, 1) : plain(width, height));
        QVERIFY2(hash.text().starts_with(begins.toStdString()), hash.text().substr(0, 20).c_str());
        QVERIFY(PictureHash::parse(hash.text()) == hash);
    }

    void refusedText_data() {
        QTest::addColumn<QString>("text");
        for (const std::string& text : std::initializer_list<std::string>{
                 "", "1:", "2:", "3:1x1:0", "1:2x1:0", "2:2x1:0", "1:1x1:00", "1:1x1:3", "1:1x1:b", "1:1x1:g",
                 "1:-1x1:0", "1:193x1:" + std::string(193, '0'), "2:385x1:" + std::string(385, '0'),
                 "1:99999999999x1:0", "1:1x1", "1:1x1;0", " 1:1x1:0"})
            QTest::newRow(text.c_str()) << QString::fromStdString(text);
    }
    void refusedText() {
        QFETCH(QString, text);
        QCOMPARE(codeOf([&] { PictureHash::parse(text.toStdString()); }), nameOf(ErrorCode::Corrupt));
    }

    /// Grey with alpha, 16 bits, another size: the same picture.
    void samePixels() {
        const Image picture = scene(384, 256, 3);
        Image deep = image::makeImage(384, 256, 4, 16);
        for (std::size_t i = 0; i < picture.pixelCount(); ++i)
            for (std::size_t c = 0; c < 4; ++c)
                deep.samples16()[4 * i + c] =
                    c < 3 ? static_cast<std::uint16_t>(257 * picture.data[3 * i + c]) : 1234;
        QCOMPARE(hashOf(deep).text(), hashOf(picture).text());
    }

    /// Every treatment that a signature is to survive leaves a picture like itself and unlike another one.
    void treatments_data() {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < Treatment::all().size(); ++i)
            QTest::newRow(Treatment::all()[i].name.c_str()) << static_cast<int>(i);
    }
    void treatments() {
        QFETCH(int, number);
        const Treatment& treatment = Treatment::all()[static_cast<std::size_t>(number)];
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            StepRandom random(seed, 1, static_cast<std::uint64_t>(number));
            const Image picture = scene(360 + static_cast<int>(random.index(120)), 300, 3 * seed);
            const Image other = scene(330, 300, 3 * seed + 1), ground = scene(200, 200, 3 * seed + 2);
            const PictureHash hash = hashOf(picture);
            const TreatedView own = treated(picture, ground, treatment, random);
            TreatedView forged = treated(other, ground, treatment, random);
            forged.toFrame = forgedMap(forged.toFrame, random);
            for (const bool withOutline : {false, true}) {
                const Likeness alike = likenessTo(hash, own.seen(withOutline));
                QVERIFY2(
                    alike.answer == LikenessAnswer::Alike,
                    qPrintable(QString("seed %1: %2 of %3").arg(seed).arg(alike.agreeing).arg(alike.signs)));
                const Likeness unlike = likenessTo(hash, forged.seen(withOutline));
                QVERIFY2(unlike.answer == LikenessAnswer::Unlike,
                         qPrintable(
                             QString("seed %1: %2 of %3").arg(seed).arg(unlike.agreeing).arg(unlike.signs)));
            }
        }
    }

    /// Maps are known but for whole tiles of 32 chips: those make no difference, others do.
    void shifts_data() {
        QTest::addColumn<double>("x");
        QTest::addColumn<double>("y");
        QTest::addColumn<bool>("alike");
        QTest::newRow("none") << 0.0 << 0.0 << true;
        QTest::newRow("tiles") << 96.0 << -64.0 << true;
        QTest::newRow("far away") << -32000.0 << 3200.0 << true;
        QTest::newRow("a quarter of a tile") << 8.0 << 0.0 << false;
        QTest::newRow("half a tile") << 0.0 << 16.0 << false;
    }
    void shifts() {
        QFETCH(double, x);
        QFETCH(double, y);
        QFETCH(bool, alike);
        const Image picture = scene(384, 256, 9);
        const Likeness found = likenessTo(hashOf(picture), seenWhole(picture, {{1, 0, x, 0, 1, y, 0, 0, 1}}));
        QVERIFY(found.answer == (alike ? LikenessAnswer::Alike : LikenessAnswer::Unlike));
        if (alike) QVERIFY(found.signs > 300 && found.agreeing == found.signs);
    }

    /// Where too little is to be seen nothing is said, whichever of the two it is.
    void flat() {
        const Image picture = scene(384, 256, 5);
        QVERIFY(likenessTo(hashOf(picture), seenWhole(plain(384, 256))).answer ==
                LikenessAnswer::CannotBeSaid);
        QVERIFY(likenessTo(hashOf(plain(384, 256)), seenWhole(picture)).answer ==
                LikenessAnswer::CannotBeSaid);
        QVERIFY(likenessTo(PictureHash(), seenWhole(picture)).answer == LikenessAnswer::CannotBeSaid);
        // The same gradient all over: there are more such pictures.
        const Image dusk = gradient(384, 256);
        QVERIFY(likenessTo(hashOf(dusk), seenWhole(dusk)).answer == LikenessAnswer::CannotBeSaid);
        // A flat part of a picture that is not flat, on a page.
        const Image half = besides(plain(384, 256), picture, 200);
        StepRandom random(1, 2, 3);
        TreatedView view = treated(plain(384, 256), scene(200, 200, 6), {.page = 0.3}, random);
        QVERIFY(likenessTo(hashOf(half), view.seen(true)).answer == LikenessAnswer::CannotBeSaid);
    }

    /// A view seen from the side of its plane, or larger than any, has no cells; one without an inverse is a
    /// fault.
    void degenerateMaps() {
        const Image picture = scene(384, 256, 5);
        for (const FrameMap& map :
             {FrameMap{{1, 0, 0, 0, 1, 0, -0.01, 0, 1}}, FrameMap{{100, 0, 0, 0, 100, 0, 0, 0, 1}},
              FrameMap{{1, 0, 1e12, 0, 1, 0, 0, 0, 1}}}) {
            QCOMPARE(seenWhole(picture, map).fine.columns, 0);
            QVERIFY(likenessTo(hashOf(picture), seenWhole(picture, map)).answer ==
                    LikenessAnswer::CannotBeSaid);
        }
        QCOMPARE(codeOf([&] {
                     seenWhole(picture, {{1, 1, 0, 1, 1, 0, 0, 0, 1}});
                 }),
                 nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { seenSigns({picture, 0, 96}); }), nameOf(ErrorCode::BadOption));
    }

    /// The more pictures a view is compared with, the more is asked for to be one of them, not to be none.
    void comparisons() {
        const Image picture = scene(384, 256, 5);
        StepRandom random(1, 2, 3);
        const SeenSigns small = treated(picture, picture, {.crop = 0.045}, random).seen();
        const SeenSigns other = treated(scene(384, 256, 6), picture, {.crop = 0.3}, random).seen();
        const Likeness one = likenessTo(hashOf(picture), small),
                       many = likenessTo(hashOf(picture), small, 10'000);
        QVERIFY2(one.answer == LikenessAnswer::Alike, qPrintable(QString::number(one.score)));
        QVERIFY(many.answer == LikenessAnswer::CannotBeSaid);
        QCOMPARE(one.agreeing, many.agreeing);
        QVERIFY(likenessTo(hashOf(picture), other, 10'000).answer == LikenessAnswer::Unlike);
    }

    /// What many pictures have in common makes them no copies of each other: that a sky gets darker towards
    /// the ground, and what a code left in each of them.
    void commonTraits_data() {
        QTest::addColumn<bool>("sky");
        QTest::addColumn<int>("carrier");
        QTest::newRow("sky") << true << 0;
        QTest::newRow("carrier over flat parts") << false << 1;
    }
    void commonTraits() {
        QFETCH(bool, sky);
        QFETCH(int, carrier);
        const auto made = [&](std::uint64_t seed) {
            return sky ? underSky(384, 256, seed)
                       : withCarrier(besides(scene(384, 256, seed), plain(384, 256), 60), carrier);
        };
        const PictureHash hash = hashOf(made(1));
        QVERIFY(likenessTo(hash, seenWhole(made(1))).answer == LikenessAnswer::Alike);
        for (std::uint64_t seed = 2; seed < 6; ++seed) {
            const Likeness found = likenessTo(hash, seenWhole(made(seed)));
            QVERIFY2(
                found.answer == LikenessAnswer::Unlike,
                qPrintable(
                    QString("%1 of %2, score %3").arg(found.agreeing).arg(found.signs).arg(found.score)));
        }
    }

    /// What earlier versions kept, of fewer cells, is answered as well.
    void earlierHashes() {
        const Image picture = scene(384, 256, 5);
        const PictureHash hash = earlierHash(picture);
        QVERIFY(hash.text().starts_with("1:36x24:"));
        QVERIFY(PictureHash::parse(hash.text()) == hash);
        QVERIFY(!(hash == hashOf(picture)));
        StepRandom random(1, 2, 3);
        const Treatment treatment{.crop = 0.5, .turn = 90, .colours = "jpeg:50"};
        const Likeness own = likenessTo(hash, treated(picture, picture, treatment, random).seen());
        QVERIFY2(own.answer == LikenessAnswer::Alike, qPrintable(QString::number(own.score)));
        const Image other = scene(384, 256, 6);
        const Likeness unlike = likenessTo(hash, treated(other, picture, treatment, random).seen());
        QVERIFY2(unlike.answer == LikenessAnswer::Unlike, qPrintable(QString::number(unlike.score)));
    }

    /// How often the answer is wrong, over drawn pictures or, where SIGNET_PICTURES names a folder, over the
    /// photographs in it, each file of an original of its own: each picture's hash against a view of it and
    /// of another one, with SIGNET_TREATMENTS (default 4) treatments drawn for each.
    void rates() {
        const QByteArray folder = qgetenv("SIGNET_PICTURES");
        const int wanted = qEnvironmentVariableIntValue("SIGNET_TREATMENTS");
        std::vector<std::filesystem::path> files;
        if (!folder.isEmpty())
            for (const auto& file : filesIn(folder.toStdString()))
                if (file.extension() == ".jpg") files.push_back(file);
        const std::uint64_t count = files.empty() ? 24 : files.size();
        const auto pictureAt = [&](std::uint64_t i) {
            if (files.empty()) return scene(280 + static_cast<int>(i % 5) * 40, 240, 100 + i);
            return image::toRgb8(image::decode(readFile(files[static_cast<std::size_t>(i)])).image);
        };
        std::map<std::string, std::array<Answers, 2>> byTreatment;
        std::array<Answers, 2> sums{};
        std::array<double, 2> extremes{1e9, -1e9};
        for (std::uint64_t i = 0; i < count; ++i) {
            StepRandom random(11, 1, i);
            std::uint64_t other = random.index(count - 1);
            if (other >= i) ++other;
            const Image own = pictureAt(i), forged = pictureAt(other),
                        ground = pictureAt(random.index(count));
            const PictureHash hash = hashOf(own);
            for (int t = 0; t < (wanted > 0 ? wanted : 4); ++t) {
                const Treatment& treatment =
                    Treatment::all()[static_cast<std::size_t>(random.index(Treatment::all().size()))];
                for (std::size_t k = 0; k < 2; ++k) {
                    TreatedView view = treated(k == 0 ? own : forged, ground, treatment, random);
                    if (k == 1) view.toFrame = forgedMap(view.toFrame, random);
                    const Likeness found = likenessTo(hash, view.seen());
                    const auto answer = static_cast<std::size_t>(found.answer);
                    ++byTreatment[treatment.name][k][answer];
                    ++sums[k][answer];
                    extremes[k] =
                        k == 0 ? std::min(extremes[0], found.score) : std::max(extremes[1], found.score);
                    const bool wrong =
                        found.answer == (k == 0 ? LikenessAnswer::Unlike : LikenessAnswer::Alike);
                    if (wrong && !files.empty())
                        qInfo() << treatment.name.c_str() << files[i].filename().c_str()
                                << files[k == 0 ? i : other].filename().c_str() << found.agreeing << "of"
                                << found.signs;
                }
            }
        }
        const auto total = [](const Answers& a) { return a[0] + a[1] + a[2]; };
        for (const auto& [name, answers] : byTreatment)
            if (!files.empty())
                qInfo("%-50s own: %d alike, %d unlike, %d open; other: %d alike, %d unlike, %d open",
                      name.c_str(), answers[0][0], answers[0][1], answers[0][2], answers[1][0], answers[1][1],
                      answers[1][2]);
        qInfo() << "own picture called another:" << qPrintable(shareText(sums[0][1], total(sums[0])))
                << "left open:" << qPrintable(shareText(sums[0][2], total(sums[0]))) << "least score"
                << extremes[0];
        qInfo() << "other picture called the same:" << qPrintable(shareText(sums[1][0], total(sums[1])))
                << "left open:" << qPrintable(shareText(sums[1][2], total(sums[1]))) << "greatest score"
                << extremes[1];
        QVERIFY(sums[0][0] >= 0.99 * total(sums[0]));
        QVERIFY(sums[1][1] >= 0.98 * total(sums[1]));
        if (files.empty()) QCOMPARE(sums[0][1] + sums[1][0], 0);
    }
};

SIGNET_TEST(TestPictureLikeness)
#include "test_picture_likeness.moc"
