// What attackers leave of a signature without networks.
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <stop_token>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/examine/card_sections.h"
#include "core/examine/independent_images.h"
#include "core/examine/removal.h"
#include "core/metrics/quality.h"
#include "core/models/training_list.h"
#include "tests/core/evaluation_fixture.h"
#include "tests/core/made_signature.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::examine;
using namespace signet::test;
namespace fs = std::filesystem;

namespace {

/// The photograph that a picture was made from, but for one level of one pixel.
image::Image broughtBack(const image::Image& picture, int photographs) {
    image::Image nearest = evaluatedPicture(0);
    for (int i = 1; i < photographs; ++i)
        if (const auto other = evaluatedPicture(i);
            metrics::mse(other, picture) < metrics::mse(nearest, picture))
            nearest = other;
    nearest.data[0] ^= 1;
    return nearest;
}

/// Does the same to every picture.
class MadeAttacker final : public Attacker {
public:
    using Work = std::function<image::Image(const Attacked&)>;

    MadeAttacker(std::string name, Work work, const fs::path& folder = {})
        : m_name(std::move(name)), m_work(std::move(work)) {
        m_model.folder = folder;
    }
    std::string name() const override { return m_name; }
    const models::Manifest& model() const override { return m_model; }
    Json settings() const override {
        return {{"remover", "eraser"},
                {"signature", "made"},
                {"keys", "public"},
                {"generator", "drawer"},
                {"steps", 40}};
    }
    image::Image attack(const Attacked& attacked, const WorkContext& /*context*/) override {
        return m_work(attacked);
    }

private:
    std::string m_name;
    Work m_work;
    models::Manifest m_model;
};

}  // namespace

