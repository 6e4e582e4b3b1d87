#include <QTemporaryDir>
#include <cstring>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/training/tensorboard_events.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::training;

namespace {

template <typename Number>
Number numberAt(const Bytes& bytes, std::size_t at) {
    Number value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::uint32_t unmasked(std::uint32_t masked) {
    const std::uint32_t rotated = masked - 0xa282ead8u;
    return rotated << 15 | rotated >> 17;
}

/// The payloads of all frames whose check sums are right; empty when the file does not end with a frame.
std::vector<std::string> framesOf(const Bytes& file) {
    std::vector<std::string> frames;
    std::size_t at = 0;
    while (at + 12 <= file.size()) {
        const auto length = numberAt<std::uint64_t>(file, at);
        const char* begin = reinterpret_cast<const char*>(file.data()) + at;
        if (unmasked(numberAt<std::uint32_t>(file, at + 8)) != crc32c({begin, 8})) return {};
        if (at + 16 + length > file.size()) return {};
        const std::string payload(begin + 12, length);
        if (unmasked(numberAt<std::uint32_t>(file, at + 12 + length)) != crc32c(payload)) return {};
        frames.push_back(payload);
        at += 16 + length;
    }
    return at == file.size() ? frames : std::vector<std::string>();
}

}  // namespace

class TestTensorBoard : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void checkSums() {
        // RFC 3720 B.4, and the check value of the polynomial.
        QCOMPARE(crc32c(std::string(32, '\0')), 0x8a9136aau);
        QCOMPARE(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
        QCOMPARE(crc32c("123456789"), 0xe3069283u);
        QCOMPARE(crc32c(""), 0u);
    }

    void frames() {
        QTemporaryDir folder;
        {
            TensorBoardEvents events(folder.path().toStdString(), 0);
            events.add(300, {{"loss", 0.25}, {"psnr_db", 44.5}});
        }
        const auto names = QDir(folder.path()).entryList({"events.out.tfevents.*"}, QDir::Files);
        QCOMPARE(names.size(), 1);
        const auto frames = framesOf(readFile(folder.filePath(names.front()).toStdString()));
        QCOMPARE(frames.size(), std::size_t(2));
        QVERIFY(frames[0].ends_with("brain.Event:2"));
        // key 0x09 and 8 bytes of time, key 0x10 and 300 as a varint, key 0x2a and the summary
        const std::string& event = frames[1];
        QCOMPARE(event[0], '\x09');
        QCOMPARE(event.substr(9, 3), std::string("\x10\xac\x02"));
        QCOMPARE(event[12], '\x2a');
        float loss = 0;
        const auto tag = event.find("loss");
        QVERIFY(tag != event.npos && event[tag + 4] == '\x15');
        std::memcpy(&loss, event.data() + tag + 5, 4);
        QCOMPARE(loss, 0.25f);
    }

    /// A resumed run tells readers to drop what came after its checkpoint.
    void resumed() {
        QTemporaryDir folder;
        { TensorBoardEvents events(folder.path().toStdString(), 40); }
        const auto names = QDir(folder.path()).entryList({"events.out.tfevents.*"}, QDir::Files);
        const auto frames = framesOf(readFile(folder.filePath(names.front()).toStdString()));
        QCOMPARE(frames.size(), std::size_t(2));
        QCOMPARE(frames[1].substr(9), std::string("\x10\x29\x3a\x02\x08\x01"));  // step 41, session START
    }

    void noFolder() { QVERIFY_EXCEPTION_THROWN(TensorBoardEvents("/nonexistent/folder", 0), Error); }
};

SIGNET_TEST(TestTensorBoard)
#include "test_tensorboard.moc"
