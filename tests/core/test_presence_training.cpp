// Presence of a texture: its networks, hard negatives and training, on small networks.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/image/encode.h"
#include "core/models/model_store.h"
#include "core/signature/falling_level.h"
#include "core/signature/hard_negatives.h"
#include "core/signature/joint_training.h"
#include "core/signature/model.h"
#include "core/signature/texture_networks.h"
#include "core/signature/visibility.h"
#include "tests/core/image_builders.h"
#include "tests/core/tensor_builders.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::signature;
using namespace signet::tests;
using torch::Tensor;
namespace fs = std::filesystem;

namespace {

constexpr std::array<int, 3> kNarrow{8, 8, 8};

NetworkOptions smallTexture() {
    return {.arch = "texture", .workSide = 32, .injectorWidths = kNarrow, .detectorWidths = kNarrow};
}

TrainingOptions smallPresence() {
    TrainingOptions options;
    options.objective = "presence";
    options.network = smallTexture();
    options.network.detectorWidths = {8, 16, 16};
    options.batch = 8;
    options.steps = 1000;
    options.bf16 = false;
    options.decayFrom = 1;
    options.openAccuracy = 0.85;
    options.holdAccuracy = 0.5;
    options.fall = options.fastFall = 0.01;
    options.validationNegatives = 40;
    return options;
}

double value(const training::NamedValues& values, const std::string& name) {
    for (const auto& [key, number] : values)
        if (key == name) return number;
    return NAN;
}

}  // namespace

