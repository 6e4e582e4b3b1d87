#include <cstdio>
#include <filesystem>
#include <set>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file_io.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/metadata.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::image;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

constexpr rlim_t kMemoryLimit = rlim_t{2} << 30;
constexpr unsigned kSecondsAFile = 30;
enum Outcome { kPicture = 0, kRefused = 10, kOtherException = 11, kInconsistent = 12 };

fs::path hostileFolder() {
    const char* source = std::getenv("SIGNET_SOURCE_DIR");
    return source ? fs::path(source) / ".." / "shared" / "data" / "hostile" : fs::path();
}

void limitMemory() {
#if !defined(__SANITIZE_ADDRESS__)  // the sanitizer's shadow needs terabytes of addresses
    const rlimit limit{kMemoryLimit, kMemoryLimit};
    setrlimit(RLIMIT_AS, &limit);
#endif
}

/// Everything core/image does with a file that came from outside.
Outcome examined(const fs::path& path, const FileBytes& carrier) {
    try {
        const Bytes bytes = readFile(path);
        readMetadata(bytes);
        carryMetadata(bytes, carrier, nullptr);
        const Decoded decoded = decode(bytes);
        const Header header = probe(bytes);
        if (decoded.image.width != header.width || decoded.image.height != header.height)
            return kInconsistent;
        if (decoded.image.data.size() != decoded.image.sampleCount() * std::size_t(decoded.image.depth / 8))
            return kInconsistent;
        DecodeOptions reduced;
        reduced.reduceToShortSide = 256;
        decode(bytes, reduced);
        for (const int frame : {2, header.frames}) {
            if (frame > header.frames || frame < 2) continue;
            try {
                DecodeOptions later;
                later.frame = frame;
                decode(bytes, later);
            } catch (const Error&) {  // the first can be read, a later one need not
            }
        }
        return kPicture;
    } catch (const Error&) {
        return kRefused;
    } catch (...) {
        return kOtherException;
    }
}

}  // namespace

class TestImageHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFileGivesAPictureOrAnError() {
        const fs::path folder = hostileFolder();
        if (folder.empty() || !fs::exists(folder))
            QSKIP("the hostile files (../shared/data/hostile) are not here");
        std::set<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            if (entry.is_regular_file()) files.insert(entry.path());
        QVERIFY(files.size() > 500);
        EncodeOptions png;
        const FileBytes carrier = encode(makePicture(16, 16, 3), png);
        int pictures = 0, refused = 0;
        for (const fs::path& path : files) {
            std::fflush(nullptr);
            const pid_t child = fork();
            QVERIFY(child >= 0);
            if (child == 0) {
                limitMemory();
                alarm(kSecondsAFile);
                _exit(examined(path, carrier));
            }
            int status = 0;
            QCOMPARE(waitpid(child, &status, 0), child);
            const bool good =
                WIFEXITED(status) && (WEXITSTATUS(status) == kPicture || WEXITSTATUS(status) == kRefused);
            QVERIFY2(good, qPrintable(QString("%1: status %2").arg(path.c_str()).arg(status, 0, 16)));
            (WEXITSTATUS(status) == kPicture ? pictures : refused) += 1;
        }
        qInfo("%d pictures, %d refused", pictures, refused);
        QVERIFY(pictures > 300);
        QVERIFY(refused > 100);
    }

    /// The same scene stored in all eight ways must show the same.
    void cameraOrientationsShowTheSame() {
        const fs::path folder = hostileFolder() / "exif_orientation";
        if (!fs::exists(folder)) QSKIP("the orientation pictures (../shared/data/hostile) are not here");
        for (const char* kind : {"Landscape", "Portrait"}) {
            const Image upright = decode(readFile(folder / (std::string(kind) + "_1.jpg"))).image;
            for (int o = 2; o <= 8; ++o) {
                const Decoded turned = decode(readFile(folder / (kind + ("_" + std::to_string(o)) + ".jpg")));
                QCOMPARE(turned.info.orientation, o);
                QCOMPARE(turned.image.width, upright.width);
                QCOMPARE(turned.image.height, upright.height);
                double sum = 0;
                for (std::size_t i = 0; i < upright.data.size(); ++i)
                    sum += std::abs(int(turned.image.data[i]) - int(upright.data[i]));
                QVERIFY2(sum / double(upright.data.size()) < 12.0, qPrintable(QString::number(o)));
            }
        }
    }
};

SIGNET_TEST(TestImageHostile)
#include "test_image_hostile.moc"
