#include <cmath>
#include <exiv2/exiv2.hpp>

#include <lcms2.h>

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/metadata.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;

namespace {

/// The file with the metadata that were set.
FileBytes written(Exiv2::Image& file) {
    file.writeMetadata();
    file.io().open();
    FileBytes out(file.io().size());
    file.io().read(out.data(), long(out.size()));
    return out;
}

/// A profile whose header is well-formed; its content is of no matter here.
FileBytes iccProfile() {
    FileBytes profile(300, 7);
    profile[0] = profile[1] = 0;
    profile[2] = 300 >> 8;
    profile[3] = 300 & 0xFF;
    const char space[] = "RGB ", magic[] = "acsp";
    std::copy(space, space + 4, profile.begin() + 16);
    std::copy(magic, magic + 4, profile.begin() + 36);
    return profile;
}

/// A JPEG of 60 x 40 with EXIF (orientation 6, a date, its size), IPTC, XMP and a colour profile.
FileBytes richJpeg() {
    const FileBytes plain = encoded(makePicture(60, 40, 3), Format::Jpeg);
    auto file = Exiv2::ImageFactory::open(plain.data(), long(plain.size()));
    file->readMetadata();
    Exiv2::ExifData exif;
    exif["Exif.Image.Make"] = "Signet";
    exif["Exif.Image.Orientation"] = std::uint16_t{6};
    exif["Exif.Photo.DateTimeOriginal"] = "2024:05:06 07:08:09";
    exif["Exif.Photo.PixelXDimension"] = std::uint32_t{60};
    exif["Exif.Photo.PixelYDimension"] = std::uint32_t{40};
    exif["Exif.GPSInfo.GPSLatitudeRef"] = "N";
    file->setExifData(exif);
    Exiv2::IptcData iptc;
    iptc["Iptc.Application2.Caption"] = "a caption";
    file->setIptcData(iptc);
    Exiv2::XmpData xmp;
    xmp["Xmp.dc.source"] = "somewhere \xC3\xA9";
    xmp["Xmp.tiff.Orientation"] = "6";
    file->setXmpData(xmp);
    const FileBytes icc = iccProfile();
    Exiv2::DataBuf profile(icc.data(), long(icc.size()));
    file->setIccProfile(profile);
    return written(*file);
}

FileBytes withProfile(const FileBytes& plain, const FileBytes& icc) {
    auto file = Exiv2::ImageFactory::open(plain.data(), long(plain.size()));
    file->readMetadata();
    Exiv2::DataBuf profile(icc.data(), long(icc.size()));
    file->setIccProfile(profile);
    return written(*file);
}

FileBytes profileOf(const FileBytes& bytes) {
    auto file = Exiv2::ImageFactory::open(bytes.data(), long(bytes.size()));
    file->readMetadata();
    if (!file->iccProfileDefined()) return {};
    return {file->iccProfile()->pData_, file->iccProfile()->pData_ + file->iccProfile()->size_};
}

/// A grey profile of gamma 1.8.
FileBytes greyProfile() {
    cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.8);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(profile, nullptr, &size);
    FileBytes out(size);
    cmsSaveProfileToMem(profile, out.data(), &size);
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    return out;
}

/// Of the red tone curve, to two decimals.
double gammaOf(const FileBytes& bytes) {
    cmsHPROFILE profile = cmsOpenProfileFromMem(bytes.data(), cmsUInt32Number(bytes.size()));
    const auto* curve = static_cast<cmsToneCurve*>(cmsReadTag(profile, cmsSigRedTRCTag));
    const double gamma = curve ? std::round(100 * cmsEstimateGamma(curve, 0.01)) / 100 : 0;
    cmsCloseProfile(profile);
    return gamma;
}

/// The rich metadata carried into a picture of this format, 40 x 60 as it is shown.
FileBytes carriedInto(Format format, std::string* warning) {
    return carryMetadata(richJpeg(), encoded(makePicture(40, 60, 3), format), warning);
}

