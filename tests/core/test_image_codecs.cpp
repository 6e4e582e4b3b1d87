#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/jpeg_quality.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;

namespace {

/// The stored position that shows at (x, y) of the turned picture, by the EXIF table.
std::pair<int, int> storedPosition(int orientation, int x, int y, int width, int height) {
    switch (orientation) {
        case 2:
            return {width - 1 - x, y};
        case 3:
            return {width - 1 - x, height - 1 - y};
        case 4:
            return {x, height - 1 - y};
        case 5:
            return {y, x};
        case 6:
            return {y, height - 1 - x};
        case 7:
            return {width - 1 - y, height - 1 - x};
        case 8:
            return {width - 1 - y, x};
        default:
            return {x, y};
    }
}

}  // namespace

class TestImageCodecs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void formatNames() {
        QVERIFY(formatFromName("JPG") == Format::Jpeg);
        QVERIFY(formatFromName("tif") == Format::Tiff);
        for (Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff, Format::Bmp})
            QVERIFY(formatFromName(toString(format)) == format);
        QCOMPARE(codeOf([] { formatFromName("gif"); }), nameOf(ErrorCode::BadOption));
    }

    void losslessRoundTrip_data() {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("depth");
        for (Format format : {Format::Png, Format::Tiff, Format::WebP, Format::Bmp})
            for (int channels : {1, 3, 4})
                for (int depth : {8, 16}) {
                    if (depth == 16 && format != Format::Png && format != Format::Tiff) continue;
                    if (channels == 4 && format == Format::Bmp) continue;
                    QTest::addRow("%s-%d-%d", toString(format).data(), channels, depth)
                        << int(format) << channels << depth;
                }
    }
    void losslessRoundTrip() {
        QFETCH(int, format);
        QFETCH(int, channels);
        QFETCH(int, depth);
        const Image picture = makePicture(131, 67, channels, depth);
        const FileBytes file = encoded(picture, Format(format), 100);
        const Decoded decoded = decode(file);
        const bool greyToRgb = Format(format) == Format::WebP && channels == 1;
        QCOMPARE(largestDifference(decoded.image, greyToRgb ? toRgb8(picture) : picture), 0.0);
        QVERIFY(decoded.info.format == Format(format));
        QCOMPARE(decoded.info.bitDepth, depth);
        QCOMPARE(decoded.info.storedWidth, 131);
        QCOMPARE(decoded.info.frames, 1);
        QVERIFY(decoded.info.warnings.empty());
        QVERIFY(!decoded.info.decoder.empty());
        const Header header = probe(file);
        QVERIFY(header.format == Format(format));
        QCOMPARE(header.width, 131);
        QCOMPARE(header.height, 67);
    }

    void pngCompressionLevels() {
        const Image picture = makePicture(64, 64, 3);
        for (int level = 0; level <= 9; ++level) {
            EncodeOptions options;
            options.pngCompression = level;
            QCOMPARE(largestDifference(decode(encode(picture, options)).image, picture), 0.0);
        }
    }

    void lossyRoundTrip_data() {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("channels");
        QTest::addColumn<bool>("subsample");
        QTest::newRow("jpeg-rgb") << int(Format::Jpeg) << 3 << false;
        QTest::newRow("jpeg-rgb-420") << int(Format::Jpeg) << 3 << true;
        QTest::newRow("jpeg-grey") << int(Format::Jpeg) << 1 << false;
        QTest::newRow("webp-rgb") << int(Format::WebP) << 3 << false;
        QTest::newRow("webp-rgba") << int(Format::WebP) << 4 << false;
    }
    void lossyRoundTrip() {
        QFETCH(int, format);
        QFETCH(int, channels);
        QFETCH(bool, subsample);
        const Image picture = makePicture(200, 120, channels);
        EncodeOptions options;
        options.format = Format(format);
        options.quality = 95;
        options.subsample = subsample;
        const Image back = decode(encode(picture, options)).image;
        QCOMPARE(back.channels, channels);
        double sum = 0;
        for (std::size_t i = 0; i < picture.data.size(); ++i)
            sum += std::abs(int(picture.data[i]) - int(back.data[i]));
        QVERIFY(sum / double(picture.data.size()) < (format == int(Format::Jpeg) && !subsample ? 3.0 : 4.5));
        FileBytes smaller = [&] {
            options.quality = 40;
            return encode(picture, options);
        }();
        options.quality = 95;
        QVERIFY(smaller.size() < encode(picture, options).size());
    }

    void deepSamplesAreRoundedForShallowFormats() {
        Image deep = makeImage(2, 1, 1, 16);
        deep.samples16()[0] = 128 * 257 + 128;  // just under half a step up
        deep.samples16()[1] = 128 * 257 + 129;
        const Image back = decode(encoded(deep, Format::Bmp)).image;
        QCOMPARE(int(back.data[0]), 128);
        QCOMPARE(int(back.data[1]), 129);
        const Image rgb = toRgb8(deep);
        QCOMPARE(int(rgb.data[2]), 128);
        QCOMPARE(int(rgb.data[3]), 129);
    }

    void badOptions() {
        const Image rgba = makePicture(8, 8, 4);
        QCOMPARE(codeOf([&] { encoded(rgba, Format::Jpeg); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { encoded(rgba, Format::Bmp); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { encoded(rgba, Format::WebP, 0); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { encoded(rgba, Format::WebP, 101); }), nameOf(ErrorCode::BadOption));
        EncodeOptions png;
        png.pngCompression = 10;
        QCOMPARE(codeOf([&] { encode(rgba, png); }), nameOf(ErrorCode::BadOption));
        QCOMPARE(codeOf([&] { encoded(makeImage(16384, 1, 3), Format::WebP); }), nameOf(ErrorCode::TooLarge));
        QCOMPARE(codeOf([&] { encoded(makeImage(65501, 1, 3), Format::Jpeg); }), nameOf(ErrorCode::TooLarge));
    }

    void orientation_data() {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("orientation");
        for (Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff})
            for (int o = 1; o <= 8; ++o)
                QTest::addRow("%s-%d", toString(format).data(), o) << int(format) << o;
    }
    void orientation() {
        QFETCH(int, format);
        QFETCH(int, orientation);
        const int depth = Format(format) == Format::Tiff ? 16 : 8;
        const FileBytes file = withOrientation(encoded(makePicture(23, 11, 3, depth), Format(format), 100),
                                               Format(format), orientation);
        DecodeOptions asStored;
        asStored.applyOrientation = false;
        const Decoded stored = decode(file, asStored), turned = decode(file);
        QCOMPARE(stored.info.orientation, orientation);
        QVERIFY(!stored.info.orientationApplied);
        QCOMPARE(turned.info.orientation, orientation);
        QCOMPARE(turned.info.orientationApplied, orientation != 1);
        QCOMPARE(stored.image.width, 23);
        const bool swaps = orientation >= 5;
        QCOMPARE(turned.image.width, swaps ? 11 : 23);
        QCOMPARE(turned.image.height, swaps ? 23 : 11);
        QCOMPARE(probe(file).width, turned.image.width);
        QCOMPARE(probe(file).height, turned.image.height);
        const std::size_t pixel = std::size_t(3 * depth / 8);
        for (int y = 0; y < turned.image.height; ++y)
            for (int x = 0; x < turned.image.width; ++x) {
                const auto [sx, sy] = storedPosition(orientation, x, y, 23, 11);
                const auto* shown =
                    turned.image.data.data() + std::size_t(y * turned.image.width + x) * pixel;
                const auto* source = stored.image.data.data() + std::size_t(sy * 23 + sx) * pixel;
                QVERIFY(std::equal(shown, shown + pixel, source));
            }
    }

    void paletteWithAlpha() {
        const FileBytes palette = pngChunk("PLTE", {10, 20, 30, 40, 50, 60, 70, 80, 90});
        const FileBytes alpha = pngChunk("tRNS", {255, 128});   // the third colour stays opaque
        const FileBytes rows = {0, 0b00011000, 0, 0b10010000};  // 2 bits a pixel: 0 1 2 / 2 1 0
        const Decoded plain = decode(pngFile(3, 2, 2, 3, {palette}, rows));
        QCOMPARE(plain.info.colour, std::string("palette"));
        QCOMPARE(plain.info.bitDepth, 2);
        QCOMPARE(plain.image.channels, 3);
        QCOMPARE(plain.image.data, FileBytes({10, 20, 30, 40, 50, 60, 70, 80, 90,  //
                                              70, 80, 90, 40, 50, 60, 10, 20, 30}));
        const Decoded clear = decode(pngFile(3, 2, 2, 3, {palette, alpha}, rows));
        QCOMPARE(clear.info.colour, std::string("palette+alpha"));
        QCOMPARE(clear.image.channels, 4);
        QCOMPARE(clear.image.data, FileBytes({10, 20, 30, 255, 40, 50, 60, 128, 70, 80, 90, 255,  //
                                              70, 80, 90, 255, 40, 50, 60, 128, 10, 20, 30, 255}));
    }

    void greyVariants() {
        const Decoded bilevel = decode(pngFile(4, 1, 1, 0, {}, {0, 0b10100000}));
        QCOMPARE(bilevel.image.channels, 1);
        QCOMPARE(bilevel.image.data, FileBytes({255, 0, 255, 0}));
        const Decoded greyAlpha = decode(pngFile(2, 1, 16, 4, {}, {0, 1, 2, 3, 4, 5, 6, 7, 8}));
        QCOMPARE(greyAlpha.info.colour, std::string("grey+alpha"));
        QCOMPARE(greyAlpha.image.channels, 4);
        QCOMPARE(greyAlpha.image.depth, 16);
        const std::uint16_t expected[] = {0x0102, 0x0102, 0x0102, 0x0304, 0x0506, 0x0506, 0x0506, 0x0708};
        QVERIFY(std::equal(expected, expected + 8, greyAlpha.image.samples16()));
    }

    void cmyk_data() {
        QTest::addColumn<bool>("ycck");
        QTest::addColumn<bool>("adobe");
        QTest::newRow("cmyk-adobe") << false << true;
        QTest::newRow("cmyk-plain") << false << false;
        QTest::newRow("ycck-adobe") << true << true;
    }
    void cmyk() {
        QFETCH(bool, ycck);
        QFETCH(bool, adobe);
        const std::uint8_t colour[4] = {200, 90, 30, 180};
        const Decoded decoded = decode(cmykJpeg(32, 16, colour, ycck, adobe));
        QCOMPARE(decoded.info.colour, std::string(ycck ? "ycck" : "cmyk"));
        QCOMPARE(decoded.image.channels, 3);
        QCOMPARE(decoded.info.warnings.size(), std::size_t(1));
        QVERIFY(decoded.info.warnings[0].find("CMYK") != std::string::npos);
        for (int c = 0; c < 3; ++c) {
            const double ink = adobe ? colour[c] : 255 - colour[c];
            const double black = adobe ? colour[3] : 255 - colour[3];
            QVERIFY(std::abs(decoded.image.data[std::size_t(c)] - ink * black / 255) <= 2.0);
        }
    }

    void scaledDecode_data() {
        QTest::addColumn<int>("shortSide");
        QTest::addColumn<int>("denominator");
        QTest::newRow("full") << 0 << 1;
        QTest::newRow("just too large") << 241 << 1;
        QTest::newRow("half") << 240 << 2;
        QTest::newRow("quarter") << 120 << 4;
        QTest::newRow("eighth") << 60 << 8;
        QTest::newRow("no further") << 5 << 8;
    }
    void scaledDecode() {
        QFETCH(int, shortSide);
        QFETCH(int, denominator);
        DecodeOptions options;
        options.reduceToShortSide = shortSide;
        const Image picture = makePicture(640, 480, 3);
        const Decoded decoded = decode(encoded(picture, Format::Jpeg), options);
        QCOMPARE(decoded.info.scaleDenominator, denominator);
        QCOMPARE(decoded.info.storedWidth, 640);
        QCOMPARE(decoded.image.width, 640 / denominator);
        QCOMPARE(decoded.image.height, 480 / denominator);
        QCOMPARE(decode(encoded(picture, Format::Png), options).image.width, 640);
    }

    void jpegQuality_data() {
        QTest::addColumn<int>("quality");
        for (const int quality : {1, 10, 49, 50, 51, 75, 90, 95, 100})
            QTest::addRow("%d", quality) << quality;
    }
    void jpegQuality() {
        QFETCH(int, quality);
        const auto jpeg = encode(makePicture(64, 48, 3), {.format = Format::Jpeg, .quality = quality});
        const auto estimate = estimateJpegQuality(jpeg);
        QVERIFY(estimate);
        QCOMPARE(estimate->quality, quality);
        QVERIFY(estimate->standardTables);
        for (std::size_t length = 0; length < 200; ++length)  // a cut head is no crash
            estimateJpegQuality(std::span(jpeg).first(length));
        QVERIFY(!estimateJpegQuality(encoded(makePicture(64, 48, 3), Format::Png)));
    }
};

SIGNET_TEST(TestImageCodecs)
#include "test_image_codecs.moc"