class TestPresenceTraining : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path folder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    fs::path picturesIn(const char* name, unsigned count) const {
        fs::create_directories(folder(name));
        for (unsigned i = 0; i < count; ++i)
            writeFileAtomically(folder(name) / (std::to_string(i) + ".png"),
                                image::encode(makePicture(90, 70, 3, 8, i + 1), {}), IfExists::Replace);
        return folder(name);
    }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void init() { at::manual_seed(7); }

    /// Each picture has the visibility that was asked for, whatever its proportions; no cell counts for more
    /// than 12, and their mean is the presence.
    void picturesOfAnyProportion() {
        TextureNetworks networks(smallTexture());
        networks.train(false);
        networks.setLevel(0.7);
        const torch::NoGradGuard guard;
        const auto picture = torch::rand({2, 3, 64, 150}) * 2 - 1;
        const auto residual = networks.residual(picture, {});
        QCOMPARE(residual.sizes(), (at::IntArrayRef{2, 3, 32, 75}));
        const auto large = torch::upsample_bilinear2d(residual, {64, 150}, false);
        for (const double seen :
             {visibility(picture, large)[0].item<double>(), visibility(picture, large)[1].item<double>()})
            QVERIFY2(seen > 0.5 && seen < 0.8, qPrintable(QString::number(seen)));
        QVERIFY(
            torch::allclose(networks.embed(picture, {}, {.strength = 2, .informed = true}), 2 * residual));
        const auto reading = networks.read(picture * 50, 1);
        QCOMPARE(reading.cells.sizes(), (at::IntArrayRef{2, 4, 10}));
        QVERIFY(reading.cells.abs().max().item<double>() <= 12);
        QVERIFY(torch::allclose(reading.presence, reading.cells.mean({1, 2})));
        QVERIFY(!reading.bits.defined());
    }

    /// What a cell says depends on what lies around it, not on where that is in the picture.
    void evidenceMovesWithThePicture() {
        TextureNetworks networks(smallTexture());
        networks.train(false);
        const torch::NoGradGuard guard;
        const auto picture = torch::rand({1, 3, 480, 496}) * 2 - 1;
        const auto cells = networks.evidence(picture.slice(3, 0, 480));
        const auto moved = networks.evidence(picture.slice(3, 16, 496));
        const auto middle = [](const Tensor& map, std::int64_t column) {
            return map.slice(1, 14, 17).slice(2, column, column + 3);
        };
        QVERIFY(torch::allclose(middle(cells, 15), middle(moved, 14), 1e-4, 1e-5));
        QVERIFY(!torch::allclose(middle(cells, 14), middle(moved, 14), 1e-4, 1e-5));
    }

    /// Even where a picture says nothing a texture is made, the same in every tile.
    void textureIsMadeEverywhere() {
        nn::TextureInjector injector(kNarrow);
        const torch::NoGradGuard guard;
        const auto made = injector(torch::full({1, 3, 192, 192}, 0.3));
        const auto tile = [&](std::int64_t row, std::int64_t column) {
            return made.slice(2, row, row + 32).slice(3, column, column + 32);
        };
        QVERIFY(torch::allclose(tile(64, 64), tile(96, 64), 1e-3, 1e-4));
        QVERIFY(torch::allclose(tile(64, 64), tile(96, 96), 1e-3, 1e-4));
        QVERIFY(tile(64, 64).std().item<double>() > 0.01);
    }

    void levelFallsWhileItHolds_data() {
        QTest::addColumn<double>("level");
        QTest::addColumn<double>("held");
        QTest::addColumn<double>("expected");
        QTest::newRow("it does not hold") << 2.0 << 0.9 << 2.0;
        QTest::newRow("it holds") << 2.0 << 0.92 << 1.8;
        QTest::newRow("it holds well") << 2.0 << 0.96 << 1.0;
        QTest::newRow("the end") << 0.5 << 0.96 << 0.4;
    }
    void levelFallsWhileItHolds() {
        QFETCH(double, level);
        QFETCH(double, held);
        QFETCH(double, expected);
        const LevelFall by{.hold = 0.9, .wellAbove = 0.05, .fall = 0.1, .fastFall = 0.5, .lastLevel = 0.4};
        QCOMPARE(fallenLevel(level, held, by), expected);
    }

    /// Families are drawn alike, pictures are functions of their number, and a file that cannot be read
    /// stands back.
    void hardNegatives() {
        const auto screens = picturesIn("screens", 20);
        const auto charts = picturesIn("charts", 1);
        std::ofstream(folder("screens") / "0.png") << "no picture";
        const std::string names = screens.string() + "," + charts.string();
        const auto all = negativeSets(names, training::Split::All);
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].files.size(), std::size_t(20));
        QVERIFY(negativeSets("", training::Split::All).empty());
        // One picture is of one part only: where that is not the one for validation there is none.
        QVERIFY(negativeSets(charts.string(), training::Split::Validation).size() <= 1);
        QCOMPARE(codeOf([] { negativeSets("/nowhere", training::Split::Train); }),
                 nameOf(ErrorCode::NotFound));

        const HardNegatives source(all, 3);
        StepRandom random(1, 2, 3);
        std::vector<std::uint64_t> numbers;
        std::map<std::uint64_t, int> families;
        for (int i = 0; i < 700; ++i) {
            numbers.push_back(source.draw(random));
            ++families[numbers.back() % 7];
        }
        QCOMPARE(families.size(), std::size_t(7));  // two folders and five that are made
        for (const auto& [family, count] : families) QVERIFY(count > 60 && count < 140);
        numbers.resize(12);
        const auto pictures = source.pictures(numbers, 32);
        QCOMPARE(pictures.sizes(), (at::IntArrayRef{12, 3, 32, 32}));
        QVERIFY(pictures.abs().max().item<double>() < 1 + 1e-5);
        QVERIFY(torch::equal(pictures, HardNegatives(all, 3).pictures(numbers, 32)));
        QVERIFY(!torch::equal(pictures, HardNegatives(all, 4).pictures(numbers, 32)));
        const std::uint64_t broken = 7 * 20;  // the first file of the first folder
        QVERIFY(torch::isfinite(source.pictures({&broken, 1}, 32)).all().item<bool>());
        std::ofstream(folder("charts") / "0.png") << "no picture";
        const std::uint64_t only = 1;
        QCOMPARE(codeOf([&] { source.pictures({&only, 1}, 32); }), nameOf(ErrorCode::NotFound));
    }

    void hardestComeAgain() {
        HardestNegatives hardest;
        QVERIFY(hardest.empty() && hardest.meanScore() == 0);
        for (std::uint64_t number = 0; number < 200; ++number)
            hardest.see(number, static_cast<double>(number % 100));
        StepRandom random(1, 2, 3);
        std::set<std::uint64_t> drawn;
        for (int i = 0; i < 2000; ++i) drawn.insert(hardest.draw(random) % 100);
        QCOMPARE(drawn.size(), std::size_t(32));  // twice each of 68..99
        QCOMPARE(*drawn.begin(), std::uint64_t(68));
        // One that is not hard any more goes as soon as others come.
        hardest.see(199, -5);
        hardest.see(300, 80);
        for (int i = 0; i < 2000; ++i) QVERIFY(hardest.draw(random) != 199);
        HardestNegatives again;
        again.fromJson(Json::parse(hardest.toJson().dump()));
        QCOMPARE(again.toJson(), hardest.toJson());
        QCOMPARE(again.meanScore(), hardest.meanScore());
    }

    /// It learns to tell signed pictures from unsigned ones, hard negatives among these; then the attacks
    /// begin and the visibility falls; and validation finds what training finds.
    void learnsToTell() {
        auto options = smallPresence();
        options.startLevel = 8;  // plain to see: learnt in few steps
        JointTraining job(options);
        training::StepResult last;
        double told = 0;
        while (job.stepsDone() < 400 && !(value(last.values, "level") < 0.8 * options.startLevel)) {
            last = job.step({batchOf(job, job.stepsDone())});
            told = std::max(told, value(last.values, "accuracy"));
        }
        QVERIFY2(told > options.openAccuracy, qPrintable(QString::number(told)));
        QVERIFY(value(last.values, "level") < 0.8 * options.startLevel);
        const Json state = Json::parse(job.state().metadata.at("ladder"));
        QVERIFY(state.at("open").get<bool>());
        QCOMPARE(state.at("hardest").size(), std::size_t(64));

        training::PhotoSet photos;
        for (const auto& entry : fs::directory_iterator(picturesIn("photos", 6)))
            photos.files.push_back(entry.path());
        job.setViews(photos);
        const auto validation = job.validate();
        QVERIFY(validation && validation->photographs == 6);
        QVERIFY(value(validation->values, "val_found") >= value(validation->values, "val_found_least"));
        QVERIFY(value(validation->values, "val_reported") < value(validation->values, "val_found"));
        QCOMPARE(job.validate()->values, validation->values);

        // The model that comes out examines pictures of any proportions.
        job.writeModel(folder("model"), Json::object());
        const auto manifest = models::findModel(folder("model").string(), {});
        QCOMPARE(manifest.arch, std::string("texture"));
        QCOMPARE(manifest.options.at("level").get<double>(), state.at("level").get<double>());
        const auto& weights = manifest.weightsFor("detector");
        Model model(manifest.options, manifest.pathOf(weights), weights.sha256, "cpu", 1);
        const auto picture = makePicture(300, 200, 3, 8, 1);
        const auto residual = model.residual(picture, {});
        QCOMPARE(std::pair(residual.width, residual.height), (std::pair{48, 32}));
        const auto before = model.detect(picture);
        QCOMPARE(std::pair(before.columns, before.rows), (std::pair{6, 4}));
        const auto after = model.detect(image::addResidual(picture, residual, 1, 1, nullptr));
        QVERIFY(after.presenceLogit > before.presenceLogit);
    }

    void otherNetworksAreRefused_data() {
        QTest::addColumn<QString>("json");
        QTest::newRow("compact") << R"({"objective": "presence"})";
        QTest::newRow("a code") << R"({"objective": "presence", "network": {"arch": "texture", "bits": 8}})";
        QTest::newRow("another objective") << R"({"network": {"arch": "texture"}})";
    }
    void otherNetworksAreRefused() {
        QFETCH(QString, json);
        QCOMPARE(codeOf([&] { TrainingOptions::fromJson(Json::parse(json.toStdString())); }),
                 nameOf(ErrorCode::BadOption));
    }
};

SIGNET_TEST(TestPresenceTraining)
#include "test_presence_training.moc"
