// Files of several frames, pages or pictures, what follows a picture's end, and formats that are read only.

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/image/detect.h"
#include "core/image/encode.h"
#include "core/image/metadata.h"
#include "core/image/orientation.h"
#include "core/image/trailing.h"
#include "tests/core/frame_builders.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;

Q_DECLARE_METATYPE(signet::tests::FileBytes)

namespace {

constexpr int kWidth = 64, kHeight = 48;

Decoded decodeFrame(const FileBytes& file, int frame) {
    DecodeOptions options;
    options.frame = frame;
    return decode(file, options);
}

FileBytes jpegOf(const Image& picture) {
    EncodeOptions options;
    options.format = Format::Jpeg;
    return encode(picture, options);
}

QString warningsOf(const Decoded& decoded) {
    QStringList all;
    for (const std::string& warning : decoded.info.warnings) all << QString::fromStdString(warning);
    return all.join("; ");
}

Patch patch(int left, int top, int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue,
            int disposal = 0) {
    return {left, top, width, height, {red, green, blue, 255}, disposal};
}

}  // namespace

class TestImageFrames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Three frames, red, green, blue: each is told of, counted and read on request.
    void everyFrame_data() {
        QTest::addColumn<FileBytes>("file");
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("word");
        const std::vector<Image> pictures = {plain(kWidth, kHeight, 220, 20, 20),
                                             plain(kWidth, kHeight, 20, 200, 20),
                                             plain(kWidth, kHeight, 20, 20, 210)};
        const std::vector<Patch> patches = {patch(0, 0, kWidth, kHeight, 220, 20, 20),
                                            patch(0, 0, kWidth, kHeight, 20, 200, 20),
                                            patch(0, 0, kWidth, kHeight, 20, 20, 210)};
        QTest::newRow("tiff") << tiffPages(pictures) << int(Format::Tiff) << "page";
        QTest::newRow("gif") << gifFile(kWidth, kHeight, patches) << int(Format::Gif) << "frame";
        QTest::newRow("interlaced gif")
            << gifFile(kWidth, kHeight, patches, true) << int(Format::Gif) << "frame";
        QTest::newRow("apng") << apngFile(kWidth, kHeight, patches) << int(Format::Png) << "frame";
        QTest::newRow("webp") << webpFrames(pictures) << int(Format::WebP) << "frame";
        QTest::newRow("jxl") << jxlFile(pictures) << int(Format::Jxl) << "frame";
        QTest::newRow("heic") << heifFile(pictures) << int(Format::Heif) << "picture";
        QTest::newRow("avif") << heifFile(pictures, {.avif = true}) << int(Format::Avif) << "picture";
        const FileBytes a = jpegOf(pictures[0]), b = jpegOf(pictures[1]), c = jpegOf(pictures[2]);
        QTest::newRow("mpo") << mpoFile({a, b, c}) << int(Format::Jpeg) << "picture";
        QTest::newRow("jpegs in a row") << joined(joined(a, b), c) << int(Format::Jpeg) << "picture";
    }
    void everyFrame() {
        QFETCH(FileBytes, file);
        QFETCH(int, format);
        QFETCH(QString, word);
        static constexpr int kColours[3][3] = {{220, 20, 20}, {20, 200, 20}, {20, 20, 210}};
        for (int frame = 1; frame <= 3; ++frame) {
            const Decoded decoded = decodeFrame(file, frame);
            QCOMPARE(int(decoded.info.format), format);
            QCOMPARE(decoded.info.frames, 3);
            QCOMPARE(decoded.info.frame, frame);
            QCOMPARE(decoded.image.width, kWidth);
            QCOMPARE(decoded.image.height, kHeight);
            const auto& colour = kColours[frame - 1];
            QVERIFY2(isColour(decoded.image, 20, 20, colour[0], colour[1], colour[2], 12),
                     colourAt(decoded.image, 20, 20).c_str());
            QVERIFY2(warningsOf(decoded).contains(
                         QString("the file holds 3 %1s; this is %1 %2").arg(word).arg(frame)),
                     qPrintable(warningsOf(decoded)));
            const Header header = probe(file, frame);
            QCOMPARE(header.frames, 3);
            QCOMPARE(header.width, kWidth);
        }
        for (const int frame : {0, 4}) {
            QCOMPARE(codeOf([&] { decodeFrame(file, frame); }), nameOf(ErrorCode::BadOption));
            QCOMPARE(codeOf([&] { probe(file, frame); }), nameOf(ErrorCode::BadOption));
        }
    }

    /// Pages differ in size and each is probed as it is.
    void pagesOfOtherSizes() {
        const FileBytes file = tiffPages({plain(40, 30, 1, 2, 3), plain(50, 20, 4, 5, 6)});
        QCOMPARE(probe(file, 2).width, 50);
        QCOMPARE(probe(file, 2).height, 20);
        QCOMPARE(decodeFrame(file, 2).info.storedWidth, 50);
    }

    /// Frames that cover a part and are cleared, kept or taken back before the next one.
    void framesAreComposed_data() {
        QTest::addColumn<bool>("gif");
        QTest::addColumn<int>("disposal");
        QTest::addColumn<QString>("left");  // of the second patch, in the third frame
        for (const bool gif : {true, false}) {
            const char* name = gif ? "gif" : "apng";
            QTest::addRow("%s keep", name) << gif << 0 << "20,200,20";
            QTest::addRow("%s clear", name) << gif << 1 << "0,0,0,0";
            QTest::addRow("%s restore", name) << gif << 2 << "220,20,20";
        }
    }
    void framesAreComposed() {
        QFETCH(bool, gif);
        QFETCH(int, disposal);
        QFETCH(QString, left);
        const std::vector<Patch> patches = {patch(0, 0, 32, 32, 220, 20, 20),
                                            patch(0, 0, 8, 8, 20, 200, 20, disposal),
                                            patch(24, 24, 8, 8, 20, 20, 210)};
        const FileBytes file = gif ? gifFile(32, 32, patches) : apngFile(32, 32, patches);
        const Image second = decodeFrame(file, 2).image;
        QCOMPARE(colourAt(second, 2, 2), std::string("20,200,20"));
        QCOMPARE(colourAt(second, 16, 16), std::string("220,20,20"));
        const Image third = decodeFrame(file, 3).image;
        QCOMPARE(QString::fromStdString(colourAt(third, 2, 2)), left);
        QVERIFY(isColour(third, 16, 16, 220, 20, 20, 0));
        QVERIFY(isColour(third, 28, 28, 20, 20, 210, 0));
    }

    /// A still picture that is no frame of the animation is the first picture of the file.
    void stillBesideAnimation() {
        const FileBytes file =
            apngFile(16, 16, {patch(0, 0, 16, 16, 200, 0, 0), patch(0, 0, 16, 16, 0, 200, 0)}, false);
        QCOMPARE(decodeFrame(file, 1).info.frames, 3);
        QVERIFY(isColour(decodeFrame(file, 1).image, 5, 5, 1, 2, 3, 0));
        QVERIFY(isColour(decodeFrame(file, 2).image, 5, 5, 200, 0, 0, 0));
        QVERIFY(isColour(decodeFrame(file, 3).image, 5, 5, 0, 200, 0, 0));
    }

    /// irot and imir, and JPEG XL's orientation: the picture stands as it is shown.
    void orientation_data() {
        QTest::addColumn<int>("orientation");
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"heic", "avif", "jxl"})
            for (int orientation = 1; orientation <= 8; ++orientation)
                QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(kind)).arg(orientation)))
                    << orientation << kind;
    }
    void orientation() {
        QFETCH(int, orientation);
        QFETCH(QString, kind);
        const Image stored = fields(kWidth, kHeight);
        HeifOptions options;
        options.avif = kind == "avif";
        options.orientation = orientation;
        options.exif = exifWithOrientation(3);  // a copy that must not count
        const FileBytes file = kind == "jxl" ? jxlFile({stored}, orientation) : heifFile({stored}, options);
        const Image wanted = orient(stored, orientation);
        const Image shown = decode(file).image;
        QCOMPARE(shown.width, wanted.width);
        QCOMPARE(shown.height, wanted.height);
        QCOMPARE(probe(file).width, wanted.width);
        for (const auto& [x, y] :
             {std::pair(8, 8), std::pair(wanted.width - 8, 8), std::pair(8, wanted.height - 8)}) {
            const auto at = static_cast<std::size_t>((y * wanted.width + x) * 3);
            QVERIFY2(isColour(shown, x, y, wanted.data[at], wanted.data[at + 1], wanted.data[at + 2]),
                     colourAt(shown, x, y).c_str());
        }
        DecodeOptions asStored;
        asStored.applyOrientation = false;
        QVERIFY(isColour(decode(file, asStored).image, 8, 8, 220, 40, 40));
    }

    void depth() {
        const Image deep = fields(kWidth, kHeight, 16);
        const Decoded heic = decode(heifFile({deep}));
        QCOMPARE(heic.info.bitDepth, 10);
        QCOMPARE(heic.image.depth, 16);
        QVERIFY(isColour(heic.image, 8, 8, 220, 40, 40));
        const Decoded jxl = decode(jxlFile({deep}));
        QCOMPARE(jxl.image.depth, 16);
        QCOMPARE(largestDifference(jxl.image, deep), 0.0);
        const Decoded grey = decode(jxlFile({makePicture(40, 30, 1)}));
        QCOMPARE(grey.info.colour, std::string("grey"));
        QCOMPARE(largestDifference(grey.image, makePicture(40, 30, 1)), 0.0);
    }

    /// EXIF of HEIF and JPEG XL files, and an ICC profile of HEIF, are read.
    void metadata() {
        const FileBytes exif = exifWithOrientation(6);
        for (const FileBytes& file : {heifFile({fields(kWidth, kHeight)}, {.exif = exif}),
                                      heifFile({fields(kWidth, kHeight)}, {.avif = true, .exif = exif}),
                                      jxlFile({fields(kWidth, kHeight)}, 1, exif)}) {
            const Metadata metadata = readMetadata(file);
            QCOMPARE(metadata.warning, std::string());
            QCOMPARE(metadata.entries.size(), std::size_t(1));
            QCOMPARE(metadata.entries.front().key, std::string("Exif.Image.Orientation"));
        }
        QVERIFY(
            readMetadata(heifFile({fields(kWidth, kHeight)}, {.profile = FileBytes(200, 1)})).hasIccProfile);
    }

    /// The limits hold before pixel memory is taken.
    void limits_data() {
        QTest::addColumn<FileBytes>("file");
        const Image picture = fields(kWidth, kHeight);
        QTest::newRow("gif") << gifFile(kWidth, kHeight, {patch(0, 0, kWidth, kHeight, 1, 2, 3)});
        QTest::newRow("heic") << heifFile({picture});
        QTest::newRow("avif") << heifFile({picture}, {.avif = true});
        QTest::newRow("jxl") << jxlFile({picture});
        QTest::newRow("webp frames") << webpFrames({picture, plain(kWidth, kHeight, 1, 2, 3)});
        QTest::newRow("apng frame") << apngFile(kWidth, kHeight, {patch(0, 0, kWidth, kHeight, 1, 2, 3)});
    }
    void limits() {
        QFETCH(FileBytes, file);
        DecodeOptions options;
        options.limits.maxPixels = kWidth * kHeight - 1;
        QCOMPARE(codeOf([&] { decode(file, options); }), nameOf(ErrorCode::TooLarge));
        options.limits = {};
        options.limits.maxDecodedBytes = 1000;
        QCOMPARE(codeOf([&] { decode(file, options); }), nameOf(ErrorCode::TooLarge));
    }

    /// Cut at every place: a picture with a warning, or an error, never a crash.
    void cutShort_data() { limits_data(); }
    void cutShort() {
        QFETCH(FileBytes, file);
        for (std::size_t size = 0; size < file.size(); size += 1 + file.size() / 97) {
            const FileBytes part(file.begin(), file.begin() + std::ptrdiff_t(size));
            const std::string code = codeOf([&] {
                decode(part);
                readMetadata(part);
            });
            QVERIFY2(code != nameOf(ErrorCode::Internal), qPrintable(QString::number(size)));
        }
    }

    void damagedGif() {
        FileBytes file = gifFile(600, 400, {patch(0, 0, 600, 400, 1, 2, 3)});
        file.resize(file.size() - 300);
        QVERIFY(warningsOf(decode(file)).contains("the GIF data is damaged"));
    }

    /// What follows a picture's end is named with its size and kind.
    void trailing_data() {
        QTest::addColumn<FileBytes>("file");
        QTest::addColumn<QString>("text");
        const FileBytes jpeg = jpegOf(plain(20, 20, 9, 99, 199));
        const FileBytes png = encode(plain(20, 20, 9, 99, 199), {});
        const FileBytes video = {0, 0, 0, 24, 'f', 't', 'y', 'p', 'm', 'p', '4', '2', 0, 0, 0, 0};
        QTest::newRow("nothing") << jpeg << "";
        QTest::newRow("video") << joined(jpeg, video)
                               << "16 bytes follow the end of the JPEG data: MP4 or QuickTime video";
        QTest::newRow("zeros") << joined(jpeg, FileBytes(1500))
                               << "1,500 bytes follow the end of the JPEG data: zeros";
        QTest::newRow("one byte") << joined(jpeg, {7})
                                  << "1 byte follows the end of the JPEG data: of no kind known here";
        QTest::newRow("png in jpeg")
            << joined(jpeg, png)
            << QString("%1 bytes follow the end of the JPEG data: a PNG picture").arg(png.size());
        QTest::newRow("zip in png")
            << joined(png, {'P', 'K', 3, 4})
            << "4 bytes follow the end of the PNG data: a ZIP archive or an office document";
        QTest::newRow("gif") << joined(gifFile(9, 9, {patch(0, 0, 9, 9, 1, 2, 3)}), {'%', 'P', 'D', 'F'})
                             << "4 bytes follow the end of the GIF data: PDF";
        QTest::newRow("webp") << joined(webpFrames({plain(20, 20, 1, 2, 3)}), FileBytes(3))
                              << "3 bytes follow the end of the WebP data: zeros";
    }
    void trailing() {
        QFETCH(FileBytes, file);
        QFETCH(QString, text);
        const Decoded decoded = decode(file);
        QCOMPARE(QString::fromStdString(trailingBytes(file, decoded.info.format)), text);
        QVERIFY2(text.isEmpty() ? decoded.info.warnings.empty() : warningsOf(decoded).contains(text),
                 qPrintable(warningsOf(decoded)));
    }

    /// A thumbnail inside a segment is not taken for a second picture.
    void thumbnailIsNoPicture() {
        const FileBytes jpeg = jpegOf(makePicture(64, 48, 3));
        const FileBytes file = withMetadata(jpeg, {{"Exif.Image.Make", "x"}}, jpegOf(makePicture(16, 12, 3)));
        QCOMPARE(probe(file).frames, 1);
        QVERIFY(decode(file).info.warnings.empty());
    }

    void kinds_data() {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("read");
        const auto box = [](const char* brands) {
            return QByteArray(
                       "\0\0\0\x18"
                       "ftyp",
                       8) +
                   brands;
        };
        QTest::newRow("heic") << box("heic") << "HEIF/HEIC" << true;
        QTest::newRow("avif") << box("avif") << "AVIF" << true;
        QTest::newRow("avif by a compatible brand")
            << box("mif1") + QByteArray("\0\0\0\0mif1avif", 12) << "AVIF" << true;
        QTest::newRow("heif of no codec")
            << box("mif1") + QByteArray("\0\0\0\0mif1heic", 12) << "HEIF/HEIC" << true;
        QTest::newRow("video") << box("isom") << "MP4 or QuickTime video" << false;
        QTest::newRow("pdf") << QByteArray("%PDF-1.7") << "PDF" << false;
        QTest::newRow("text") << QByteArray("a text\n") << "" << false;
        QTest::newRow("apple double") << QByteArray("\0\x05\x16\x07\0\x02\0\0Mac OS X", 16)
                                      << "AppleDouble, what macOS leaves beside a file on foreign disks (the "
                                         "file itself has the name without ._)"
                                      << false;
    }
    void kinds() {
        QFETCH(QByteArray, start);
        QFETCH(QString, name);
        QFETCH(bool, read);
        const FileBytes bytes(start.begin(), start.end());
        QCOMPARE(QString::fromStdString(kindOf(bytes).name), name);
        QCOMPARE(kindOf(bytes).format.has_value(), read);
        if (!read) QCOMPARE(codeOf([&] { decode(bytes); }), nameOf(ErrorCode::Unsupported));
    }

    /// The files after public bug reports.
    void reported_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("frames");
        QTest::addColumn<QString>("warning");
        QTest::newRow("two pictures") << "two_pictures_in_one.jpg" << 2 << "a JPEG picture";
        QTest::newRow("video") << "video_behind_picture.jpg" << 1 << "MP4 or QuickTime video";
        QTest::newRow("mpo") << "two_frames.mpo" << 2 << "2 pictures";
        QTest::newRow("mpo named jpg") << "mpo_named_jpg.jpg" << 2 << "2 pictures";
        QTest::newRow("gif") << "animated.gif" << 0 << "frames; this is frame 1";
        QTest::newRow("webp") << "frames.webp" << 0 << "frames; this is frame 1";
        QTest::newRow("jfif") << "picture.jfif" << 1 << "";
        QTest::newRow("no ending") << "no_extension_00a1" << 1 << "";
    }
    void reported() {
        QFETCH(QString, name);
        QFETCH(int, frames);
        QFETCH(QString, warning);
        const QString path = qEnvironmentVariable("SIGNET_SOURCE_DIR") + "/../shared/data/reported/" + name;
        if (!QFile::exists(path)) QSKIP("../shared/data/reported is not here");
        const FileBytes file = readFile(path.toStdString());
        const Decoded decoded = decode(file);
        QVERIFY(frames == 0 ? decoded.info.frames > 1 : decoded.info.frames == frames);
        QVERIFY2(warningsOf(decoded).contains(warning), qPrintable(warningsOf(decoded)));
        for (int frame = 2; frame <= decoded.info.frames; ++frame)
            QVERIFY(decodeFrame(file, frame).image.width > 0);
    }
};

SIGNET_TEST(TestImageFrames)
#include "test_image_frames.moc"
