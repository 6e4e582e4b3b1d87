// What a workspace signed, and whether a code belongs to the picture that it is found on.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "core/base/file_lock.h"
#include "core/signature/signed_register.h"
#include "tests/core/framed_pictures.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using namespace signet::tests;
using image::Image;

namespace {

const std::string kKey = "a7a91f8d7c659aa2", kOtherKey = "0123456789abcdef";
const std::string kCode = "0c0ffee1";

SignedPicture entry(const std::string& code = kCode, const std::string& key = kKey) {
    return {.registered = {key, code, hashOf(scene(96, 64, 1))},
            .width = 96,
            .height = 64,
            .sha256 = std::string(64, 'a'),
            .fileName = "signed.png",
            .model = "photo-keyed"};
}

}  // namespace

class TestSignedRegister : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_register = std::make_unique<SignedRegister>(m_folder->path().toStdString() + "/workspace");
    }

    void keepsWhatWasSigned() {
        QVERIFY(m_register->all().empty());
        SignedPicture first = entry("C0FFEE1");
        first.fileName = "na\xefve\n\xe2\x80\xae.png";  // no UTF-8, and more than a line
        m_register->add(first);
        m_register->add(entry("0c0ffee2"));
        m_register->add(entry(kCode, kOtherKey));
        m_register->add(entry());
        std::vector<std::string> warnings;
        const std::vector<SignedPicture> all = m_register->all(&warnings);
        QVERIFY(warnings.empty());
        QCOMPARE(all.size(), std::size_t{4});
        QCOMPARE(all[0].registered.code, kCode);
        QVERIFY(all[0].registered.hash == first.registered.hash);
        QVERIFY(all[0].utc.ends_with("Z") && all[0].utc <= all[1].utc);
        QVERIFY(all[0].fileName.starts_with("na") && all[0].fileName.ends_with("\n\xe2\x80\xae.png"));
        QCOMPARE(all[3].width, 96);
        QCOMPARE(all[3].height, 64);
        QCOMPARE(all[3].sha256, std::string(64, 'a'));
        QCOMPARE(all[3].model, std::string("photo-keyed"));
        const auto found = m_register->find(kKey, "C0FFEE1");
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[1].fileName, std::string("signed.png"));
        QVERIFY(m_register->find(kOtherKey, "0c0ffee2").empty());
        QCOMPARE(content().count('\n'), 4);
        struct stat info {};
        QCOMPARE(::stat(file().toStdString().c_str(), &info), 0);
        QCOMPARE(static_cast<int>(info.st_mode & 0777), 0600);
    }

    /// What is known of the file is kept, until its size or its time is another.
    void noticesAnotherFile() {
        m_register->add(entry());
        QCOMPARE(m_register->find(kKey, kCode).size(), std::size_t{1});
        SignedRegister(m_folder->path().toStdString() + "/workspace").add(entry());  // another program does
        QCOMPARE(m_register->find(kKey, kCode).size(), std::size_t{2});

        const std::filesystem::path path = file().toStdString();
        const auto time = std::filesystem::last_write_time(path);
        QByteArray other = content();
        other.replace(kCode.c_str(), "0c0ffee2");
        QFile stream(file());
        QVERIFY(stream.open(QIODevice::ReadWrite));
        QCOMPARE(stream.write(other), qint64{other.size()});
        stream.close();
        std::filesystem::last_write_time(path, time);
        QCOMPARE(m_register->find(kKey, kCode).size(), std::size_t{2});
        std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
        QVERIFY(m_register->find(kKey, kCode).empty());
        QCOMPARE(m_register->find(kKey, "0c0ffee2").size(), std::size_t{2});

        QVERIFY(QFile::resize(file(), 0));
        std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
        QVERIFY(m_register->all().empty());
        QVERIFY(QFile::remove(file()));
        QVERIFY(m_register->all().empty());
        m_register->add(entry());
        QCOMPARE(m_register->all().size(), std::size_t{1});
    }

    /// Those that look something up at once, while others add.
    void manyReaders() {
        m_register->add(entry());
        std::vector<std::jthread> readers;
        std::atomic<int> answers = 0;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                for (int k = 0; k < 20; ++k) answers += !m_register->find(kKey, kCode).empty();
            });
        for (int k = 0; k < 20; ++k) m_register->add(entry("0c0ffee2"));
        readers.clear();
        QCOMPARE(answers.load(), 60);
        QCOMPARE(m_register->all().size(), std::size_t{21});
    }

    void refused_data() {
        QTest::addColumn<QString>("field");
        for (const char* field : {"key", "code", "longer code", "hash", "width", "sha256"})
            QTest::newRow(field) << QString(field);
    }
    void refused() {
        QFETCH(QString, field);
        SignedPicture bad = entry();
        if (field == "key") bad.registered.keyFingerprint = "my key";
        if (field == "code") bad.registered.code = "xyz";
        if (field == "longer code") bad.registered.code = "10c0ffee1";
        if (field == "hash") bad.registered.hash.reset();
        if (field == "width") bad.width = 0;
        if (field == "sha256") bad.sha256 = "ABC";
        QCOMPARE(codeOf([&] { m_register->add(bad); }), nameOf(ErrorCode::BadOption));
        QVERIFY(m_register->all().empty());
    }

    /// A line that a killed writer left unfinished, and lines that are none: told of, and in nobody's way.
    void badLines_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("torn");
        QTest::addColumn<int>("read");  ///< with the one before
        QTest::newRow("torn") << QByteArray("{\"utc\": \"2026-11-2") << true << 1;
        QTest::newRow("no JSON") << QByteArray("what is this?\n") << false << 1;
        QTest::newRow("other JSON") << QByteArray("[1, 2]\n") << false << 1;
        QTest::newRow("bytes") << QByteArray("\x00\xff\xfe\n", 4) << false << 1;
        QTest::newRow("too long") << QByteArray(200'000, '{') + '\n' << false << 1;
        QTest::newRow("two") << QByteArray("{}\n\n{}\n") << false << 1;
        QTest::newRow("whole, its newline missing") << QByteArray() << true << 1;
    }
    void badLines() {
        QFETCH(QByteArray, text);
        QFETCH(bool, torn);
        QFETCH(int, read);
        m_register->add(entry());
        const bool whole = text.isEmpty();
        if (whole) QVERIFY(QFile::resize(file(), QFile(file()).size() - 1));
        QFile stream(file());
        QVERIFY(stream.open(QIODevice::Append));
        stream.write(text);
        stream.close();
        std::vector<std::string> warnings;
        QCOMPARE(static_cast<int>(m_register->all(&warnings).size()), read);
        QCOMPARE(warnings.size(), std::size_t{whole ? 0u : 1u});
        if (!whole) QCOMPARE(warnings[0].find("not whole") != std::string::npos, torn);
        m_register->add(entry("0c0ffee2"));
        warnings.clear();
        const std::vector<SignedPicture> after = m_register->all(&warnings);
        QCOMPARE(static_cast<int>(after.size()), read + 1);
        QCOMPARE(after.back().registered.code, std::string("0c0ffee2"));
        QCOMPARE(warnings.size(), std::size_t{whole ? 0u : 1u});
        if (!whole) QVERIFY2(warnings[0].find("number 2") != std::string::npos, warnings[0].c_str());
    }

    /// Processes that write at once, then some that are killed while they do.
    void manyWriters() {
        constexpr int kWriters = 3, kEach = 30;
        const auto writers = [&](bool endless) {
            std::vector<pid_t> ids;
            for (int w = 0; w < kWriters; ++w) {
                const pid_t id = ::fork();
                if (id == 0) {
                    try {
                        for (int i = 0; endless || i < kEach; ++i)
                            m_register->add(entry(std::to_string(10 * i + w)));
                    } catch (...) {
                        ::_exit(1);
                    }
                    ::_exit(0);
                }
                ids.push_back(id);
            }
            return ids;
        };
        for (const pid_t id : writers(false)) {
            int status = -1;
            QCOMPARE(::waitpid(id, &status, 0), id);
            QCOMPARE(status, 0);
        }
        std::vector<std::string> warnings;
        QCOMPARE(static_cast<int>(m_register->all(&warnings).size()), kWriters * kEach);
        QVERIFY(warnings.empty());
        for (int w = 0; w < kWriters; ++w)
            QCOMPARE(m_register->find(kKey, std::to_string(10 * (kEach - 1) + w)).size(), std::size_t{1});
        const std::vector<pid_t> ids = writers(true);
        QTRY_VERIFY_WITH_TIMEOUT(m_register->all().size() > kWriters * kEach + 10u, 60'000);
        for (const pid_t id : ids) ::kill(id, SIGKILL);
        for (const pid_t id : ids) ::waitpid(id, nullptr, 0);
        const std::size_t before = m_register->all().size();
        m_register->add(entry("ffffffff"));
        QCOMPARE(m_register->all().size(), before + 1);
        QCOMPARE(m_register->find(kKey, "ffffffff").size(), std::size_t{1});
    }

    /// A writer waits for another one.
    void waitsForTheLock() {
        m_register->add(entry());
        auto lock = std::make_unique<FileLock>((file() + ".lock").toStdString(), "it");
        QCOMPARE(
            codeOf([&] { FileLock((file() + ".lock").toStdString(), "it", std::chrono::milliseconds(20)); }),
            nameOf(ErrorCode::Exists));
        std::jthread writer([&] { m_register->add(entry("0c0ffee2")); });
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        QCOMPARE(m_register->all().size(), std::size_t{1});
        lock.reset();
        writer.join();
        QCOMPARE(m_register->all().size(), std::size_t{2});
    }

    /// Whose a code is, by what is registered: "0" and "1" are scenes, "-" is registered without a picture,
    /// "flat" is a plain one.
    void belongs_data() {
        QTest::addColumn<QStringList>("pictures");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<int>("entry");
        const QString key = kKey.c_str(), otherKey = kOtherKey.c_str(), code = kCode.c_str();
        const auto row = [&](const char* name, const QStringList& pictures, const char* answer, int entry) {
            QTest::newRow(name) << pictures << key << code << QString(answer) << entry;
        };
        row("nothing", {}, "not_registered", 0);
        row("the same", {"0"}, "same_picture", 0);
        row("another", {"1"}, "other_picture", 0);
        row("one of several", {"1", "2", "0", "3"}, "same_picture", 2);
        row("none of several", {"1", "2", "3"}, "other_picture", -1);
        row("no picture", {"-"}, "cannot_be_said", 0);
        row("another, and one without a picture", {"1", "-"}, "cannot_be_said", 0);
        row("the same, and one without a picture", {"-", "0"}, "same_picture", 1);
        row("a flat one", {"flat"}, "cannot_be_said", 0);
        row("another, and a flat one", {"1", "flat"}, "cannot_be_said", 0);
        QTest::newRow("another key") << QStringList{"0"} << otherKey << code << "not_registered" << 0;
        QTest::newRow("another code") << QStringList{"0"} << key << "0c0ffee2"
                                      << "not_registered" << 0;
        QTest::newRow("any key") << QStringList{"1", "any 0"} << otherKey << code << "same_picture" << 1;
    }
    void belongs() {
        QFETCH(QStringList, pictures);
        QFETCH(QString, key);
        QFETCH(QString, code);
        QFETCH(QString, answer);
        QFETCH(int, entry);
        const Image flat = image::makeImage(240, 240, 3);
        std::vector<RegisteredPicture> registered;
        for (QString name : pictures) {
            RegisteredPicture picture{name.startsWith("any ") ? std::string() : kKey, kCode, {}};
            name.remove("any ");
            if (name == "flat")
                picture.hash = hashOf(flat);
            else if (name != "-")
                picture.hash = hashOf(scene(320, 240, name.toULongLong()));
            registered.push_back(picture);
        }
        StepRandom random(3, 1, 0);
        const TreatedView view = treated(scene(320, 240, 0), scene(200, 200, 9),
                                         {.crop = 0.6, .turn = 90, .colours = "jpeg:50"}, random);
        const SeenSigns seen = view.seen();
        const PictureComparison found =
            comparePictures({key.toStdString(), code.toStdString(), seen}, registered);
        QCOMPARE(QString::fromStdString(std::string(toString(found.answer))), answer);
        QVERIFY(pictureAnswerFrom(answer.toStdString()) == found.answer);
        if (entry >= 0) QCOMPARE(static_cast<int>(found.entry), entry);
        const std::string words = inWords(found);
        QCOMPARE(words.find("belongs to another picture") != std::string::npos, answer == "other_picture");
        QCOMPARE(words.find("not registered") != std::string::npos, answer == "not_registered");
        if (answer == "same_picture") QVERIFY2(words.find("signs agree") != std::string::npos, words.c_str());
    }

private:
    QString file() const { return m_folder->filePath("workspace/signed.jsonl"); }
    QByteArray content() const {
        QFile stream(file());
        return stream.open(QIODevice::ReadOnly) ? stream.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SignedRegister> m_register;
};

SIGNET_TEST(TestSignedRegister)
#include "test_signed_register.moc"