class TestMeasuredRemoval : public QObject, protected EvaluationFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() { newFolder(); }

    void removed_data() {
        QTest::addColumn<QString>("way");
        QTest::addColumn<int>("found");           // of 12, after the attacker
        QTest::addColumn<int>("foundMirrored");   // and after a flip
        QTest::addColumn<double>("leastGainDb");  // of the PSNR to the original
        QTest::addColumn<double>("greatestGainDb");
        QTest::newRow("nothing is taken off") << "nothing" << 12 << 0 << 0.0 << 0.0;
        QTest::newRow("the original is brought back") << "back" << 0 << 0 << 20.0 << 100.0;
        QTest::newRow("the picture is ruined") << "mirror" << 0 << 12 << -60.0 << -5.0;
    }
    /// Each attack without and after the attacker; a signature that is gone shows by the PSNR whether it was
    /// removed or the picture ruined.
    void removed() {
        QFETCH(QString, way);
        QFETCH(int, found);
        QFETCH(int, foundMirrored);
        QFETCH(double, leastGainDb);
        QFETCH(double, greatestGainDb);
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 12);
        options.attacks = "none,flip";
        options.side = 0;
        options.keep = way == "mirror";
        fs::create_directories(at("eraser"));
        models::TrainingList seen;
        for (const auto& file : training::listedFiles(independentImages(options.images, 5))) seen.add(file);
        models::saveTrainingList(at("eraser"), seen);
        const auto work = [&](const Attacked& attacked) {
            const image::Image& picture = attacked.picture;
            if (way == "back") return broughtBack(picture, 12);
            return way == "mirror" ? attacks::apply(picture, attacks::parsePerturbation("flip"), 1) : picture;
        };
        std::vector<std::unique_ptr<Attacker>> attackers;
        attackers.push_back(std::make_unique<MadeAttacker>("remover", work, at("eraser")));
        const auto rows = measureRemoval(model, attackers, options, 1, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(4));
        const std::array<std::int64_t, 4> wanted{12, found, 0, foundMirrored};
        const std::array<const char*, 4> names{"none", "remover", "flip", "remover+flip"};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const RemovalRow& row = rows[i];
            QCOMPARE(saidText(row.attack), QString(names[i]));
            QCOMPARE(row.truePositives.k, wanted[i]);
            QCOMPARE(row.truePositives.n, std::int64_t{12});
            QCOMPARE(row.falsePositives.k, std::int64_t{0});
            QCOMPARE(row.exactCodeRate->k, row.truePositives.k);
            QVERIFY(!row.inTraining);
            QCOMPARE(row.removal.has_value(), i % 2 == 1);
            QCOMPARE(toJson(removalRowFromJson(toJson(row))).dump(), toJson(row).dump());
        }
        QCOMPARE(*rows[1].removal->inTraining, 5);
        QCOMPARE(std::isnan(rows[1].removal->psnrToSignedDb.mean), way == "nothing");  // nothing differs
        const double gain = rows[1].quality.psnrDb.mean - rows[0].quality.psnrDb.mean;
        QVERIFY2(gain >= leastGainDb && gain <= greatestGainDb, qPrintable(QString::number(gain)));
        const QString card = saidText(removalText(model.manifest));
        QCOMPARE(card.contains("| remover+flip | 12 |"), options.keep);
        QCOMPARE(card.contains("the public key"), options.keep);
    }

    /// Every attacker is shown the signed and the unsigned pictures, with the code and the same seed.
    void severalAttackers() {
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 3);
        options.attacks = "none";
        options.side = 0;
        options.keep = true;
        std::vector<std::uint64_t> seeds;
        std::vector<std::size_t> bits;
        std::vector<std::unique_ptr<Attacker>> attackers;
        attackers.push_back(std::make_unique<MadeAttacker>("regenerate:40", [&](const Attacked& attacked) {
            seeds.push_back(attacked.seed);
            bits.push_back(attacked.code.size());
            return attacked.picture;
        }));
        attackers.push_back(std::make_unique<MadeAttacker>(
            "remover", [](const Attacked& attacked) { return broughtBack(attacked.picture, 3); }));
        const auto rows = measureRemoval(model, attackers, options, 1, {}, nullptr);
        QCOMPARE(rows.size(), std::size_t(3));
        const std::array<const char*, 3> names{"none", "regenerate:40", "remover"};
        const std::array<std::int64_t, 3> found{3, 3, 0};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(saidText(rows[i].attack), QString(names[i]));
            QCOMPARE(rows[i].truePositives.k, found[i]);
        }
        QVERIFY(seeds == (std::vector<std::uint64_t>{1, 1, 2, 2, 3, 3}));
        QVERIFY(bits == std::vector<std::size_t>(6, MadePatterns::kBits));
        QVERIFY(rows[2].removal->psnrToUnsignedDb.mean > 60);  // one level of one pixel
        QVERIFY(rows[2].removal->secondsPerPicture > 0);
        const QString card = saidText(removalText(model.manifest));
        for (const char* said :
             {"| regenerate:40 | 3 |", "| remover | 3 |", "--remover eraser",
              "drawn anew by drawer from noise", "learned to take the signature of made off"})
            QVERIFY2(card.contains(said), said);

        // Records of before there were other attackers.
        Json before = toJson(rows[2]);
        for (const char* later : {"attacker", "psnr_to_unsigned_db", "seconds_per_picture"})
            before["removal"].erase(later);
        const RemovalRow read = removalRowFromJson(before);
        QCOMPARE(saidText(read.removal->attacker), QString("remover"));
        QVERIFY(read.removal->settings == rows[2].removal->settings);
        QCOMPARE(read.removal->psnrToUnsignedDb.n, 0);
    }

    void removalIsRefusedOrStopped() {
        auto model = madeSignature(at("model"));
        EvaluationOptions options;
        options.images = photographs("photos", 2);
        std::stop_source stop;
        std::vector<std::unique_ptr<Attacker>> attackers;
        attackers.push_back(std::make_unique<MadeAttacker>("remover", [&](const Attacked& attacked) {
            stop.request_stop();
            return attacked.picture;
        }));
        const auto refusal = [&] {
            return errorOf([&] {
                measureRemoval(model, attackers, options, 1, {stop.get_token(), {}}, nullptr);
            });
        };
        QVERIFY(refusal().startsWith("cancelled"));
        options.fpr = 1;
        QVERIFY(refusal().startsWith("bad_option"));
    }
};

SIGNET_TEST(TestMeasuredRemoval)
#include "test_measured_removal.moc"
