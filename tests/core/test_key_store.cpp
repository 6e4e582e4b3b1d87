// Kept keys: what their files hold, who may read them, and what is refused.
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <array>
#include <functional>
#include <memory>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/signature/key_store.h"
#include "tests/core/counting_key.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::signature;
using namespace signet::tests;
using test::errorOf;

namespace {

/// Made apart from this program, by Python's hashlib.scrypt and the AESGCM of its package cryptography: the
/// bytes 0 ... 31 behind "correct horse".
const QByteArray kSealed = R"({"format": "signet key", "version": 1, "name": "counting",
 "created_utc": "2026-11-28T00:00:00.000Z", "fingerprint": "a7a91f8d7c659aa2",
 "kdf": {"name": "scrypt", "n": 16384, "r": 8, "p": 1, "salt": "000102030405060708090a0b0c0d0e0f"},
 "cipher": {"name": "aes-256-gcm", "nonce": "6465666768696a6b6c6d6e6f",
  "ciphertext": "e057f9311056023db3287c0ca6d7b61cb37f9442619fb307c9379c78706a6121",
  "tag": "3b0e321f82ef3ed0d31261dfc06e9d5c"}})";
const QByteArray kOpen = R"({"format": "signet key", "version": 1, "name": "counting",
 "created_utc": "2026-11-28T00:00:00.000Z", "fingerprint": "a7a91f8d7c659aa2",
 "key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"})";

unsigned modeOf(const QString& path) {
    struct stat info {};
    return ::stat(path.toUtf8().constData(), &info) == 0 ? info.st_mode & 0777 : 0;
}

std::string noPassphrase(const KeyInfo&) {
    throw Error(ErrorCode::Internal, "nobody should be asked");
}

AskPassphrase says(const std::string& passphrase) {
    return [passphrase](const KeyInfo&) { return passphrase; };
}

}  // namespace

class TestKeyStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        m_store = std::make_unique<KeyStore>(at("workspace").toStdString());
    }

    void keptAndFound() {
        QVERIFY(m_store->list().empty());
        const KeyInfo made = m_store->create("lab-1", std::nullopt);
        QCOMPARE(made.name, std::string("lab-1"));
        QVERIFY(!made.isProtected);
        QCOMPARE(modeOf(at("workspace/keys")), 0700u);
        QCOMPARE(modeOf(at("workspace/keys/lab-1.json")), 0600u);
        QCOMPARE(QDir(at("workspace/keys")).entryList(QDir::Files | QDir::Hidden).size(), 1);
        const auto list = m_store->list();
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].fingerprint, made.fingerprint);
        const SecretKey key = m_store->load("lab-1", noPassphrase);
        QCOMPARE(key.fingerprint(), made.fingerprint);
        QVERIFY(m_store->load(made.fingerprint, noPassphrase) == key);
        QVERIFY(errorOf([&] { m_store->find("lab-2"); }).startsWith("not_found: no key lab-2"));
        QVERIFY(errorOf([&] { m_store->find("../lab-1"); }).startsWith("not_found"));
    }

    void publicKey() {
        QVERIFY(m_store->load("public", noPassphrase).isPublic());
        QVERIFY(m_store->load(SecretKey::publicDefault().fingerprint(), noPassphrase).isPublic());
        const KeyFile file(SecretKey::publicDefault(), "mine", "", std::nullopt);
        QVERIFY(errorOf([&] { m_store->add(file); }).startsWith("bad_option: this is the public key"));
    }

    void protectedKey() {
        const KeyInfo made = m_store->create("lab", "a long passphrase");
        QVERIFY(made.isProtected && m_store->list()[0].isProtected);
        const SecretKey key = m_store->load("lab", says("a long passphrase"));
        QCOMPARE(key.fingerprint(), made.fingerprint);
        const QByteArray text = read("workspace/keys/lab.json");
        QVERIFY(text.contains("scrypt") && text.contains("131072") && !text.contains("\"key\""));
        QVERIFY(!text.contains(hexOf(key).toUtf8()));
        QVERIFY(errorOf([&] {
                    m_store->load("lab", says("a wrong passphrase"));
                }).startsWith("no_permission: the key does not open"));
        QVERIFY(errorOf([&] { m_store->create("lab2", "2 short"); }).startsWith("bad_option: a passphrase"));
    }

    /// Files of another maker open, the sealed and the open one.
    void knownFiles() {
        for (const QByteArray& text : {kSealed, kOpen}) {
            write("known", text);
            const KeyFile file = KeyFile::read(at("known").toStdString());
            QCOMPARE(file.info().name, std::string("counting"));
            QCOMPARE(file.info().isProtected, text == kSealed);
            QCOMPARE(hexOf(file.open(says("correct horse"))),
                     QString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
        }
    }

    void carriedToAnotherFolder() {
        const KeyInfo made = m_store->create("lab", std::nullopt);
        m_store->find("lab").write(at("lab.key").toStdString(), IfExists::Refuse);
        QCOMPARE(modeOf(at("lab.key")), 0600u);
        const KeyStore other(at("other").toStdString());
        KeyFile file = KeyFile::read(at("lab.key").toStdString());
        file.rename("copy");
        const KeyInfo kept = other.add(file);
        QCOMPARE(kept.name, std::string("copy"));
        QCOMPARE(kept.createdUtc, made.createdUtc);
        QVERIFY(other.load("copy", noPassphrase) == m_store->load("lab", noPassphrase));
        QVERIFY(errorOf([&] { m_store->add(file); }).contains("is kept already, as lab"));
        QVERIFY(
            errorOf([&] { m_store->create("lab", std::nullopt); }).startsWith("exists: there is a key lab"));
        QVERIFY(
            errorOf([&] { file.write(at("lab.key").toStdString(), IfExists::Refuse); }).startsWith("exists"));
    }

    void names_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isGood");
        for (const char* name : {"a", "Lab_2.west-1", "0123456789abcdeg"})
            QTest::newRow(name) << name << true;
        for (const char* name :
             {"", ".hidden", "-o", "a/b", "..", "a b", "\xc3\xa4", "public", "0123456789abcdef"})
            QTest::addRow("not: %s", name) << QString::fromUtf8(name) << false;
        QTest::newRow("64 letters") << QString(64, 'x') << true;
        QTest::newRow("65 letters") << QString(65, 'x') << false;
    }
    void names() {
        QFETCH(QString, name);
        QFETCH(bool, isGood);
        const QString error = errorOf([&] { m_store->create(name.toStdString(), std::nullopt); });
        QVERIFY2(isGood ? error.isEmpty() : error.startsWith("bad_option"), qPrintable(error));
        QCOMPARE(m_store->list().size(), std::size_t(isGood ? 1 : 0));
    }

    void modes_data() {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("isGood");
        for (const int mode : {0600, 0400, 0700}) QTest::addRow("%o", mode) << mode << true;
        for (const int mode : {0640, 0604, 0602, 0620, 0644}) QTest::addRow("%o", mode) << mode << false;
    }
    /// A key that others may read is not used, and not left out in silence.
    void modes() {
        QFETCH(int, mode);
        QFETCH(bool, isGood);
        m_store->create("lab", std::nullopt);
        QCOMPARE(::chmod(at("workspace/keys/lab.json").toUtf8().constData(), static_cast<mode_t>(mode)), 0);
        std::vector<std::string> warnings;
        QCOMPARE(m_store->list(&warnings).size(), std::size_t(isGood ? 1 : 0));
        QCOMPARE(warnings.size(), std::size_t(isGood ? 0 : 1));
        const QString error = errorOf([&] { m_store->load("lab", noPassphrase); });
        QVERIFY2(isGood ? error.isEmpty()
                        : error.startsWith("no_permission: others") && error.contains("chmod 600"),
                 qPrintable(error));
    }

    void openFolder() {
        QVERIFY(QDir().mkpath(at("workspace/keys")));
        QCOMPARE(::chmod(at("workspace/keys").toUtf8().constData(), 0755), 0);
        QVERIFY(errorOf([&] { m_store->create("lab", std::nullopt); }).contains("chmod 700"));
        QVERIFY(m_store->list().empty());
    }

    void damaged_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, QByteArray text, const char* from, const char* to,
                            const char* code) {
            if (!text.contains(from)) qFatal("the file does not say %s", from);
            QTest::newRow(name) << text.replace(from, to) << QString(code);
        };
        QTest::newRow("empty") << QByteArray() << "corrupt";
        QTest::newRow("a list") << QByteArray("[1]") << "corrupt";
        row("cut", kOpen, "1e1f\"}", "1e1f\"", "corrupt");
        row("another format", kOpen, "signet key", "signet kea", "corrupt");
        row("a newer version", kOpen, "\"version\": 1", "\"version\": 2", "unsupported");
        row("a bit of the key", kOpen, "00010203", "00010202", "corrupt");
        row("half a key", kOpen, "101112131415161718191a1b1c1d1e1f", "", "corrupt");
        row("no hexadecimal key", kOpen, "0001", "0g01", "corrupt");
        row("the key is a number", kOpen,
            "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"", "17", "corrupt");
        row("another fingerprint", kOpen, "a7a91f", "a7a91e", "corrupt");
        row("no fingerprint", kSealed, "a7a91f8d7c659aa2", "\\u202etxt", "corrupt");
        row("sealed, another fingerprint", kSealed, "a7a91f", "a7a91e", "no_permission");
        row("sealed, a bit of the ciphertext", kSealed, "e057", "e056", "no_permission");
        row("sealed, a bit of the tag", kSealed, "3b0e", "3b0f", "no_permission");
        row("sealed, a bit of the salt", kSealed, "000102", "000103", "no_permission");
        row("sealed, a short tag", kSealed, "3b0e321f", "3b0e", "corrupt");
        row("sealed, cheap", kSealed, "16384", "1024", "corrupt");
        row("sealed, no power of two", kSealed, "16384", "16385", "corrupt");
        row("sealed, a terabyte", kSealed, "16384", "1073741824", "corrupt");
        row("sealed, r", kSealed, "\"r\": 8", "\"r\": 1024", "corrupt");
        row("sealed, negative p", kSealed, "\"p\": 1", "\"p\": -1", "corrupt");
        row("sealed, another kdf", kSealed, "scrypt", "argon2id", "unsupported");
    }
    void damaged() {
        QFETCH(QByteArray, text);
        write("damaged", text);
        const QString error =
            errorOf([&] { KeyFile::read(at("damaged").toStdString()).open(says("correct horse")); });
        QTEST(error.section(':', 0, 0), "code");
        QVERIFY(!error.contains("0405060708"));  // no part of a key in a message
    }

private:
    QString at(const QString& name) const { return m_folder->filePath(name); }
    QByteArray read(const QString& name) const {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// With mode 600.
    void write(const QString& name, const QByteArray& text) const {
        QFile file(at(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<KeyStore> m_store;
};

SIGNET_TEST(TestKeyStore)
#include "test_key_store.moc"
