// Programs that are run: how they end and what they say; outguess and steghide, where they are installed.
#include <QElapsedTimer>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/base/platform.h"
#include "core/base/run_program.h"
#include "core/baselines/stego_program.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "tests/core/image_builders.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using baselines::StegoProgram;
using test::errorOf;
using tests::codeOf;
using tests::nameOf;

namespace {

constexpr int kStegoQuality = 95;
constexpr std::chrono::milliseconds kSoon{20'000}, kTooSoon{1'500};

ProgramEnd shellSays(const std::string& script) {
    return runProgram({"sh", "-c", script}, kSoon);
}

/// Another 16 bytes each time.
Bytes stegoMessage(unsigned number) {
    Bytes bytes;
    for (unsigned i = 0; i < 16; ++i) bytes.push_back(static_cast<std::uint8_t>(31 * i + 97 * number + 5));
    return bytes;
}

Bytes plainJpeg(const image::Image& picture) {
    return image::encode(picture,
                         {.format = image::Format::Jpeg, .quality = kStegoQuality, .subsample = true});
}

}  // namespace

class TestStegoProgram : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    std::filesystem::path at(const std::string& name) const {
        return std::filesystem::path(m_temporary.path().toStdString()) / name;
    }

    static void eachProgram() {
        QTest::addColumn<int>("number");
        QTest::newRow("outguess") << int(StegoProgram::Outguess);
        QTest::newRow("steghide") << int(StegoProgram::Steghide);
    }

