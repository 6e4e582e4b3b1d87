// Paper B's training: a small generator learns to carry bits, goes on bit for bit from its state, and comes
// out as a model.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "core/base/error.h"
#include "core/fingerprint/fingerprint_training.h"
#include "core/fingerprint/immunisation.h"
#include "core/fingerprint/network_adoption.h"
#include "core/models/model_store.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::fingerprint;
using test::errorOf;
using torch::Tensor;

namespace {

constexpr int kFingerprintSide = 8;

FingerprintTrainingOptions smallestFingerprint() {
    FingerprintTrainingOptions options;
    auto& network = options.network;
    network.side = kFingerprintSide;
    network.bits = 6;
    network.latent = network.style = 16;
    network.mappingLayers = 2;
    network.mappingRate = 1;
    network.signedBits = true;
    network.featureBase = network.decoderBase = 64;
    network.featureMost = network.decoderMost = 16;
    options.batch = 8;
    options.steps = 1000;
    options.bf16 = false;
    options.r1 = 1;
    options.r1Every = 4;
    options.bitsFirst = 0.95;
    options.validationImages = 64;
    options.averageImages = 100;
    return options;
}

training::Batch fingerprintBatch(std::uint64_t step) {
    torch::manual_seed(step + 1);
    return {torch::upsample_bilinear2d(torch::rand({8, 3, 3, 3}) * 1.6 - 0.8,
                                       {kFingerprintSide, kFingerprintSide}, false)};
}

std::map<std::string, double> trainFingerprint(FingerprintTraining& job, std::uint64_t to) {
    training::StepResult last;
    while (job.stepsDone() < to) last = job.step(fingerprintBatch(job.stepsDone()));
    return {last.values.begin(), last.values.end()};
}

double valueOf(const training::NamedValues& values, const std::string& name) {
    for (const auto& [key, value] : values)
        if (key == name) return value;
    return NAN;
}

class TestFingerprintTraining : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }  // of what is so small more than one wait for each other

    void bitsAreLearnt() {
        auto options = smallestFingerprint();
        options.learningRate = 0.01;
        options.pathWeight = 0;
        FingerprintTraining job(options);
        const double before = valueOf(job.validate()->values, "val_bit_accuracy");
        QVERIFY2(std::abs(before - 0.5) < 0.12, qPrintable(QString::number(before)));
        trainFingerprint(job, 100);
        const double after = valueOf(job.validate()->values, "val_bit_accuracy");
        QVERIFY2(after > 0.75, qPrintable(QString::number(after)));
    }

    /// Few bits vary at first, more as they are read; then the weights turn, and only then there is a
    /// discriminator.
    void picturesComeBeforeBits() {
        auto options = smallestFingerprint();
        options.pathWeight = 0;
        options.picturesFirst = 3;
        options.bitsFirst = 0.7;
        options.firstBits = 2;
        FingerprintTraining job(options);
        for (int step = 0; step < 5; ++step) {
            const auto values = job.step(fingerprintBatch(job.stepsDone())).values;
            const bool without = step < 3;
            QCOMPARE(std::isnan(valueOf(values, "loss_bits")), without);
            QCOMPARE(std::isnan(valueOf(values, "bit_accuracy")), without);
            QCOMPARE(std::isnan(valueOf(values, "loss_consistency")), without);
            QVERIFY(!std::isnan(valueOf(values, "loss_latent")));
            QVERIFY(valueOf(values, "varied_bits") >= (without ? 0 : 2));
        }
        // Across the change a run goes on bit for bit.
        FingerprintTraining whole(options), first(options), second(options);
        trainFingerprint(whole, 6);
        trainFingerprint(first, 2);
        second.restore(first.state());
        trainFingerprint(second, 6);
        for (const auto& [name, tensor] : whole.state().tensors)
            QVERIFY2(torch::equal(tensor, second.state().tensors.at(name)), name.c_str());
    }

    /// After pictures first and from another training's weights fingerprints begin as near as is said.
    void bitsBeginNearEachOther() {
        auto options = smallestFingerprint();
        options.pathWeight = 0;
        options.picturesFirst = 2;
        options.firstDifference = 0.001;
        const auto begins = [&](FingerprintTraining& job) {
            return valueOf(job.step(fingerprintBatch(job.stepsDone())).values, "loss_consistency");
        };
        const auto isNear = [](double apart) { return apart > 0.0005 && apart < 0.002; };
        FingerprintTraining job(options);
        trainFingerprint(job, 2);
        const double after = begins(job);
        QVERIFY2(isNear(after), qPrintable(QString::number(after)));

        options.picturesFirst = 0;
        FingerprintTraining first(options), started(options);
        const double large = begins(first);
        QVERIFY2(large > 0.002, qPrintable(QString::number(large)));
        started.startFrom(nn::withoutPrefix(FingerprintTraining(options).state().tensors, "net."));
        const double small = begins(started);
        QVERIFY2(isNear(small), qPrintable(QString::number(small)));

        options.network.signedBits = false;
        QVERIFY_EXCEPTION_THROWN(options.validate(), Error);
    }

    /// Bits that both have do what they did, whether the others are more or fewer.
    void startsFromNetworksOfOtherBits_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<QString>("variant");
        QTest::newRow("more") << 10 << "published";
        QTest::newRow("fewer") << 4 << "published";
        QTest::newRow("of variant I") << 10 << "I";
        QTest::newRow("of variant III") << 10 << "III";
    }
    void startsFromNetworksOfOtherBits() {
        QFETCH(const int, bits);
        QFETCH(const QString, variant);
        FingerprintOptions options = smallestFingerprint().network;
        options.variant = variant.toStdString();
        torch::manual_seed(3);
        FingerprintNetworks from(options);
        options.bits = bits;
        FingerprintNetworks to(options);
        to.load(adopted(to, from.state()));
        const torch::NoGradGuard guard;
        const auto z = torch::randn({4, options.latent});
        const auto none = [&](int count) { return torch::full({4, count}, 0.5); };
        const int shared = std::min(bits, 6);
        const auto bit = [&](int count, int which) {
            auto codes = none(count);
            codes.select(1, which).fill_(1);
            return codes;
        };
        for (int which = 0; which < shared; ++which)
            QVERIFY(torch::allclose(from.draw(z, bit(6, which), {}), to.draw(z, bit(bits, which), {}), 1e-4,
                                    1e-4));
        const auto pictures = from.draw(z, none(6), {});
        QVERIFY(torch::allclose(from.decode(pictures).logits.slice(1, 0, shared),
                                to.decode(pictures).logits.slice(1, 0, shared), 1e-4, 1e-4));
        QVERIFY(torch::allclose(from.decode(pictures).latent, to.decode(pictures).latent, 1e-4, 1e-4));
        if (bits > 6)
            QVERIFY(!torch::allclose(to.draw(z, none(bits), {}), to.draw(z, bit(bits, bits - 1), {})));
    }

    /// A level that is modulated no more draws what it drew of bits that are neither 0 nor 1.
    void startsFromNetworksOfMoreModulatedLevels() {
        FingerprintOptions options = smallestFingerprint().network;
        torch::manual_seed(3);
        FingerprintNetworks from(options);
        options.modulatedFrom = kFingerprintSide;
        FingerprintNetworks to(options);
        to.load(adopted(to, from.state()));
        const torch::NoGradGuard guard;
        const auto z = torch::randn({4, options.latent});
        const auto neither = torch::full({4, options.bits}, 0.5), codes = torch::ones({4, options.bits});
        QVERIFY(torch::allclose(from.draw(z, neither, {}), to.draw(z, neither, {}), 1e-4, 1e-4));
        QVERIFY(!torch::allclose(from.draw(z, codes, {}), to.draw(z, codes, {}), 1e-2, 1e-2));
        QVERIFY(!torch::allclose(to.draw(z, neither, {}), to.draw(z, codes, {}), 1e-2, 1e-2));
        // What cannot be adopted is refused.
        options.modulatedFrom = 4;
        FingerprintNetworks whole(options);
        QVERIFY_EXCEPTION_THROWN(whole.load(adopted(whole, to.state())), Error);
    }

    void bitsComeFirstAFewAtATime() {
        auto options = smallestFingerprint();
        options.learningRate = 0.005;
        options.pathWeight = 0;
        options.firstRate = 2;
        options.firstBits = 2;
        options.firstOtherWeight = 0;
        options.bitsFirst = 0.7;
        options.turnStep = 0.2;

        FingerprintTraining job(options);
        std::vector<double> varied, turn;
        while (job.stepsDone() < 400) {
            const auto result = job.step(fingerprintBatch(job.stepsDone()));
            const double bits = valueOf(result.values, "varied_bits");
            if (std::isnan(bits)) break;
            const bool judged = !std::isnan(valueOf(result.values, "loss_adversarial"));
            QCOMPARE(judged, !turn.empty() && turn.back() > 0);
            QCOMPARE(!std::isnan(valueOf(result.values, "loss_consistency")), judged);
            varied.push_back(bits);
            turn.push_back(valueOf(result.values, "turn"));
        }
        QVERIFY2(job.stepsDone() < 400, "the bits were not read");
        QCOMPARE(varied.front(), 2.0);
        QVERIFY(std::is_sorted(varied.begin(), varied.end()) && std::is_sorted(turn.begin(), turn.end()));
        QCOMPARE(varied.back(), 6.0);
        QCOMPARE(turn.front(), 0.0);
        QVERIFY(turn.back() > 0.5);
        // In the middle of it a run goes on bit for bit.
        FingerprintTraining whole(options), first(options), second(options);
        trainFingerprint(whole, 60);
        trainFingerprint(first, 40);
        second.restore(first.state());
        trainFingerprint(second, 60);
        for (const auto& [name, tensor] : whole.state().tensors)
            QVERIFY2(torch::equal(tensor, second.state().tensors.at(name)), name.c_str());
    }

    void goesOnFromItsStateBitForBit() {
        FingerprintTraining whole(smallestFingerprint()), first(smallestFingerprint());
        trainFingerprint(whole, 10);
        trainFingerprint(first, 5);
        FingerprintTraining second(smallestFingerprint());
        second.restore(first.state());
        QCOMPARE(second.stepsDone(), std::uint64_t{5});
        trainFingerprint(second, 10);
        const auto a = whole.state(), b = second.state();
        QCOMPARE(a.metadata, b.metadata);
        QCOMPARE(a.tensors.size(), b.tensors.size());
        for (const auto& [name, tensor] : a.tensors)
            QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
    }

    void stateOfOtherNetworksIsRefused() {
        FingerprintTraining job(smallestFingerprint());
        auto others = smallestFingerprint();
        others.network.bits = 7;
        FingerprintTraining other(others);
        const auto refusal = [&](const nn::SafeTensors& state) {
            return errorOf([&] { other.restore(state); });
        };
        QVERIFY(refusal(job.state()).startsWith("bad_option"));
        auto cut = other.state();
        cut.tensors.erase("running");
        QVERIFY(refusal(cut).startsWith("corrupt"));
    }

    /// Each kind changes pictures, some of the time, and lets gradients through; trained with, a run goes on
    /// bit for bit.
    void immunised_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"crop", "blur", "jpeg", "noise", "all"}) QTest::newRow(kind) << kind;
    }
    void immunised() {
        QFETCH(const QString, kind);
        torch::manual_seed(4);
        const auto pictures =
            torch::upsample_bilinear2d(torch::rand({3, 3, 8, 8}) * 1.6 - 0.8, {32, 32}, false);
        int changed = 0;
        for (std::uint64_t draw = 0; draw < 40; ++draw) {
            StepRandom random(1, 1, draw);
            const auto x = pictures.clone().requires_grad_(true);
            const auto after = perturbed(kind.toStdString(), x, random);
            QCOMPARE(after.sizes(), x.sizes());
            const double most = (after - x).abs().max().item<double>();
            changed += most > 0;
            QVERIFY(most < 1.7);
            after.square().sum().backward();
            QVERIFY(x.grad().abs().sum().item<double>() > 0);
        }
        QVERIFY2(changed > 10 && changed < 30, qPrintable(QString::number(changed)));
        auto options = smallestFingerprint();
        options.immunise = kind.toStdString();
        FingerprintTraining whole(options), first(options), second(options);
        trainFingerprint(whole, 4);
        trainFingerprint(first, 2);
        second.restore(first.state());
        trainFingerprint(second, 4);
        for (const auto& [name, tensor] : whole.state().tensors)
            QVERIFY2(torch::equal(tensor, second.state().tensors.at(name)), name.c_str());
    }

    void otherImmunisationsAreRefused() {
        auto options = smallestFingerprint();
        options.immunise = "rotation";
        QVERIFY_EXCEPTION_THROWN(options.validate(), Error);
        StepRandom random(1, 1, 1);
        QCOMPARE(perturbed("none", torch::ones({1, 3, 8, 8}), random).sum().item<double>(), 192.0);
    }

    /// What stands in a step's record, by what the options ask for.
    void termsAreThoseAskedFor_data() {
        QTest::addColumn<double>("bitsFirst");
        QTest::newRow("bits first") << 0.99;
        QTest::newRow("the paper's weights") << 0.0;
    }
    void termsAreThoseAskedFor() {
        QFETCH(const double, bitsFirst);
        auto options = smallestFingerprint();
        options.bitsFirst = bitsFirst;
        options.pathEvery = 2;
        FingerprintTraining job(options);
        const auto first = trainFingerprint(job, 1), second = trainFingerprint(job, 2);
        QVERIFY(first.contains("loss_consistency"));
        QVERIFY(first.contains("path_length") && first.contains("r1"));
        QVERIFY(!second.contains("path_length") && !second.contains("r1"));
        for (const auto& [name, value] : second) QVERIFY2(std::isfinite(value), name.c_str());
    }

    void fixedSetIsAllThatIsDrawn() {
        // A single code: its bits are learnt at once, and say nothing of any other.
        auto options = smallestFingerprint();
        options.codes = 1;
        FingerprintTraining job(options);
        const auto values = trainFingerprint(job, 60);
        QVERIFY2(values.at("bit_accuracy") > 0.95, qPrintable(QString::number(values.at("bit_accuracy"))));
        const double others = valueOf(job.validate()->values, "val_bit_accuracy");
        QVERIFY2(others < 0.75, qPrintable(QString::number(others)));
    }

    void becomesAModel() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("model").toStdString();
        FingerprintTraining job(smallestFingerprint());
        trainFingerprint(job, 2);
        const auto samples = job.samples();
        QVERIFY(samples);
        QCOMPARE(samples->record["rows"].size(), std::size_t{6});
        QCOMPARE(samples->grid.width, 4 * kFingerprintSide);
        job.writeModel(path, Json::object());
        const auto manifest = models::findModel(path, {});
        QVERIFY(manifest.kind() == models::Kind::Fingerprint);
        QCOMPARE(manifest.bits(), 6);
        QVERIFY(!manifest.validated);
        FingerprintNetworks networks(FingerprintOptions::fromJson(manifest.options));
        const auto& weights = manifest.weightsFor("generator");
        networks.load(nn::loadSafeTensors(manifest.pathOf(weights), weights.sha256).tensors);
        QVERIFY(networks.draw(torch::randn({1, 16}), torch::ones({1, 6}), {}).isfinite().all().item<bool>());
        // A run can begin with a model, which has no discriminator.
        FingerprintTraining next(smallestFingerprint());
        next.startFrom(nn::loadSafeTensors(manifest.pathOf(weights)).tensors);
        trainFingerprint(next, 1);
    }

    void optionsNameWhatIsWrong_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("said");
        QTest::newRow("side") << R"({"side":48})"
                              << "power of 2";
        QTest::newRow("bits") << R"({"bits":0})"
                              << "bits";
        QTest::newRow("variant") << R"({"variant":"IV"})"
                                 << "variant";
        QTest::newRow("levels") << R"({"modulatedFrom":64,"modulatedTo":8})"
                                << "modulatedFrom";
        QTest::newRow("unknown") << R"({"bitz":8})"
                                 << "bitz";
    }
    void optionsNameWhatIsWrong() {
        QFETCH(const QString, json);
        QFETCH(const QString, said);
        auto options = Json::parse(json.toStdString());
        options["task"] = kFingerprintTask;
        const QString message =
            errorOf([&] { tasks::all().of(options).complete(options); }, ErrorCode::BadOption);
        QVERIFY2(message.contains(said), qPrintable(message));
    }

    void presetIsComplete() {
        const Json options = training::configure(tasks::all(), "fingerprint-cats", {});
        QCOMPARE(options.at("task").get<std::string>(), std::string(kFingerprintTask));
        QCOMPARE(options.at("bits").get<int>(), 48);
    }
};

}  // namespace

SIGNET_TEST(TestFingerprintTraining)
#include "test_fingerprint_training.moc"
