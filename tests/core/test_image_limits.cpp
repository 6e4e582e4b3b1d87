#include "core/image/decode.h"
#include "core/image/encode.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;

namespace {

FileBytes cut(const FileBytes& file, double part) {
    return FileBytes(file.begin(), file.begin() + std::ptrdiff_t(double(file.size()) * part));
}

/// A JPEG whose frame header claims 65,500 x 65,500 pixels.
FileBytes hugeJpeg() {
    FileBytes file = encoded(makePicture(16, 16, 3), Format::Jpeg);
    for (std::size_t i = 0; i + 9 < file.size(); ++i)
        if (file[i] == 0xFF && file[i + 1] == 0xC0) {
            file[i + 5] = file[i + 7] = 0xFF;
            file[i + 6] = file[i + 8] = 0xDC;
            break;
        }
    return file;
}

FileBytes hugeBmp() {
    FileBytes file = encoded(makePicture(16, 16, 3), Format::Bmp);
    file[20] = file[24] = 1;  // 65,552 a side
    return file;
}

/// Width and height entries of our little-endian TIFF set to 65,535 or more.
FileBytes hugeTiff() {
    FileBytes file = encoded(makePicture(16, 16, 3), Format::Tiff);
    const std::size_t directory = file[4] | file[5] << 8 | std::size_t(file[6]) << 16;
    for (std::size_t i = 0; i < file[directory]; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (file[entry + 1] == 1 && file[entry] <= 1) file[entry + 8] = file[entry + 9] = 0xFF;
    }
    return file;
}

}  // namespace

class TestImageLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bombsAreRefusedOnTheHeader_data() {
        QTest::addColumn<QByteArray>("bytes");
        const auto add = [](const char* name, const FileBytes& file) {
            QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(file.data()),
                                              qsizetype(file.size()));
        };
        add("png", pngHeader(60000, 60000, 8, 2));
        add("png-thin", pngHeader(2'000'000, 1, 8, 2));
        add("jpeg", hugeJpeg());
        add("bmp", hugeBmp());
        add("tiff", hugeTiff());
    }
    void bombsAreRefusedOnTheHeader() {
        QFETCH(QByteArray, bytes);
        const std::span<const std::uint8_t> file(reinterpret_cast<const std::uint8_t*>(bytes.constData()),
                                                 std::size_t(bytes.size()));
        QCOMPARE(codeOf([&] { decode(file); }), nameOf(ErrorCode::TooLarge));
        QVERIFY(probe(file).width >= 60000);  // the size can still be told
    }

    void limitsAreExact() {
        const Image picture = makePicture(100, 50, 3);
        for (Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff, Format::Bmp}) {
            const FileBytes file = encoded(picture, format);
            DecodeOptions options;
            options.limits.maxPixels = 5000;
            QCOMPARE(decode(file, options).image.width, 100);
            options.limits.maxPixels = 4999;
            QCOMPARE(codeOf([&] { decode(file, options); }), nameOf(ErrorCode::TooLarge));
            options.limits = {};
            options.limits.maxDecodedBytes = 14999;
            QCOMPARE(codeOf([&] { decode(file, options); }), nameOf(ErrorCode::TooLarge));
        }
    }

    void endlessProgressiveScansAreRefused() {
        QCOMPARE(decode(progressiveJpeg(64, 48, 0)).image.width, 64);
        QCOMPARE(decode(progressiveJpeg(64, 48, 100)).image.width, 64);
        QCOMPARE(codeOf([] { decode(progressiveJpeg(64, 48, 600)); }), nameOf(ErrorCode::TooLarge));
    }

    void unsupportedFormatsAreNamed_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("ico") << QByteArray("\0\0\1\0\1\0\x10\x10", 8) << QByteArray("ICO");
        QTest::newRow("jp2") << QByteArray("\0\0\0\x0CjP  \r\n\x87\n", 12) << QByteArray("JPEG 2000");
        QTest::newRow("video") << QByteArray(
                                      "\0\0\0\x1C"
                                      "ftypisom....",
                                      16)
                               << QByteArray("MP4");
        QTest::newRow("cr3") << QByteArray(
                                    "\0\0\0\x1C"
                                    "ftypcrx ....",
                                    16)
                             << QByteArray("CR3");
        QTest::newRow("apple double") << QByteArray("\0\x05\x16\x07\0\2\0\0", 8) << QByteArray("AppleDouble");
        QTest::newRow("svg") << QByteArray("<?xml version='1.0'?><svg/>") << QByteArray("SVG");
        QTest::newRow("psd") << QByteArray("8BPS\0\1", 6) << QByteArray("PSD");
        QTest::newRow("pnm") << QByteArray("P6 1 1 255 abc") << QByteArray("PNM");
        QTest::newRow("tga") << QByteArray("\0\0\2\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\0....", 22)
                             << QByteArray("TGA");
        QTest::newRow("text") << QByteArray("hello, this is text") << QByteArray("no image format");
    }
    void unsupportedFormatsAreNamed() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, name);
        const std::span<const std::uint8_t> file(reinterpret_cast<const std::uint8_t*>(bytes.constData()),
                                                 std::size_t(bytes.size()));
        const QString said = test::errorOf([&] { decode(file); });
        QVERIFY2(said.startsWith("unsupported") && said.contains(QString(name)), qPrintable(said));
    }

    void emptyFile() {
        QCOMPARE(codeOf([] { decode({}); }), nameOf(ErrorCode::Corrupt));
    }

    void truncatedJpegIsGreyBelow() {
        const FileBytes whole = encoded(makePicture(320, 240, 3), Format::Jpeg);
        const Image full = decode(whole).image;
        const Decoded part = decode(cut(whole, 0.5));
        QCOMPARE(part.info.warnings.size(), std::size_t(1));
        QVERIFY(part.info.warnings[0].find("early") != std::string::npos);
        QCOMPARE(part.image.height, 240);
        for (std::size_t i = part.image.data.size() - 320 * 3; i < part.image.data.size(); ++i)
            QCOMPARE(int(part.image.data[i]), 128);
        QVERIFY(std::equal(full.data.begin(), full.data.begin() + 320 * 3 * 64, part.image.data.begin()));
    }

    void truncatedPngIsGreyBelow() {
        const FileBytes whole = encoded(makePicture(320, 240, 4), Format::Png);
        const Image full = decode(whole).image;
        const Decoded part = decode(cut(whole, 0.6));
        QCOMPARE(part.info.warnings.size(), std::size_t(1));
        const std::size_t end = part.image.data.size();
        QCOMPARE(int(part.image.data[end - 4]), 128);
        QCOMPARE(int(part.image.data[end - 1]), 255);
        QVERIFY(std::equal(full.data.begin(), full.data.begin() + 320 * 4 * 32, part.image.data.begin()));
    }

    void truncatedBmpIsGreyAbove() {  // its rows are stored from the bottom
        const Image picture = makePicture(700, 500, 3);
        const Decoded part = decode(cut(encoded(picture, Format::Bmp), 0.5));
        QCOMPARE(part.info.warnings.size(), std::size_t(1));
        QCOMPARE(int(part.image.data[0]), 128);
        QVERIFY(std::equal(picture.data.end() - 700 * 3 * 200, picture.data.end(),
                           part.image.data.end() - 700 * 3 * 200));
    }

    void damagedTiffIsGreyBelow() {
        const Image picture = makePicture(700, 500, 3);
        FileBytes tiff = encoded(picture, Format::Tiff);
        const auto begin = tiff.begin() + std::ptrdiff_t(tiff.size() / 2);  // over the start of a strip
        std::fill(begin, begin + std::ptrdiff_t(tiff.size() / 3), std::uint8_t{0});
        const Decoded part = decode(tiff);
        QCOMPARE(part.info.warnings.size(), std::size_t(1));
        QCOMPARE(int(part.image.data.back()), 128);
        QVERIFY(
            std::equal(picture.data.begin(), picture.data.begin() + 700 * 3 * 100, part.image.data.begin()));
    }

    void anyCutAndAnyFlippedByteGivesAPictureOrAnError_data() {
        QTest::addColumn<int>("format");
        for (Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff, Format::Bmp})
            QTest::newRow(toString(format).data()) << int(format);
    }
    void anyCutAndAnyFlippedByteGivesAPictureOrAnError() {
        QFETCH(int, format);
        const FileBytes whole = encoded(makePicture(24, 20, 3), Format(format));
        int pictures = 0, errors = 0;
        const auto attempt = [&](const FileBytes& file) {
            try {
                const Decoded decoded = decode(file);
                QCOMPARE(decoded.image.data.size(),
                         decoded.image.sampleCount() * std::size_t(decoded.image.depth / 8));
                ++pictures;
            } catch (const Error&) {
                ++errors;
            }
        };
        for (std::size_t size = 0; size < whole.size(); ++size)
            attempt(FileBytes(whole.begin(), whole.begin() + std::ptrdiff_t(size)));
        for (std::size_t i = 0; i < whole.size(); ++i) {
            FileBytes file = whole;
            file[i] ^= std::uint8_t(0x11 + i % 200);
            attempt(file);
        }
        QVERIFY(pictures > 0);
        QVERIFY(errors > 0);
    }
};

SIGNET_TEST(TestImageLimits)
#include "test_image_limits.moc"
