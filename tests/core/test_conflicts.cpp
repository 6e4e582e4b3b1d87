// Conflicts between the layers of an image: built files for each kind, thumbnails of real photographs.
#include <zlib.h>

#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/examine/examine.h"
#include "core/examine/record_json.h"
#include "core/examine/thumbnail.h"
#include "core/image/encode.h"
#include "core/image/find_images.h"
#include "core/image/orientation.h"
#include "core/image/resample.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::examine;
using namespace signet::tests;
using namespace std::string_view_literals;
namespace fs = std::filesystem;

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

FileBytes finelyEncoded(const image::Image& picture, image::Format format, int quality = 90) {
    return image::encode(picture, {.format = format, .quality = quality, .subsample = false});
}

image::Image sample(const char* name) {
    return image::toRgb8(image::decode(readFile(dataFolder() / "resources/samples" / name)).image);
}

/// picture in the middle of a canvas of this size and grey level.
image::Image between(const image::Image& picture, int width, int height, std::uint8_t level) {
    image::Image out = image::makeImage(width, height, 3);
    std::fill(out.data.begin(), out.data.end(), level);
    const int left = (width - picture.width) / 2, top = (height - picture.height) / 2;
    for (int y = 0; y < picture.height; ++y)
        std::copy_n(picture.data.begin() + std::ptrdiff_t(y) * picture.width * 3, picture.width * 3,
                    out.data.begin() + (std::ptrdiff_t(top + y) * width + left) * 3);
    return out;
}

image::Image cut(const image::Image& from, int left, int top, int width, int height) {
    image::Image out = image::makeImage(width, height, 3);
    for (int y = 0; y < height; ++y)
        std::copy_n(from.data.begin() + (std::ptrdiff_t(top + y) * from.width + left) * 3, width * 3,
                    out.data.begin() + std::ptrdiff_t(y) * width * 3);
    return out;
}

/// The picture fitted into 160 x 120 px, as a JPEG of low quality.
FileBytes thumbnailOf(const image::Image& picture, int quality = 60) {
    const double scale = std::min(160.0 / picture.width, 120.0 / picture.height);
    return finelyEncoded(image::resize(picture, int(picture.width * scale), int(picture.height * scale)),
                         image::Format::Jpeg, quality);
}

Finding finding(Presence presence) {
    Finding out;
    out.model = "photo-code32";
    out.presence = presence;
    return out;
}

std::vector<Conflict> conflictsOf(const FileBytes& file, Presence presence = Presence::Absent) {
    const image::Decoded decoded = image::decode(file);
    const std::vector<Finding> findings{finding(presence)};
    return findConflicts(image::readMetadata(file), decoded.info, decoded.image, findings);
}

QString kindsOf(const std::vector<Conflict>& conflicts) {
    QStringList kinds;
    for (const Conflict& conflict : conflicts) kinds << QString::fromStdString(conflict.kind);
    return kinds.join(' ');
}

