// Which files of folders are taken for images, what is left out, and the names of files.
#include <QDir>
#include <QTemporaryDir>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file_io.h"
#include "core/base/visible_text.h"
#include "core/image/encode.h"
#include "core/image/file_names.h"
#include "core/image/find_images.h"
#include "tests/core/frame_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const FileBytes& bytes) {
    writeFileAtomically(path, bytes, IfExists::Replace);
}

FileBytes jpeg() {
    EncodeOptions options;
    options.format = Format::Jpeg;
    return encode(plain(16, 16, 1, 2, 3), options);
}

std::string kindOfEntry(const FoundImages& found, const fs::path& path) {
    for (const LeftOut& file : found.leftOut)
        if (file.path == path) return file.kind;
    return "(not left out)";
}

}  // namespace

class TestFindImages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    /// By content whatever the name; what is none is listed with its kind.
    void byContent() {
        for (const char* name :
             {"picture.jfif", "no_extension_00a1", "odd.jpg_medium", "carved.dat", "z.png"})
            write(at(name), jpeg());
        write(at("a.heic"), heifFile({fields(32, 32)}));
        write(at("animated"), gifFile(8, 8, {{0, 0, 8, 8, {1, 2, 3, 255}, 0}}));
        write(at("broken.jpg"), bytesOf("no picture"));  // its name says so: it must fail, not vanish
        write(at("notes.txt"), bytesOf("a note"));
        write(at("paper.pdf"), bytesOf("%PDF-1.7"));
        write(at("clip.jpg"), FileBytes{0, 0, 0, 16, 'f', 't', 'y', 'p', 'm', 'p', '4', '2', 0, 0, 0, 0});
        write(at("empty"), {});
        write(at("._x.jpg"), FileBytes{0, 5, 0x16, 7, 0, 2, 0, 0});
        const FoundImages found = findImages({root()}, {});
        QStringList names;
        for (const fs::path& file : found.files) names << QString::fromStdString(file.filename());
        QCOMPARE(names, QStringList({"a.heic", "animated", "broken.jpg", "carved.dat", "no_extension_00a1",
                                     "odd.jpg_medium", "picture.jfif", "z.png"}));
        QCOMPARE(found.leftOut.size(), std::size_t(5));
        QVERIFY(std::is_sorted(found.leftOut.begin(), found.leftOut.end(),
                               [](const LeftOut& a, const LeftOut& b) { return a.path < b.path; }));
        QCOMPARE(kindOfEntry(found, at("notes.txt")), std::string("no image known to this program"));
        QCOMPARE(kindOfEntry(found, at("paper.pdf")), std::string("PDF"));
        QCOMPARE(kindOfEntry(found, at("clip.jpg")), std::string("MP4 or QuickTime video"));
        QCOMPARE(kindOfEntry(found, at("empty")), std::string("an empty file"));
        QVERIFY(kindOfEntry(found, at("._x.jpg")).starts_with("AppleDouble"));
        // A file that is named is taken whatever it is.
        QCOMPARE(findImages({at("notes.txt"), at("missing")}, {}).files.size(), std::size_t(2));
    }

    void foldersAndLinks() {
        fs::create_directories(at("deep/deeper"));
        write(at("deep/deeper/b"), jpeg());
        write(at("deep/a"), jpeg());
        fs::create_directory_symlink(at("deep"), at("link"));
        fs::create_symlink(at("gone"), at("dangling.jpg"));
        fs::create_symlink(at("deep/a"), at("linked"));
        QCOMPARE(::mkfifo(at("pipe.jpg").c_str(), 0600), 0);
        const FoundImages flat = findImages({root()}, {});
        QCOMPARE(flat.files, std::vector<fs::path>{at("linked")});
        QCOMPARE(kindOfEntry(flat, at("deep")), std::string("a sub-folder, not looked into"));
        const FoundImages all = findImages({root()}, {.recursive = true});
        QCOMPARE(all.files, (std::vector<fs::path>{at("deep/a"), at("deep/deeper/b"), at("linked")}));
        QCOMPARE(kindOfEntry(all, at("link")), std::string("a link to a folder, not followed"));
        QCOMPARE(kindOfEntry(all, at("dangling.jpg")), std::string("a link that leads nowhere"));
        QCOMPARE(kindOfEntry(all, at("pipe.jpg")), std::string("no regular file"));
    }

    /// A sub-folder that cannot be read stays in the list, so that it fails with a record of its own.
    void unreadableFolder() {
        fs::create_directories(at("locked/inner"));
        write(at("locked/inner/a.jpg"), jpeg());
        write(at("b.jpg"), jpeg());
        fs::permissions(root(), fs::perms::all);
        fs::permissions(at("locked"), fs::perms::none);
        const bool root = ::geteuid() == 0;
        if (root) QCOMPARE(::seteuid(65534), 0);  // root passes over permissions
        const FoundImages found = findImages({this->root()}, {.recursive = true});
        std::string code;
        if (found.files.size() == 2) code = codeOf([&] { readFile(found.files[1]); });
        if (root) QCOMPARE(::seteuid(0), 0);
        fs::permissions(at("locked"), fs::perms::all);
        QCOMPARE(found.files, (std::vector<fs::path>{at("b.jpg"), at("locked")}));
        QCOMPARE(code, nameOf(ErrorCode::NoPermission));
    }

    void limitAndStop() {
        for (int i = 0; i < 7; ++i) write(at(std::to_string(i)), jpeg());
        const FoundImages some = findImages({root()}, {.limit = 5});
        QCOMPARE(some.files.size(), std::size_t(5));
        QVERIFY(some.capped);
        QVERIFY(!findImages({root()}, {.limit = 7}).capped);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(findImages({root()}, {}, stop.get_token()).files.empty());
    }

    void record() {
        QCOMPARE(toJson(LeftOut{"/x/a.pdf", "PDF"}).dump(),
                 std::string(R"({"path":"/x/a.pdf","left_out":"PDF"})"));
    }

    void endings_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("format");
        QTest::addColumn<bool>("conflicts");
        QTest::addColumn<QString>("output");
        QTest::newRow("as it is") << "a.JPEG" << int(Format::Jpeg) << false << "a.JPEG";
        QTest::newRow("jfif") << "a.jfif" << int(Format::Jpeg) << false << "a.jfif";
        QTest::newRow("jpeg named png") << "a.png" << int(Format::Jpeg) << true << "a.jpg";
        QTest::newRow("none") << "no_extension_00a1" << int(Format::Jpeg) << false << "no_extension_00a1.jpg";
        QTest::newRow("unknown") << "odd.jpg_medium" << int(Format::Jpeg) << false << "odd.jpg_medium.jpg";
        QTest::newRow("avif in heif") << "a.heif" << int(Format::Avif) << false << "a.avif";
        QTest::newRow("png named heic") << "a.heic" << int(Format::Png) << true << "a.png";
    }
    void endings() {
        QFETCH(QString, name);
        QFETCH(int, format);
        QFETCH(bool, conflicts);
        QFETCH(QString, output);
        QCOMPARE(!endingConflict(name.toStdString(), Format(format)).empty(), conflicts);
        QCOMPARE(QString::fromStdString(withEndingOf(name.toStdString(), Format(format))), output);
    }

    /// Names as long as the file system takes are written, and what is derived from them fits.
    void longNames() {
        for (const std::size_t length :
             {std::size_t(240), std::size_t(247), std::size_t(250), kMaxNameBytes}) {
            const fs::path path = at(std::string(length - 4, 'n') + ".png");
            writeFileAtomically(path, std::string_view("first"), IfExists::Refuse);
            writeFileAtomically(path, std::string_view("second"), IfExists::Replace);
            QCOMPARE(readTextFile(path), std::string("second"));
        }
        QCOMPARE(std::distance(fs::directory_iterator(root()), fs::directory_iterator()),
                 4L);  // nothing beside
    }
    void fittingNames() {
        QCOMPARE(fittingName("short", ".png"), std::string("short.png"));
        const std::string a(250, 'a');
        std::string b = a;
        b.back() = 'b';
        for (const std::string& name : {a, b}) {
            QCOMPARE(fittingName(name, ".12345678.model.png").size(), kMaxNameBytes);
            QVERIFY(fittingName(name, ".12345678.model.png").ends_with(".12345678.model.png"));
        }
        QVERIFY(fittingName(a, ".12345678.model.png") != fittingName(b, ".12345678.model.png"));
        std::string umlauts;
        for (int i = 0; i < 125; ++i) umlauts += "\u00e4";
        const std::string cut = fittingName(umlauts, ".12345678.png");
        QVERIFY(cut.size() <= kMaxNameBytes);
        QVERIFY(QString::fromStdString(cut).toStdString() == cut);  // no character was cut in two
    }

    void visibleNames_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("photo \u00e4.png") << QByteArray("photo \u00e4.png");
        QTest::newRow("override") << QByteArray("photo\u202Egpj.exe") << QByteArray("photo[U+202E]gpj.exe");
        QTest::newRow("isolates") << QByteArray("a\u2066b\u2069") << QByteArray("a[U+2066]b[U+2069]");
        QTest::newRow("marks") << QByteArray("a\u200Eb\u061C") << QByteArray("a[U+200E]b[U+061C]");
        QTest::newRow("lines") << QByteArray("a\nb\tc\rd\u2028")
                               << QByteArray("a[U+000A]b[U+0009]c[U+000D]d[U+2028]");
        QTest::newRow("escape") << QByteArray("a\x1b[31m") << QByteArray("a[U+001B][31m");
        QTest::newRow("no utf-8") << QByteArray("a\xff.png") << QByteArray("a\uFFFD.png");
    }
    void visibleNames() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(visibleName(name.toStdString())), shown);
        QCOMPARE(QByteArray::fromStdString(visibleName(fs::path(name.toStdString()))), shown);
    }

private:
    fs::path root() const { return m_folder->path().toStdString(); }
    fs::path at(const std::string& name) const { return root() / name; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

SIGNET_TEST(TestFindImages)
#include "test_find_images.moc"