void checkCarried(const FileBytes& file, bool iptc) {
    const Metadata metadata = readMetadata(file);
    QCOMPARE(metadata.warning, std::string());
    QCOMPARE(valueOf(metadata, "Exif.Image.Make"), std::string("Signet"));
    QCOMPARE(valueOf(metadata, "Exif.Photo.DateTimeOriginal"), std::string("2024:05:06 07:08:09"));
    QCOMPARE(valueOf(metadata, "Exif.Image.Orientation"), std::string("top, left"));
    QCOMPARE(valueOf(metadata, "Exif.Photo.PixelXDimension"), std::string("40"));
    QCOMPARE(valueOf(metadata, "Exif.Photo.PixelYDimension"), std::string("60"));
    QCOMPARE(valueOf(metadata, "Xmp.dc.source"), std::string("somewhere \xC3\xA9"));
    QVERIFY(valueOf(metadata, "Xmp.tiff.Orientation") != "6");
    if (iptc) QCOMPARE(valueOf(metadata, "Iptc.Application2.Caption"), std::string("a caption"));
    QVERIFY(metadata.hasIccProfile);
    auto read = Exiv2::ImageFactory::open(file.data(), long(file.size()));
    read->readMetadata();
    const FileBytes icc = iccProfile();
    QCOMPARE(std::size_t(read->iccProfile()->size_), icc.size());
    QVERIFY(std::equal(icc.begin(), icc.end(), read->iccProfile()->pData_));
}

}  // namespace