FileBytes deflated(const std::string& text) {
    uLongf size = compressBound(text.size());
    FileBytes packed(size);
    compress(packed.data(), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
    packed.resize(size);
    return packed;
}

/// A TIFF file of two grey pages; the second is of this kind (NewSubfileType).
FileBytes twoPages(const image::Image& first, const image::Image& second, std::uint32_t kind) {
    FileBytes file{'I', 'I', 42, 0, 0, 0, 0, 0};
    const auto put = [](FileBytes& out, std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    std::size_t link = 4;
    for (const image::Image* page : {&first, &second}) {
        const auto pixels = static_cast<std::uint32_t>(file.size());
        for (std::size_t i = 0; i < page->pixelCount(); ++i) file.push_back(page->data[3 * i]);
        if (file.size() % 2 != 0) file.push_back(0);
        const auto at = static_cast<std::uint32_t>(file.size());
        for (int i = 0; i < 4; ++i)
            file[link + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(at >> (8 * i));
        const auto width = static_cast<std::uint32_t>(page->width),
                   height = static_cast<std::uint32_t>(page->height);
        const std::vector<std::pair<std::uint32_t, std::uint32_t>> tags{{254, page == &second ? kind : 0},
                                                                        {256, width},
                                                                        {257, height},
                                                                        {258, 8},
                                                                        {259, 1},
                                                                        {262, 1},
                                                                        {273, pixels},
                                                                        {277, 1},
                                                                        {278, height},
                                                                        {279, width * height}};
        put(file, static_cast<std::uint32_t>(tags.size()), 2);
        for (const auto& [tag, value] : tags) {
            put(file, tag, 2);
            put(file, 4, 2);  // LONG
            put(file, 1, 4);
            put(file, value, 4);
        }
        link = file.size();
        put(file, 0, 4);
    }
    return file;
}

}  // namespace

class TestConflicts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The second page of a TIFF file is another picture, unless it says that it is a reduced version.
    void secondPages_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("kinds");
        QTest::newRow("page") << 2 << "";
        QTest::newRow("says nothing") << 0 << "";
        QTest::newRow("reduced version") << 1 << "thumbnail_differs";
    }
    void secondPages() {
        QFETCH(int, kind);
        QFETCH(QString, kinds);
        const image::Image first = sample("astronaut.png"), second = sample("coffee.png");
        const FileBytes file = twoPages(image::resize(first, 256, 256), image::resize(second, 160, 107),
                                        static_cast<std::uint32_t>(kind));
        QCOMPARE(kindsOf(conflictsOf(file)), kinds);
        QCOMPARE(image::readMetadata(file).thumbnail.empty(), kinds.isEmpty());
    }

    void pngTextIsRead() {
        FileBytes png = finelyEncoded(makePicture(100, 96, 3), image::Format::Png);
        png = withPngChunk(png, "tEXt", bytesOf("Title\0caf\xE9"sv));
        png = withPngChunk(png, "tEXt", bytesOf("Author\0\xC3\xA9"sv));
        png = withPngChunk(png, "zTXt", joined(bytesOf("packed\0\0"sv), deflated("long text")));
        png = withPngChunk(png, "iTXt", joined(bytesOf("both\0\1\0en\0x\0"sv), deflated("\xC3\xA4")));
        png = withPngChunk(png, "zTXt", bytesOf("broken\0\0not a stream"sv));
        png = withPngChunk(png, "tEXt", bytesOf("Raw profile type exif"));
        const image::Metadata metadata = image::readMetadata(png);
        QCOMPARE(valueOf(metadata, "Png.Text.Title"), std::string("café"));
        QCOMPARE(valueOf(metadata, "Png.Text.Author"), std::string("é"));
        QCOMPARE(valueOf(metadata, "Png.Text.packed"), std::string("long text"));
        QCOMPARE(valueOf(metadata, "Png.Text.both"), std::string("ä"));
        QCOMPARE(valueOf(metadata, "Png.Text.broken"), std::string(""));
        QCOMPARE(valueOf(metadata, "Png.Text.Raw profile type exif"), std::string("(none)"));
        // a stream that would fill memory, and chunks that end anywhere
        const std::string large(50'000'000, 'a');  // NOLINT(bugprone-string-constructor): meant to be large
        const FileBytes bomb = withPngChunk(png, "zTXt", joined(bytesOf("bomb\0\0"sv), deflated(large)));
        QCOMPARE(valueOf(image::readMetadata(bomb), "Png.Text.bomb").size(), std::size_t(4096));
        for (std::size_t size = 0; size < png.size(); size += 7)
            image::readMetadata(std::span(png).first(size));
    }

    void ownThumbnails_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "camera.png"})
            QTest::newRow(name) << name;
    }
    /// Thumbnails of the image itself, however made, are no conflict.
    void ownThumbnails() {
        QFETCH(QString, name);
        const image::Image picture = sample(name.toUtf8().constData());
        const FileBytes plain = finelyEncoded(picture, image::Format::Jpeg);
        QCOMPARE(kindsOf(conflictsOf(withMetadata(plain, {}, thumbnailOf(picture, 40)))), QString());
        const image::Image fitted = image::decode(thumbnailOf(picture, 90)).image;
        for (const int level : {0, 255}) {
            const FileBytes bars =
                finelyEncoded(between(fitted, 160, 120, std::uint8_t(level)), image::Format::Jpeg);
            QCOMPARE(kindsOf(conflictsOf(withMetadata(plain, {}, bars))), QString());
        }
        const int height = std::min(picture.height, picture.width * 3 / 4), width = height * 4 / 3;
        const auto middle =
            cut(picture, (picture.width - width) / 2, (picture.height - height) / 2, width, height);
        QCOMPARE(kindsOf(conflictsOf(withMetadata(plain, {}, thumbnailOf(middle)))), QString());
        // the camera holds both on their side
        const image::Image lying = image::orient(picture, 8);
        const FileBytes turned = withMetadata(finelyEncoded(lying, image::Format::Jpeg),
                                              {{"Exif.Image.Orientation", "6"}}, thumbnailOf(lying));
        QCOMPARE(image::decode(turned).image.width, picture.width);
        QCOMPARE(kindsOf(conflictsOf(turned)), QString());
    }

    void strangeThumbnails() {
        const image::Image picture = sample("chelsea.png");
        const FileBytes plain = finelyEncoded(picture, image::Format::Jpeg);
        const auto kinds = [&](const FileBytes& thumbnail) {
            return kindsOf(conflictsOf(withMetadata(plain, {}, thumbnail)));
        };
        QCOMPARE(kinds(thumbnailOf(sample("coffee.png"))), QString("thumbnail_differs"));
        QCOMPARE(kinds(thumbnailOf(sample("rocket.jpg"))), QString("thumbnail_differs"));
        QCOMPARE(kinds(thumbnailOf(image::orient(picture, 6))), QString("thumbnail_turned"));
        QCOMPARE(kinds(thumbnailOf(image::orient(picture, 2))), QString("thumbnail_turned"));
        // cut after the thumbnail was made
        const image::Image part = cut(picture, 60, 50, picture.width * 3 / 4, picture.height * 3 / 4);
        QCOMPARE(kindsOf(conflictsOf(
                     withMetadata(finelyEncoded(part, image::Format::Jpeg), {}, thumbnailOf(picture)))),
                 QString("thumbnail_differs"));
        QCOMPARE(kinds(bytesOf("no picture")), QString());
        const auto message =
            conflictsOf(withMetadata(plain, {}, thumbnailOf(sample("coffee.png"))))[0].message;
        QVERIFY2(message.find("255 grey levels") != std::string::npos, message.c_str());
    }

    void thumbnailsOfPhotographsNobodySaw() {
        const fs::path folder =
            fs::path(qEnvironmentVariable("SIGNET_SOURCE_DIR").toStdString()) / "../shared/data/photos_test";
        if (!fs::exists(folder)) QSKIP("The test photographs are not there.");
        const auto files = image::findImages({folder}, {}).files;
        int alarms = 0, seen = 0, all = 0;
        for (std::size_t i = 0; i + 4 < files.size(); i += 4) {
            const auto picture = image::toRgb8(image::decode(readFile(files[i])).image);
            const auto other = image::toRgb8(image::decode(readFile(files[i + 4])).image);
            const auto difference = [&](const image::Image& of) {
                return matchThumbnail(image::decode(thumbnailOf(of, 50)).image, picture).difference;
            };
            alarms += difference(picture) >= kThumbnailThreshold;
            seen += difference(other) >= kThumbnailThreshold;
            ++all;
        }
        QVERIFY(all >= 50);
        QCOMPARE(alarms, 0);
        QVERIFY2(seen >= all - 1, qPrintable(QString::number(seen)));
    }

    void claims_data() {
        QTest::addColumn<Entries>("entries");
        QTest::addColumn<bool>("isSigned");
        QTest::addColumn<QString>("kinds");
        const Entries none;
        const Entries camera{{"Exif.Image.Make", "Canon"}, {"Exif.Image.Model", "Canon EOS R5"}};
        const Entries capture{{"Xmp.iptcExt.DigitalSourceType",
                               "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}};
        const Entries trained{{"Xmp.iptcExt.DigitalSourceType",
                               "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}};
        const Entries software{{"Exif.Image.Software", "Midjourney v6"}};
        const Entries editor{{"Exif.Image.Software", "GIMP 2.10"},
                             {"Xmp.xmp.CreatorTool", "Adobe Photoshop"}};
        const Entries within{{"Exif.Image.ImageDescription", "the ideogrammatic script"}};
        const Entries credit{{"Iptc.Application2.Credit", "Made with Google AI"}};
        const Entries parameters{
            {"Exif.Photo.UserComment",
             "charset=Ascii a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512"}};
        Entries both = camera;
        both.insert(both.end(), trained.begin(), trained.end());
        const QString signature = "_and_signature";
        QTest::newRow("nothing") << none << true << QString();
        QTest::newRow("camera, unsigned") << camera << false << QString();
        QTest::newRow("camera, signed") << camera << true << "camera" + signature;
        QTest::newRow("capture, signed") << capture << true << "camera" + signature;
        QTest::newRow("trained, unsigned") << trained << false << QString();
        QTest::newRow("trained, signed") << trained << true << "generator" + signature;
        QTest::newRow("program, signed") << software << true << "generator" + signature;
        QTest::newRow("credit, signed") << credit << true << "generator" + signature;
        QTest::newRow("parameters, signed") << parameters << true << "generator" + signature;
        QTest::newRow("editor, signed") << editor << true << QString();
        QTest::newRow("part of a word, signed") << within << true << QString();
        QTest::newRow("both, unsigned") << both << false << "camera_and_generator";
        QTest::newRow("both, signed")
            << both << true << "camera_and_generator camera_and_signature generator_and_signature";
    }
    void claims() {
        QFETCH(Entries, entries);
        QFETCH(bool, isSigned);
        QFETCH(QString, kinds);
        const FileBytes file =
            withMetadata(finelyEncoded(makePicture(120, 100, 3), image::Format::Jpeg), entries);
        const auto found = conflictsOf(file, isSigned ? Presence::Present : Presence::Inconclusive);
        QCOMPARE(kindsOf(found), kinds);
        for (const Conflict& conflict : found) {
            const QString message = QString::fromStdString(conflict.message);
            for (const char* word : {"fake", "authentic", "genuine", "manipulat", "forge", "tamper", "real "})
                QVERIFY2(!message.contains(word, Qt::CaseInsensitive), conflict.message.c_str());
        }
        if (!found.empty() && entries.front().second == "Canon")
            QVERIFY(found.front().message.find("\"Canon EOS R5\" (Exif.Image.Make, Model)") !=
                    std::string::npos);
    }

    void parametersInPng() {
        FileBytes png = finelyEncoded(makePicture(120, 100, 3), image::Format::Png);
        const auto graph = "prompt\0{\"3\": {\"class_type\": \"KSampler\"}}"sv;
        QCOMPARE(kindsOf(conflictsOf(withPngChunk(png, "tEXt", bytesOf(graph)), Presence::Present)),
                 QString("generator_and_signature"));
        const auto speech = "prompt\0say something"sv;
        QCOMPARE(kindsOf(conflictsOf(withPngChunk(png, "tEXt", bytesOf(speech)), Presence::Present)),
                 QString());
    }

    void exifSize_data() {
        QTest::addColumn<QString>("width");
        QTest::addColumn<QString>("height");
        QTest::addColumn<bool>("conflict");
        QTest::newRow("same") << "120"
                              << "100" << false;
        QTest::newRow("turned") << "100"
                                << "120" << false;
        QTest::newRow("other") << "4000"
                               << "3000" << true;
        QTest::newRow("one of them") << "120"
                                     << "99" << true;
        QTest::newRow("zero") << "0"
                              << "0" << false;
    }
    void exifSize() {
        QFETCH(QString, width);
        QFETCH(QString, height);
        QFETCH(bool, conflict);
        const FileBytes file = withMetadata(finelyEncoded(makePicture(120, 100, 3), image::Format::Jpeg),
                                            {{"Exif.Photo.PixelXDimension", width.toStdString()},
                                             {"Exif.Photo.PixelYDimension", height.toStdString()}});
        QCOMPARE(kindsOf(conflictsOf(file)), conflict ? QString("exif_size_differs") : QString());
    }

    void theSample() {
        const Bytes file = readFile(dataFolder() / "resources/samples/coffee-cut-signed.jpg");
        QCOMPARE(kindsOf(conflictsOf(file, Presence::Present)),
                 QString("thumbnail_differs exif_size_differs camera_and_signature"));
        for (const char* name : {"coffee-signed.jpg", "hubble_deep_field.jpg", "rocket.jpg"}) {
            const Bytes other = readFile(dataFolder() / "resources/samples" / name);
            QCOMPARE(kindsOf(conflictsOf(other, Presence::Present)), QString());
        }
    }

    void record() {
        Record record;
        record.conflicts = {{"exif_size_differs", "message"}};
        const Json json = toJson(record);
        QCOMPARE(json["conflicts"].dump(),
                 std::string(R"([{"kind":"exif_size_differs","message":"message"}])"));
        QCOMPARE(toJson(Record{})["conflicts"].dump(), std::string("[]"));
    }
};

SIGNET_TEST(TestConflicts)
#include "test_conflicts.moc"
