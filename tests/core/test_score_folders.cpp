// Folders of signed and unsigned images -> scores -> a model's calibration.
#include <sys/fsuid.h>

#include <QTemporaryDir>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/platform.h"
#include "core/examine/score_folders.h"
#include "core/image/encode.h"
#include "core/metrics/roc.h"
#include "support/pictures.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::examine;
using test::errorOf;
namespace fs = std::filesystem;

namespace {

const models::Manifest* modelAt(const fs::path& folder) {
    static models::Manifest manifest;
    manifest = models::findModel(folder.string(), {});
    return &manifest;
}

/// An examination without networks: the score is the first sample of the image.
Record fakeExamine(const fs::path& path, const std::vector<std::string>& models, const WorkContext&) {
    Record record;
    record.path = path;
    try {
        const Bytes bytes = readFile(path);
        record.sha256 = sha256Hex(bytes);
        const auto decoded = image::decode(bytes);
        record.width = decoded.image.width;
        record.height = decoded.image.height;
        for (const std::string& model : models) {
            Finding finding;
            finding.model = model;
            finding.modelSha256 = "sha of " + model;
            finding.scoreLogit = decoded.image.data.front() + static_cast<double>(record.findings.size());
            record.findings.push_back(finding);
        }
    } catch (const Error& error) {
        record.error = Record::Failure{std::string(toString(error.code())), error.what()};
    }
    return record;
}

MeasuredScores spread(int marked, int plain, float gap) {
    MeasuredScores scores;
    scores.setSha256 = "set";
    scores.side = 300;
    for (int i = 0; i < marked; ++i) scores.signedScores.push_back(gap + 0.01f * static_cast<float>(i));
    for (int i = 0; i < plain; ++i) scores.unsignedScores.push_back(-0.01f * static_cast<float>(i));
    return scores;
}

}  // namespace