class TestImageMetadata : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void read() {
        const Metadata metadata = readMetadata(richJpeg());
        QCOMPARE(metadata.warning, std::string());
        QVERIFY(metadata.hasIccProfile);
        QCOMPARE(valueOf(metadata, "Exif.Image.Orientation"), std::string("right, top"));
        QCOMPARE(valueOf(metadata, "Iptc.Application2.Caption"), std::string("a caption"));
        QStringList groups;
        for (const MetadataEntry& entry : metadata.entries) groups << QString::fromStdString(entry.group);
        groups.removeDuplicates();
        QCOMPARE(groups, QStringList({"EXIF", "IPTC", "XMP", "ICC"}));
    }

    void carried_data() {
        QTest::addColumn<int>("format");
        for (Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff})
            QTest::newRow(toString(format).data()) << int(format);
    }
    void carried() {
        QFETCH(int, format);
        std::string warning;
        const FileBytes plain = encoded(makePicture(40, 60, 3), Format(format));
        const FileBytes file = carriedInto(Format(format), &warning);
        const bool webp = Format(format) == Format::WebP;  // has no place for IPTC, which is named
        QCOMPARE(QString::fromStdString(warning),
                 webp ? "IPTC was not carried into the WebP, which has no place for it" : "");
        checkCarried(file, !webp);
        const Decoded decoded = decode(file);
        QCOMPARE(decoded.info.orientation, 1);
        QVERIFY(decoded.info.warnings.empty() ||
                Format(format) == Format::Png);  // libpng looks into the profile
        QCOMPARE(largestDifference(decoded.image, decode(plain).image), 0.0);
    }

    void carriedFromEveryFormat_data() { carried_data(); }
    void carriedFromEveryFormat() {
        QFETCH(int, format);
        const FileBytes source = carriedInto(Format(format), nullptr);
        for (Format target : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff}) {
            std::string warning;
            const FileBytes plain = encoded(makePicture(40, 60, 3, 8, 5), target);
            const FileBytes file = carryMetadata(source, plain, &warning);
            const bool namesIptc = target == Format::WebP && Format(format) != Format::WebP;
            QCOMPARE(warning.find("IPTC") != std::string::npos, namesIptc);
            QCOMPARE(warning.empty(), !namesIptc);
            checkCarried(file, false);
            QCOMPARE(largestDifference(decode(file).image, decode(plain).image), 0.0);
        }
    }

    /// XMP of more than one JPEG segment: what fits is carried, with EXIF and profile, and what does not is
    /// named.
    void largeXmp() {
        const FileBytes source = withMetadata(encoded(makePicture(60, 40, 3), Format::Png),
                                              {{"Exif.Image.Make", "Signet"},
                                               {"Xmp.dc.rights", "(c) Example"},
                                               {"Xmp.dc.source", std::string(70'000, 'y')}});
        std::string warning;
        const FileBytes file = carryMetadata(source, encoded(makePicture(60, 40, 3), Format::Jpeg), &warning);
        QVERIFY2(warning.find("Xmp.dc.source (7") != std::string::npos, warning.c_str());
        QVERIFY2(warning.find("Make") == std::string::npos, warning.c_str());
        const Metadata metadata = readMetadata(file);
        QCOMPARE(valueOf(metadata, "Exif.Image.Make"), std::string("Signet"));
        QVERIFY(valueOf(metadata, "Xmp.dc.rights").find("(c) Example") != std::string::npos);
        QCOMPARE(valueOf(metadata, "Xmp.dc.source"), std::string("(none)"));
        const FileBytes png = carryMetadata(source, encoded(makePicture(60, 40, 3), Format::Png), &warning);
        QCOMPARE(warning, std::string());
        QVERIFY(valueOf(readMetadata(png), "Xmp.dc.source").size() > 4000);
    }

    /// A PNG's texts go into a PNG as they are, and are named where they have no place.
    void pngTexts() {
        constexpr std::string_view body{"Copyright\0(c) Example", 21};
        const FileBytes source =
            withPngChunk(encoded(makePicture(20, 20, 3), Format::Png), "tEXt", {body.begin(), body.end()});
        std::string warning;
        const FileBytes png = carryMetadata(source, encoded(makePicture(20, 20, 3), Format::Png), &warning);
        QCOMPARE(warning, std::string());
        QCOMPARE(valueOf(readMetadata(png), "Png.Text.Copyright"), std::string("(c) Example"));
        QVERIFY(decode(png).info.warnings.empty());
        carryMetadata(source, encoded(makePicture(20, 20, 3), Format::Jpeg), &warning);
        QVERIFY2(warning.find("Copyright") != std::string::npos, warning.c_str());
    }

    /// The profile of the carried file is one of its RGB pixels.
    void profileAgreesWithPixels_data() {
        QTest::addColumn<QByteArray>("space");
        QTest::addColumn<bool>("same");
        QTest::newRow("rgb") << QByteArray("RGB ") << true;
        QTest::newRow("grey") << QByteArray("GRAY") << false;
        QTest::newRow("cmyk") << QByteArray("CMYK") << false;
        QTest::newRow("lab") << QByteArray("Lab ") << false;
    }
    void profileAgreesWithPixels() {
        QFETCH(QByteArray, space);
        QFETCH(bool, same);
        FileBytes profile = space == "GRAY" ? greyProfile() : iccProfile();
        std::copy(space.begin(), space.end(), profile.begin() + 16);
        const FileBytes source = withProfile(encoded(makePicture(20, 20, 3), Format::Jpeg), profile);
        for (const Format format : {Format::Jpeg, Format::Png, Format::WebP, Format::Tiff}) {
            std::string warning;
            const FileBytes file = carryMetadata(source, encoded(makePicture(20, 20, 3), format), &warning);
            QCOMPARE(warning.empty(), same);
            const FileBytes carried = profileOf(file);
            QVERIFY2(carried.size() > 128, toString(format).data());
            QCOMPARE(QByteArray(reinterpret_cast<const char*>(carried.data()) + 16, 4), QByteArray("RGB "));
            if (same) QCOMPARE(carried, profile);
            if (space == "GRAY") QCOMPARE(gammaOf(carried), 1.8);
        }
    }

    /// The files after public bug reports.
    void reported_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("named");
        QTest::newRow("lab") << "lab.tif"
                             << "sRGB";
        QTest::newRow("cmyk") << "cmyk.jpg"
                              << "";
        QTest::newRow("xmp") << "xmp_over_64k.png"
                             << "Xmp.dc.description";
    }
    void reported() {
        QFETCH(QString, name);
        QFETCH(QString, named);
        const QString path = qEnvironmentVariable("SIGNET_SOURCE_DIR") + "/../shared/data/reported/" + name;
        if (!QFile::exists(path)) QSKIP("../shared/data/reported is not here");
        const FileBytes source = readFile(path.toStdString());
        std::string warning;
        const FileBytes file = carryMetadata(source, encoded(makePicture(20, 20, 3), Format::Jpeg), &warning);
        QVERIFY2(QString::fromStdString(warning).contains(named), warning.c_str());
        const FileBytes profile = profileOf(file);
        if (!profile.empty())
            QCOMPARE(QByteArray(reinterpret_cast<const char*>(profile.data()) + 16, 4), QByteArray("RGB "));
        if (name.endsWith(".png")) {
            QVERIFY(!profile.empty());
            QVERIFY(valueOf(readMetadata(file), "Xmp.dc.rights").find("(c) Example") != std::string::npos);
        }
    }

    void deepTiffKeepsItsPixels() {
        const Image picture = makePicture(333, 222, 4, 16);
        const FileBytes file = carryMetadata(richJpeg(), encoded(picture, Format::Tiff), nullptr);
        const Decoded decoded = decode(file);
        QCOMPARE(largestDifference(decoded.image, picture), 0.0);
        QCOMPARE(decoded.info.bitDepth, 16);
        checkCarriedSize(file);
    }

    void bmpTakesNone() {
        const FileBytes plain = encoded(makePicture(8, 8, 3), Format::Bmp);
        std::string warning;
        QCOMPARE(carryMetadata(richJpeg(), plain, &warning), plain);
        QVERIFY(warning.find("BMP") != std::string::npos);
        QVERIFY(readMetadata(plain).entries.empty());
    }

    void nothingToCarry() {
        const FileBytes plain = encoded(makePicture(8, 8, 3), Format::Png);
        std::string warning = "old";
        QCOMPARE(carryMetadata(encoded(makePicture(8, 8, 3), Format::Jpeg), plain, &warning), plain);
        QCOMPARE(warning, std::string());
    }

    void brokenSourceIsDropped() {
        const FileBytes plain = encoded(makePicture(8, 8, 3), Format::Png);
        std::string warning;
        QCOMPARE(carryMetadata(FileBytes{1, 2, 3}, plain, &warning), plain);
        QVERIFY(!warning.empty());
        QVERIFY(!readMetadata(FileBytes{1, 2, 3}).warning.empty());
        const FileBytes rich = richJpeg();
        for (std::size_t i = 20; i < 700 && i < rich.size(); ++i) {
            FileBytes bad = rich;
            bad[i] ^= 0xFF;
            const FileBytes file = carryMetadata(bad, plain, &warning);
            QCOMPARE(largestDifference(decode(file).image, decode(plain).image), 0.0);
            for (const MetadataEntry& entry : readMetadata(bad).entries)
                QVERIFY(entry.value.size() <= 4096 &&
                        QString::fromStdString(entry.value).toStdString() == entry.value);
        }
    }

    /// Exiv2's reader of QuickTime, which it guesses from the bytes after a BigTIFF's magic, never ends on
    /// this one.
    void bigTiffIsNoFilm() {
        FileBytes file(64);
        std::ranges::copy(std::string_view("MM\0+ftyp", 8), file.begin());
        QVERIFY(!readMetadata(file).warning.empty());
    }

private:
    static void checkCarriedSize(const FileBytes& file) {
        const Metadata metadata = readMetadata(file);
        QCOMPARE(valueOf(metadata, "Exif.Photo.PixelXDimension"), std::string("333"));
        QCOMPARE(valueOf(metadata, "Exif.Photo.PixelYDimension"), std::string("222"));
    }
};

SIGNET_TEST(TestImageMetadata)
#include "test_image_metadata.moc"
