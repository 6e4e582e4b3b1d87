// Nothing vanishes on the way in: folders by content, files of several pictures, long and odd names, and what
// sign carries over.
#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/metadata.h"
#include "support/cli_process.h"
#include "tests/core/frame_builders.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::test;
using signet::tests::FileBytes;

class TestCliIntake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void folderIsReadByContent();
    void unreadableSubfolderFails();
    void everyPageIsExamined();
    void pagesAsExhibits();
    void leftOutIsRecordedInTheCase();
    void severalPagesAreNotSignedAway();
    void readOnlyFormatsSayWhatToDo();
    void keepGivesAMatchingEnding();
    void misnamedFileIsAConflict();
    void longNames();
    void missingMapFailsAlone();
    void oddNamesAreOneLine();
    void greyAndProfileAreCarried();

private:
    QString path(const QString& name) const { return m_folder->filePath(name); }
    void write(const QString& name, const FileBytes& bytes) const {
        writeFileAtomically(path(name).toStdString(), bytes, IfExists::Replace);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    image::Image m_photo;
};

namespace {

QString warningsOf(const QJsonObject& record) {
    QStringList all;
    for (const auto& warning : record.value("warnings").toArray()) all << warning.toString();
    return all.join("; ");
}

FileBytes encoded(const image::Image& picture, image::Format format) {
    image::EncodeOptions options;
    options.format = format;
    return image::encode(picture, options);
}

constexpr const char* kModel = "photo-keyed32";

}  // namespace

void TestCliIntake::initTestCase() {
    if (!defaultModels().contains(kModel)) QSKIP("photo-keyed32 is not in models/");
    m_photo = image::toRgb8(image::decode(readFile(sampleImages().first().toStdString())).image);
}

void TestCliIntake::folderIsReadByContent() {
    const FileBytes jpeg = encoded(m_photo, image::Format::Jpeg);
    for (const char* name : {"picture.jfif", "no_extension_00a1", "carved.dat"}) write(name, jpeg);
    write("phone.heic", tests::heifFile({m_photo}));
    write("phone.avif", tests::heifFile({m_photo}, {.avif = true}));
    write("picture.jxl", tests::jxlFile({m_photo}));
    write("notes.txt", {'h', 'i'});
    write("._picture.jfif", {0, 5, 0x16, 7, 0, 2, 0, 0});
    QDir().mkdir(path("inner"));
    const Run run = runSignet({"check", "--json", "-m", kModel, m_folder->path()});
    QCOMPARE(run.status, 0);
    QVERIFY(run.allJson());
    QCOMPARE(run.records().size(), 9);
    for (const auto& [name, format] :
         {std::pair("picture.jfif", "jpeg"), std::pair("no_extension_00a1", "jpeg"),
          std::pair("carved.dat", "jpeg"), std::pair("phone.heic", "heif"), std::pair("phone.avif", "avif"),
          std::pair("picture.jxl", "jxl")})
        QCOMPARE(recordOf(run, path(name)).value("format").toString(), QString(format));
    QCOMPARE(recordOf(run, path("notes.txt")).value("left_out").toString(),
             QString("no image known to this program"));
    QVERIFY(recordOf(run, path("._picture.jfif")).value("left_out").toString().startsWith("AppleDouble"));
    QCOMPARE(recordOf(run, path("inner")).value("left_out").toString(),
             QString("a sub-folder, not looked into"));
    const Run readable = runSignet({"check", "-m", kModel, m_folder->path()});
    QVERIFY2(readable.out.contains("Left out of what the folders hold: 3"), readable.out);
    QVERIFY(readable.out.contains("notes.txt: no image known to this program"));
}