class TestScoreFolders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        fs::create_directories(at("signed/deep"));
        fs::create_directories(at("unsigned"));
        write("signed/a.png", 200);
        write("signed/deep/b.png", 210, 130);
        write("unsigned/c.png", 10);
        write("unsigned/d.png", 20);
        write("unsigned/e.png", 30);
    }

    void scoresByModel() {
        const FolderScores scores = measure();
        QVERIFY(scores.complete);
        QCOMPARE(scores.count(true), 2);
        QCOMPARE(scores.count(false), 3);
        QVERIFY(scores.unscored.empty());
        QCOMPARE(scores.modelSha256, (std::vector<std::string>{"sha of one", "sha of two"}));
        auto second = scores.scoresOf(1);
        std::sort(second.signedScores.begin(), second.signedScores.end());
        QCOMPARE(second.signedScores, (std::vector<float>{201, 211}));
        QCOMPARE(second.side, 48);
        QCOMPARE(second.setSha256, scores.setSha256);
        QVERIFY(scores.files[0].isSigned && !scores.files[1].isSigned);  // in turn
        QCOMPARE(scores.files[0].sha256, hashFile(scores.files[0].path).sha256);
    }

    void identityIsTheContent() {
        const std::string first = measure().setSha256;
        fs::rename(at("signed/a.png"), at("signed/renamed.png"));
        QCOMPARE(measure().setSha256, first);
        write("unsigned/more.png", 40);
        QVERIFY(measure().setSha256 != first);
        fs::remove(at("unsigned/more.png"));
        const FolderScores turned = scoreFolders({at("unsigned"), at("signed"), {"one"}}, fakeExamine, {});
        QVERIFY(turned.setSha256 != first);  // the labels count
    }

    void oddFilesAreNamed() {
        writeFileAtomically(at("signed/broken.png"), std::string_view("no picture"), IfExists::Refuse);
        writeFileAtomically(at("signed/empty.jpg"), std::string_view(), IfExists::Refuse);
        writeFileAtomically(at("signed/notes.txt"), std::string_view("no image's name"), IfExists::Refuse);
        fs::copy_file(at("signed/a.png"), at("signed/copy.png"));
        fs::copy_file(at("signed/deep/b.png"), at("unsigned/both.png"));
        const FolderScores scores = measure();
        QCOMPARE(scores.count(true), 1);
        QCOMPARE(scores.count(false), 3);
        QCOMPARE(scores.duplicates, 1);
        std::vector<std::string> names;
        for (const UnscoredFile& file : scores.unscored) {
            names.push_back(file.path.filename());
            QVERIFY(!file.failure.message.empty());
        }
        std::sort(names.begin(), names.end());
        QCOMPARE(names, (std::vector<std::string>{"b.png", "both.png", "broken.png", "empty.jpg"}));
    }

    void changedFileIsLeftOut() {
        const auto examine = [&](const fs::path& path, const std::vector<std::string>& models,
                                 const WorkContext& context) {
            if (path.filename() == "c.png") write("unsigned/c.png", 99);
            return fakeExamine(path, models, context);
        };
        const FolderScores scores = scoreFolders(options(), examine, {});
        QCOMPARE(scores.unscored.size(), std::size_t(1));
        QCOMPARE(scores.unscored[0].failure.code, std::string("hash_mismatch"));
    }

    void stopKeepsWhatIsDone() {
        std::stop_source stop;
        int done = 0;
        const auto examine = [&](const fs::path& path, const std::vector<std::string>& models,
                                 const WorkContext& context) {
            if (++done == 2) stop.request_stop();
            return fakeExamine(path, models, context);
        };
        QStringList phases;
        WorkContext context{stop.get_token(), [&](std::uint64_t, std::uint64_t, const std::string& what) {
                                if (!phases.contains(QString::fromStdString(what)))
                                    phases << QString::fromStdString(what);
                            }};
        const FolderScores scores = scoreFolders(options(), examine, context);
        QVERIFY(!scores.complete);
        QCOMPARE(scores.count(true), 1);
        QCOMPARE(scores.count(false), 1);
        QCOMPARE(phases, (QStringList{"reading", "measuring"}));
    }

    void refusals() {
        const auto refusal = [](const ScoreFoldersOptions& options) {
            return errorOf([&] { scoreFolders(options, fakeExamine, {}); });
        };
        fs::create_directories(at("empty"));
        QVERIFY(refusal({at("signed"), at("none"), {"one"}}).startsWith("not_found"));
        QVERIFY(refusal({at("empty"), at("unsigned"), {"one"}}).startsWith("not_found"));
        QVERIFY(refusal({at("signed"), at("unsigned"), {}}).startsWith("bad_option"));
        QVERIFY(refusal({at("signed"), at("signed/../signed/"), {"one"}}).startsWith("bad_option"));
        QVERIFY(refusal({at("signed"), at("signed/deep"), {"one"}}).startsWith("bad_option"));
    }

    void realModel() {
        const fs::path samples = dataFolder() / "resources/samples";
        fs::remove_all(at("signed"));
        fs::remove_all(at("unsigned"));
        fs::create_directories(at("signed"));
        fs::create_directories(at("unsigned"));
        for (const char* name : {"astronaut-signed.jpg", "coffee-signed.jpg"})
            fs::copy_file(samples / name, at("signed") / name);
        for (const char* name : {"camera.png", "chelsea.png"})
            fs::copy_file(samples / name, at("unsigned") / name);
        Examiner examiner({.device = "cpu", .threads = 2, .workspace = {}});
        const FolderScores scores =
            scoreFolders({at("signed"), at("unsigned"), {"photo-keyed32"}}, examineWith(examiner), {});
        QCOMPARE(scores.files.size(), std::size_t(4));
        QCOMPARE(scores.modelSha256.at(0), examiner.manifest("photo-keyed32").weightsSha256);
        const double threshold = examiner.calibration("photo-keyed32")->threshold;
        for (const ScoredFile& file : scores.files) {
            QCOMPARE(file.scores[0] >= threshold, file.isSigned);
            QCOMPARE(file.scores[0],
                     examiner.check(file.path, {{"photo-keyed32"}, {}}).findings[0].scoreLogit);
        }
    }

    void calibrationIsThePolicys() {
        models::Calibration earlier;
        earlier.bitTemperature = 2.5;
        // apart: 0 and below without, 8 and above with a signature
        const auto apart = calibrationFrom(spread(600, 700, 8), 3, earlier);
        QCOMPARE(apart.threshold, 3.0);
        QCOMPARE(apart.lowerThreshold, 0.0);  // the highest unsigned score
        QCOMPARE(apart.falsePositives, 0);
        QCOMPARE(apart.photographs, 600);
        QCOMPARE(apart.negativeCount(), 700);
        QCOMPARE(apart.bitTemperature, 2.5);
        QCOMPARE(apart.side, 300);
        QVERIFY(apart.isAsTheyAre());
        QVERIFY(std::is_sorted(apart.unsignedScores.begin(), apart.unsignedScores.end()));
        // a threshold under the policy's lower one takes it along
        const auto low = calibrationFrom(spread(600, 700, 8), -2.005, std::nullopt);
        QCOMPARE(low.lowerThreshold, -2.005);
        QCOMPARE(low.falsePositives, 201);  // 0, -0.01, ... -2.00
        QCOMPARE(low.bitTemperature, 1.0);
        // overlapping: the balanced threshold is where the inconclusive range begins
        const auto mixed = calibrationFrom(spread(600, 600, -3), 1, std::nullopt);
        QVERIFY(mixed.lowerThreshold <= 0 && mixed.lowerThreshold >= -3);
        QCOMPARE(mixed.lowerThreshold, mixed.balancedThreshold);
    }

    void tooFewPhotographs() {
        const QString said = errorOf([] { calibrationFrom(spread(600, 599, 8), 3, std::nullopt); });
        for (const char* part : {"600", "600 signed", "599 unsigned"})
            QVERIFY2(said.contains(part), qPrintable(said));
        QVERIFY_EXCEPTION_THROWN(calibrationFrom(spread(600, 600, 8), INFINITY, std::nullopt), Error);
    }

    void replacedCalibrationKeepsTheOldOne() {
        const fs::path folder = copyOfModel();
        const models::Manifest manifest = *modelAt(folder);
        const Bytes before = readFile(folder / "calibration.json");
        const Bytes weights = readFile(folder / "weights.safetensors");
        const Bytes manifestBefore = readFile(folder / "manifest.json");
        const auto calibration =
            calibrationFrom(spread(600, 700, 8), 3.25, models::loadCalibration(manifest));
        const fs::path kept = models::replaceCalibration(manifest, calibration);
        QVERIFY(kept.filename().string().starts_with("calibration-2"));
        QVERIFY(readFile(kept) == before);
        QVERIFY(readFile(folder / "weights.safetensors") == weights);
        QVERIFY(readFile(folder / "manifest.json") == manifestBefore);
        const auto read = models::loadCalibration(manifest);
        QCOMPARE(read->threshold, 3.25);
        QCOMPARE(read->lowerThreshold, calibration.lowerThreshold);
        QCOMPARE(read->negativeCount(), 700);
        QCOMPARE(read->imagesSha256, std::string("set"));
        QCOMPARE(read->unsignedScores.size(), calibration.unsignedScores.size());
        for (std::size_t i = 0; i < read->unsignedScores.size(); ++i)  // three decimals are kept
            QVERIFY(std::abs(read->unsignedScores[i] - calibration.unsignedScores[i]) < 6e-4f);
        QVERIFY(read->isAsTheyAre());
        const fs::path again = models::replaceCalibration(manifest, calibration);
        QVERIFY(again != kept && fs::exists(kept) && fs::exists(again));
        fs::remove(folder / "calibration.json");
        QVERIFY(models::replaceCalibration(manifest, calibration).empty());
        // an examination made from now on goes by it
        Examiner examiner({.device = "cpu", .threads = 2, .workspace = {}});
        const auto record =
            examiner.check(dataFolder() / "resources/samples/camera.png", {{folder.string()}, {}});
        QVERIFY2(!record.error, record.error ? record.error->message.c_str() : "");
        QCOMPARE(record.findings[0].threshold, 3.25);
        QCOMPARE(record.findings[0].falsePositiveRate.n, 700);
    }

    void readOnlyFolderSaysWhatToDo() {
        const fs::path folder = copyOfModel();
        const auto manifest = *modelAt(folder);
        const auto calibration = calibrationFrom(spread(600, 600, 8), 3, std::nullopt);
        constexpr auto kLook = static_cast<fs::perms>(0555);
        fs::permissions(folder, kLook);
        fs::permissions(at("."), kLook, fs::perm_options::add);
        const int user = ::setfsuid(65534);  // root may write anywhere; this thread for a moment may not
        const QString message = errorOf([&] { models::replaceCalibration(manifest, calibration); });
        ::setfsuid(static_cast<uid_t>(user));
        fs::permissions(folder, fs::perms::owner_all);
        QVERIFY2(message.contains("may not be written to") && message.contains("copy"), qPrintable(message));
        QVERIFY(models::loadCalibration(manifest)->threshold != 3);
    }

private:
    fs::path at(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    ScoreFoldersOptions options() const { return {at("signed"), at("unsigned"), {"one", "two"}}; }
    FolderScores measure() const { return scoreFolders(options(), fakeExamine, {}); }
    void write(const std::string& name, int first, int width = 64) const {
        image::Image picture = test::picture(width, 48);
        picture.data[0] = static_cast<std::uint8_t>(first);
        image::EncodeOptions png;
        png.format = image::Format::Png;
        writeFileAtomically(at(name), image::encode(picture, png), IfExists::Replace);
    }
    fs::path copyOfModel() const {
        fs::path folder = at("model");
        fs::copy(dataFolder() / "models/photo-presence", folder, fs::copy_options::recursive);
        return folder;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

SIGNET_TEST(TestScoreFolders)
#include "test_score_folders.moc"