private Q_SLOTS:
    void programsEndAndSay() {
        QCOMPARE(shellSays("exit 3").status, 3);
        QCOMPARE(shellSays("kill -9 $$").status, 128 + 9);
        QCOMPARE(shellSays("echo dropped; echo said >&2").errors, std::string("said\n"));
        QCOMPARE(shellSays("echo $LC_ALL >&2").errors, std::string("C\n"));
        QCOMPARE(shellSays("cat >&2").errors, std::string());
        const std::string given = "two words; $HOME *";
        QCOMPARE(runProgram({"sh", "-c", "echo \"$1\" >&2", "sh", given}, kSoon).errors, given + "\n");
        const auto much = shellSays("head -c 200000 /dev/zero >&2; echo the end >&2");
        QCOMPARE(much.errors.size(), std::size_t(1 << 16));
        QVERIFY(much.errors.ends_with("the end\n"));
        // One that has closed its stderr is waited for all the same.
        QCOMPARE(shellSays("exec 2>&-; sleep 0.1; exit 5").status, 5);
    }

    void whatTakesTooLongIsKilled() {
        QElapsedTimer elapsed;
        elapsed.start();
        const auto left = at("left").string();
        const auto said = errorOf([&] {
            runProgram({"sh", "-c", "sleep 100 & echo $! > " + left + "; wait"}, kTooSoon);
        });
        QVERIFY2(said.contains("was not done within 1.5 s"), qPrintable(said));
        QVERIFY(elapsed.elapsed() < 60'000);
        std::string started;  // by the program; on a busy machine it may not have come so far
        std::ifstream(left) >> started;
        if (!started.empty()) QTRY_VERIFY(processState(started).over);
        QCOMPARE(codeOf([] {
                     runProgram({"sleep", "100"}, std::chrono::milliseconds(50));
                 }),
                 nameOf(ErrorCode::Environment));
    }

    void programsAreFound() {
        QVERIFY(findProgram("sh").is_absolute());
        QVERIFY(findProgram("no-such-program").empty() && findProgram("").empty());
        QVERIFY(findProgram("/").empty() && findProgram("/etc/passwd").empty());
        QCOMPARE(codeOf([] { runProgram({"no-such-program"}, kSoon); }), nameOf(ErrorCode::Environment));
    }

    void roundTrip_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("side");
        for (const int side : {64, 96, 128}) {
            QTest::addRow("outguess %d", side) << int(StegoProgram::Outguess) << side;
            QTest::addRow("steghide %d", side) << int(StegoProgram::Steghide) << side;
        }
    }
    void roundTrip() {
        QFETCH(int, number);
        QFETCH(int, side);
        const auto program = StegoProgram(number);
        if (!baselines::isInstalled(program)) QSKIP("the program is not installed");
        for (unsigned i = 1; i <= 3; ++i) {
            const auto picture = tests::makePicture(side, side - 6, 3, 8, i);
            const Bytes message = stegoMessage(i);
            const std::string key = "key " + std::to_string(i);
            const Bytes jpeg = baselines::embed(program, picture, message, key, kStegoQuality);
            QVERIFY(baselines::extract(program, jpeg, key, message.size()) == message);
            QVERIFY(!baselines::extract(program, jpeg, "another key", message.size()));
            const auto decoded = image::decode(jpeg).image;
            QCOMPARE(decoded.width, side);
            QCOMPARE(decoded.height, side - 6);
            QVERIFY(tests::largestDifference(decoded, picture) < 90);
            // Compressed once more, and otherwise (the same tables would find most coefficients again),
            // nothing of it is left.
            const Bytes other = image::encode(decoded, {.format = image::Format::Jpeg, .quality = 60});
            const auto left = baselines::extract(program, other, key, message.size());
            QVERIFY(!left || *left != message);
        }
    }

    void nothingIsFoundInPlainPictures_data() { eachProgram(); }
    void nothingIsFoundInPlainPictures() {
        QFETCH(int, number);
        const auto program = StegoProgram(number);
        if (!baselines::isInstalled(program)) QSKIP("the program is not installed");
        for (unsigned i = 1; i <= 10; ++i) {
            const auto jpeg = plainJpeg(tests::makePicture(128, 128, 3, 8, i));
            QVERIFY(!baselines::extract(program, jpeg, "key " + std::to_string(i), 16));
        }
        const auto flat = image::makeImage(64, 64, 3);
        QVERIFY(!baselines::extract(program, plainJpeg(flat), "key", 16));
    }

    void whatCannotBe_data() { eachProgram(); }
    void whatCannotBe() {
        QFETCH(int, number);
        const auto program = StegoProgram(number);
        const auto picture = tests::makePicture(64, 64, 3);
        if (!baselines::isInstalled(program)) QSKIP("the program is not installed");
        const auto embedding = [&](const image::Image& cover, std::size_t bytes, const std::string& key,
                                   int quality) {
            return codeOf([&] { baselines::embed(program, cover, Bytes(bytes, 7), key, quality); });
        };
        const auto badOption = nameOf(ErrorCode::BadOption);
        QCOMPARE(embedding(picture, 16, "", 95), badOption);
        QCOMPARE(embedding(picture, 16, std::string("a\0b", 3), 95), badOption);
        QCOMPARE(embedding(picture, 16, std::string(256, 'k'), 95), badOption);
        QCOMPARE(embedding(picture, 0, "key", 95), badOption);
        QCOMPARE(embedding(picture, 5000, "key", 95), badOption);
        QCOMPARE(embedding(picture, 16, "key", 0), badOption);
        QCOMPARE(embedding(picture, 16, "key", 101), badOption);
        QCOMPARE(embedding(picture, 4096, "key", 95), nameOf(ErrorCode::TooSmall));
        QCOMPARE(embedding(image::makeImage(64, 64, 3), 16, "key", 95), nameOf(ErrorCode::TooSmall));
        QCOMPARE(codeOf([&] { baselines::extract(program, tests::bytesOf("no JPEG"), "key", 16); }),
                 nameOf(ErrorCode::Corrupt));
    }

    void withoutTheProgram_data() { eachProgram(); }
    void withoutTheProgram() {
        QFETCH(int, number);
        const auto program = StegoProgram(number);
        const QByteArray before = qgetenv("PATH");
        const auto restore = qScopeGuard([&] { qputenv("PATH", before); });
        qputenv("PATH", m_temporary.path().toUtf8());
        QVERIFY(!baselines::isInstalled(program));
        const auto picture = tests::makePicture(64, 64, 3);
        const auto embedding = [&] { baselines::embed(program, picture, stegoMessage(1), "key", 95); };
        QCOMPARE(codeOf(embedding), nameOf(ErrorCode::Environment));
        const auto said = errorOf(embedding);
        const auto advice = "install the package " + std::string(toString(program));
        QVERIFY2(said.contains(QString::fromStdString(advice)), qPrintable(said));
        QCOMPARE(codeOf([&] { baselines::extract(program, plainJpeg(picture), "key", 16); }),
                 nameOf(ErrorCode::Environment));
    }

    /// A program of that name that hangs is stopped, and nothing of the message stays on the disk.
    void aHangingProgram() {
        std::filesystem::create_directories(at("programs"));
        std::filesystem::create_directories(at("scratch"));
        const auto hanging = at("programs") / "outguess";
        std::ofstream(hanging) << "#!/bin/sh\nexec /bin/sleep 100\n";
        std::filesystem::permissions(hanging, std::filesystem::perms::owner_all);
        const QByteArray path = qgetenv("PATH"), scratch = qgetenv("TMPDIR");
        const auto restore = qScopeGuard([&] {
            qputenv("PATH", path);
            scratch.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", scratch);
        });
        qputenv("PATH", QByteArray::fromStdString(at("programs").string()));
        qputenv("TMPDIR", QByteArray::fromStdString(at("scratch").string()));
        const auto picture = tests::makePicture(64, 64, 3);
        const auto said = errorOf([&] {
            baselines::embed(StegoProgram::Outguess, picture, stegoMessage(1), "key", 95,
                             std::chrono::milliseconds(100));
        });
        QVERIFY2(said.contains("outguess was not done within 0.1 s"), qPrintable(said));
        QVERIFY(std::filesystem::is_empty(at("scratch")));
    }

    void bitsAreCounted() {
        const Bytes message = stegoMessage(3);
        const auto whole = baselines::bitsRead(message, message, 1, 1);
        QVERIFY(whole.extracted);
        QCOMPARE(whole.right, 128);
        QCOMPARE(whole.bits.size(), std::size_t(128));
        QCOMPARE(int(whole.bits[0]), message[0] >> 7);
        QCOMPARE(int(whole.bits[7]), message[0] & 1);
        QCOMPARE(int(whole.bits[8]), message[1] >> 7);
        Bytes wrong = message;
        wrong[5] ^= 0x11;
        QCOMPARE(baselines::bitsRead(wrong, message, 1, 1).right, 126);
        QCOMPARE(codeOf([&] { baselines::bitsRead(Bytes(3), message, 1, 1); }), nameOf(ErrorCode::BadOption));
    }

    /// What was not extracted counts as fair coins that fall the same way each time.
    void failuresCountAsCoins() {
        const Bytes message = stegoMessage(3);
        const auto once = baselines::bitsRead(std::nullopt, message, 1, 1);
        QVERIFY(!once.extracted);
        QVERIFY(once.bits == baselines::bitsRead(std::nullopt, message, 1, 1).bits);
        QVERIFY(once.bits != baselines::bitsRead(std::nullopt, message, 1, 2).bits);
        QVERIFY(once.bits != baselines::bitsRead(std::nullopt, message, 2, 1).bits);
        double right = 0;
        constexpr int kPictures = 400;
        for (int i = 0; i < kPictures; ++i)
            right += baselines::bitsRead(std::nullopt, message, 1, std::uint64_t(i)).right;
        const double share = right / (128 * kPictures);
        QVERIFY2(std::abs(share - 0.5) < 0.01, qPrintable(QString::number(share)));  // 4.5 sigma
    }
};

SIGNET_TEST(TestStegoProgram)
#include "test_stego_program.moc"