void TestCliIntake::unreadableSubfolderFails() {
    write("a.jpg", encoded(m_photo, image::Format::Jpeg));
    QDir().mkpath(path("locked"));
    QFile::setPermissions(path("locked"), {});
    RunOptions options;
    options.inChild = dropRootsFileRights;
    const Run check = runSignet({"check", "--json", "-m", kModel, "-r", m_folder->path()}, options);
    runSignet({"case", "new", path("x.case"), "--title", "t", "--examiner", "e"});
    const Run add = runSignet({"case", "add", "--json", path("x.case"), "-r", m_folder->path()}, options);
    QFile::setPermissions(path("locked"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    for (const Run& run : {check, add}) {
        QCOMPARE(run.status, 1);
        QCOMPARE(errorCode(recordOf(run, path("locked"))), QString("no_permission"));
        QVERIFY(errorCode(recordOf(run, path("a.jpg"))).isEmpty());
    }
    const Run audit = runSignet({"case", "list", "--json", "--what", "audit", path("x.case")});
    QVERIFY2(audit.out.contains("not taken in"), audit.out);
}

void TestCliIntake::everyPageIsExamined() {
    write("scan.tif", tests::tiffPages({m_photo, tests::fields(400, 320), m_photo}));
    const QString file = path("scan.tif");
    const Run first = runSignet({"check", "--json", "-m", kModel, file});
    QCOMPARE(first.records().size(), 1);
    QVERIFY(warningsOf(first.records().first()).contains("3 pages"));
    const Run all = runSignet({"check", "--json", "-m", kModel, "--frames", "all", file});
    QCOMPARE(all.status, 0);
    QCOMPARE(all.records().size(), 3);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(all.records().at(i).value("frame").toInt(), i + 1);
        QCOMPARE(all.records().at(i).value("decode").toObject().value("frames").toInt(), 3);
    }
    QCOMPARE(all.records().at(1).value("width").toInt(), 400);
    const Run second = runSignet({"check", "--json", "-m", kModel, "--frames", "2", file});
    QCOMPARE(second.records().size(), 1);
    QCOMPARE(second.records().first().value("height").toInt(), 320);
    QCOMPARE(runSignet({"check", "--json", "-m", kModel, "--frames", "4", file}).status, 1);
    QCOMPARE(runSignet({"check", "--json", "-m", kModel, "--frames", "0", file}).status, 2);
}

void TestCliIntake::pagesAsExhibits() {
    write("scan.tif", tests::tiffPages({m_photo, tests::fields(400, 320)}));
    const QString file = path("scan.tif"), at = path("x.case");
    runSignet({"case", "new", at, "--title", "t", "--examiner", "e"});
    const Run plain = runSignet({"case", "add", "--json", at, file});
    QCOMPARE(plain.records().size(), 1);
    QCOMPARE(plain.records().first().value("frames").toInt(), 2);
    QVERIFY(warningsOf(plain.records().first()).contains("--frames all"));
    const Run all = runSignet({"case", "add", "--json", "--frames", "all", at, file});
    QCOMPARE(all.records().size(), 2);
    QVERIFY(!all.records().at(0).value("added").toBool());
    QVERIFY(all.records().at(1).value("added").toBool());
    QCOMPARE(all.records().at(1).value("frame").toInt(), 2);
    QVERIFY(all.records().at(1).value("duplicate_of").isNull());
    QCOMPARE(all.records().at(0).value("sha256"), all.records().at(1).value("sha256"));
    const Run examined = runSignet({"case", "examine", "--json", "-m", kModel, at});
    QCOMPARE(examined.status, 0);
    QCOMPARE(examined.records().at(0).value("width").toInt(), m_photo.width);
    QCOMPARE(examined.records().at(1).value("width").toInt(), 400);
    const Run list = runSignet({"case", "list", at});
    QVERIFY2(list.out.contains("scan.tif (picture 2)"), list.out);
    QCOMPARE(runSignet({"case", "verify", at}).status, 0);
}

void TestCliIntake::leftOutIsRecordedInTheCase() {
    QDir().mkdir(path("in"));
    write("in/a.bin", encoded(m_photo, image::Format::Jpeg));
    write("in/paper", {'%', 'P', 'D', 'F'});
    const QString at = path("x.case");
    runSignet({"case", "new", at, "--title", "t", "--examiner", "e"});
    const Run add = runSignet({"case", "add", "--json", at, path("in")});
    QCOMPARE(add.status, 0);
    QCOMPARE(recordOf(add, path("in/paper")).value("left_out").toString(), QString("PDF"));
    QVERIFY(recordOf(add, path("in/a.bin")).value("added").toBool());
    const Run audit = runSignet({"case", "list", "--json", "--what", "audit", at});
    const QJsonObject last = audit.records().last();
    QCOMPARE(last.value("action").toString(), QString("not taken in"));
    const QJsonArray left = last.value("details").toObject().value("left_out").toArray();
    QCOMPARE(left.size(), 1);
    QCOMPARE(left.first().toObject().value("path").toString(), path("in/paper"));
    QCOMPARE(left.first().toObject().value("left_out").toString(), QString("PDF"));
    QCOMPARE(runSignet({"case", "verify", at}).status, 0);
}

void TestCliIntake::severalPagesAreNotSignedAway() {
    write("scan.tif", tests::tiffPages({tests::fields(400, 320), m_photo}));
    const Run refused = runSignet({"sign", "--json", "-m", kModel, "-o", path("out.png"), path("scan.tif")});
    QCOMPARE(refused.status, 1);
    QCOMPARE(errorCode(refused.records().first()), QString("unsupported"));
    QVERIFY2(refused.out.contains("--frame"), refused.out);
    QVERIFY(!QFile::exists(path("out.png")));
    const Run second =
        runSignet({"sign", "--json", "-m", kModel, "--frame", "2", "-o", path("out.png"), path("scan.tif")});
    QVERIFY2(second.status == 0, second.out);
    QCOMPARE(image::probe(readFile(path("out.png").toStdString())).width, m_photo.width);
}

void TestCliIntake::readOnlyFormatsSayWhatToDo() {
    write("phone.heic", tests::heifFile({m_photo}, {.exif = tests::exifWithOrientation(1)}));
    QDir().mkdir(path("out"));
    const Run kept = runSignet({"sign", "--json", "-m", kModel, "-o", path("out"), path("phone.heic")});
    QCOMPARE(kept.status, 1);
    QVERIFY2(kept.out.contains("--format"), kept.out);
    const Run png =
        runSignet({"sign", "--json", "-m", kModel, "--format", "png", "-o", path("out"), path("phone.heic")});
    QVERIFY2(png.status == 0, png.out);
    QVERIFY(QFile::exists(path("out/phone.png")));
}

void TestCliIntake::keepGivesAMatchingEnding() {
    const FileBytes jpeg = encoded(m_photo, image::Format::Jpeg);
    for (const char* name : {"jpeg_named_png.png", "no_extension", "picture.jfif"}) write(name, jpeg);
    const Run run = runSignet({"sign", "--json", "-m", kModel, "--format", "keep", "-o", path("out"),
                               path("jpeg_named_png.png"), path("no_extension"), path("picture.jfif")});
    QVERIFY2(run.status == 0, run.out);
    QCOMPARE(QDir(path("out")).entryList(QDir::Files),
             QStringList({"jpeg_named_png.jpg", "no_extension.jpg", "picture.jfif"}));
    QVERIFY(warningsOf(recordOf(run, path("jpeg_named_png.png"))).contains("the content is JPEG"));
    const Run misnamed = runSignet(
        {"sign", "--json", "-m", kModel, "--format", "keep", "-o", path("x.png"), path("picture.jfif")});
    QCOMPARE(misnamed.status, 1);
    QCOMPARE(errorCode(misnamed.records().first()), QString("bad_option"));
    QVERIFY(!QFile::exists(path("x.png")));
}

void TestCliIntake::misnamedFileIsAConflict() {
    write("jpeg_named_png.png", encoded(m_photo, image::Format::Jpeg));
    const Run run = runSignet({"check", "--json", "-m", kModel, path("jpeg_named_png.png")});
    QCOMPARE(run.status, 0);
    const QJsonObject record = run.records().first();
    QVERIFY(warningsOf(record).contains("the name ends in .png, the content is JPEG"));
    QCOMPARE(record.value("conflicts").toArray().last().toObject().value("kind").toString(),
             QString("ending_differs"));
}

void TestCliIntake::longNames() {
    const QString name = QString(246, 'n') + ".png";
    write(name, encoded(m_photo, image::Format::Png));
    const Run check = runSignet({"check", "--json", "-m", kModel, "--heatmap", path("maps"), path(name)});
    QVERIFY2(check.status == 0, check.out);
    const QStringList maps = QDir(path("maps")).entryList(QDir::Files);
    QCOMPARE(maps.size(), 1);
    QVERIFY(maps.first().endsWith(".photo-keyed32.png"));
    const Run sign =
        runSignet({"sign", "--json", "-m", kModel, "--format", "tiff", "-o", path("out"), path(name)});
    QVERIFY2(sign.status == 0, sign.out);
    const QString at = path("x.case");
    runSignet({"case", "new", at, "--title", "t", "--examiner", "e"});
    for (const char* kind : {"--reference", "--recursive"})
        QCOMPARE(runSignet({"case", "add", at, kind, path(name)}).status, 0);
    QCOMPARE(runSignet({"case", "examine", "-m", kModel, at}).status, 0);
    const Run attack = runSignet({"attack", "jpeg:50", "--json", "-o", path("attacked"), path(name)});
    QVERIFY2(attack.status == 0, attack.out);
}

void TestCliIntake::missingMapFailsAlone() {
    QVERIFY(QDir().mkdir(path("maps")));
    QFile::setPermissions(path("maps"), QFile::ReadOwner | QFile::ExeOwner);
    RunOptions options;
    options.inChild = dropRootsFileRights;
    const Run run = runSignet(
        {"check", "--json", "-m", kModel, "--heatmap", path("maps"), sampleImages().first()}, options);
    QFile::setPermissions(path("maps"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QCOMPARE(run.status, 1);  // not all that was asked for is done
    const QJsonObject record = run.records().first();
    QVERIFY2(errorCode(record).isEmpty(), run.out);
    QCOMPARE(record.value("findings").toArray().size(), 1);
    QVERIFY2(warningsOf(record).contains("the evidence map of photo-keyed32 is missing"), run.out);
}

void TestCliIntake::oddNamesAreOneLine() {
    const QString name = QString::fromUtf8("photo\u202Egpj\nx.png");
    write(name, encoded(m_photo, image::Format::Png));
    const Run run = runSignet({"check", "-m", kModel, path(name)});
    QCOMPARE(run.status, 0);
    QVERIFY2(run.out.contains("photo[U+202E]gpj[U+000A]x.png"), run.out);
    QVERIFY(!run.out.contains("\u202E"));
    const Run json = runSignet({"check", "--json", "-m", kModel, path(name)});
    QCOMPARE(json.records().first().value("path").toString(), path(name));
    const QString at = path("x.case");
    runSignet({"case", "new", at, "--title", "t", "--examiner", "e"});
    runSignet({"case", "add", at, path(name)});
    QVERIFY(runSignet({"case", "list", at}).out.contains("[U+202E]gpj[U+000A]x.png"));
    const Run missing = runSignet({"check", "-m", kModel, path(QString::fromUtf8("gone\u202E.png"))});
    QVERIFY2(!missing.out.contains("\u202E") && missing.out.contains("[U+202E]"), missing.out);
}

void TestCliIntake::greyAndProfileAreCarried() {
    image::Image grey = image::makeImage(m_photo.width, m_photo.height, 1);
    for (std::size_t i = 0; i < grey.pixelCount(); ++i) grey.data[i] = m_photo.data[3 * i];
    write("grey.jpg",
          tests::withMetadata(encoded(grey, image::Format::Jpeg), {{"Exif.Image.Copyright", "(c) Example"}}));
    const Run run = runSignet({"sign", "--json", "-m", kModel, "-o", path("out.jpg"), path("grey.jpg")});
    QVERIFY2(run.status == 0, run.out);
    const image::Metadata metadata = image::readMetadata(readFile(path("out.jpg").toStdString()));
    QVERIFY(std::any_of(metadata.entries.begin(), metadata.entries.end(), [](const auto& entry) {
        return entry.key == "Exif.Image.Copyright" && entry.value == "(c) Example";
    }));
}

SIGNET_TEST(TestCliIntake)
#include "test_cli_intake.moc"
