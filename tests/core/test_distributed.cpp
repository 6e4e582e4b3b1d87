#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <cmath>
#include <cstring>

#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/image/encode.h"
#include "core/signature/joint_training.h"
#include "core/training/loader.h"
#include "tests/core/image_builders.h"
#include "tests/core/ranks.h"
#include "tests/core/tensor_builders.h"
#include "tests/support/test_program.h"

// Designated initialisers name what a test is about; the other fields keep their defaults.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace signet;
using namespace signet::tests;
using signature::JointTraining;
using signature::TrainingOptions;
using training::ProcessGroup;
namespace fs = std::filesystem;

namespace {

/// The smallest run of each kind; attacks open as soon as the accuracy is better than chance. Groups of three
/// images share an attack, so that with 8 images on 2 or 4 ranks some groups lie on two ranks.
TrainingOptions optionsOf(const QString& kind) {
    TrainingOptions options;
    options.batch = 8;
    options.bf16 = false;
    options.steps = 12;
    options.network.injectorWidths = {8, 8, 16};
    options.network.detectorWidths = {8, 8, 16};
    options.startDb = 15;
    options.learningRate = 2e-4;
    options.openAccuracy = 0.5;
    options.holdAccuracy = 0.5;
    options.flipShare = 0.3;
    options.attackBoth = 0.5;
    options.network.bits = kind.startsWith("code") ? 8 : kind == "paper" ? 2 : 1;
    options.network.workSide = kind.startsWith("code") ? 96 : 32;
    if (kind == "code, accumulated") options.accumulate = 2;
    if (kind == "presence") options.ema = 0.9;
    if (kind == "texture") {
        options.objective = "presence";
        options.network.arch = "texture";
        options.againShare = 0.5;
    }
    if (kind == "paper") {
        options.objective = "paper";
        options.checkpointing = true;
        options.network.arch = "paper";
        options.batch = 4;
        options.steps = 3;
        options.learningRate = 1e-4;
        options.clip = 0;
        options.ramp = 1;
        options.noise = 0.1;
    }
    return options;
}

at::Tensor tensorOf(const std::string& text) {
    auto bytes = at::empty({static_cast<std::int64_t>(text.size())}, at::kByte);
    std::memcpy(bytes.data_ptr(), text.data(), text.size());
    return bytes;
}

/// Steps whose values are compared: the first three, one amid the run and its last.
constexpr std::uint64_t kCompared[] = {0, 1, 2, 6, 11};

/// Which run a rank makes.
struct Run {
    TrainingOptions options;
    bool keepStates = false;                ///< return "state<k>/..." before each compared step k
    const nn::TensorMap* states = nullptr;  ///< make the compared steps only, each from the state of these
    std::uint64_t steps = std::end(kCompared)[-1] + 1;
};

/// A run: "curve/<value>" over the compared steps; at the end the ladder as bytes and the SHA-256 of weights,
/// statistics and moments.
nn::TensorMap trained(ProcessGroup& group, const Run& run) {
    JointTraining job(run.options, {.group = c10::intrusive_ptr<ProcessGroup>::reclaim_copy(&group)});
    std::map<std::string, std::vector<double>> curves;
    nn::TensorMap all;
    const auto steps = std::min(run.steps, std::uint64_t(run.options.steps));
    for (std::uint64_t step = 0; step < steps; ++step) {
        const bool isCompared = std::count(std::begin(kCompared), std::end(kCompared), step) > 0;
        const auto prefix = "state" + std::to_string(step) + "/";
        if (run.states && !isCompared) continue;
        if (run.keepStates && isCompared) {
            const nn::SafeTensors now = job.state();
            const std::string metadata = prefix + "meta/";
            for (const auto& [name, tensor] : now.tensors) all[prefix + name] = tensor.clone();
            for (const auto& [name, text] : now.metadata) all[metadata + name] = tensorOf(text);
        }
        if (run.states) {
            nn::SafeTensors state{nn::withoutPrefix(*run.states, prefix), {}};
            for (const auto& [name, bytes] : nn::withoutPrefix(state.tensors, "meta/")) {
                state.metadata[name] = {static_cast<const char*>(bytes.data_ptr()),
                                        std::size_t(bytes.numel())};
                state.tensors.erase("meta/" + name);
            }
            job.restore(state);
        }
        const auto result = job.step({batchOf(job, step)});
        if (!isCompared) continue;
        double total = 0;
        for (const auto& [name, value] : result.values) {
            curves[name].push_back(value);
            if (name.starts_with("loss_")) total += value;
        }
        curves["total"].push_back(total);
    }
    for (const auto& [name, values] : curves) all["curve/" + name] = at::tensor(values, at::kDouble);
    const nn::SafeTensors state = job.state();
    all["sha256"] = tensorOf(sha256Hex(nn::serializeSafeTensors(state.tensors, state.metadata)));
    all["ladder"] = tensorOf(state.metadata.at("ladder"));
    return all;
}

}  // namespace

class TestDistributed : public QObject {
    Q_OBJECT

    std::map<QString, RankResult> m_alone;

    const RankResult& alone(const QString& kind) {
        if (!m_alone.contains(kind)) {
            const Run run{.options = optionsOf(kind), .keepStates = kind != "paper"};
            m_alone[kind] = onRanks(1, [&](ProcessGroup& group) { return trained(group, run); }).front();
        }
        return m_alone[kind];
    }

    /// All ranks end with the same weights, moments, statistics and ladder, bit for bit.
    static void compareRanks(const std::vector<RankResult>& results) {
        for (const auto& result : results) {
            QVERIFY2(result.status == 0, result.error.c_str());
            for (const auto& [name, tensor] : results[0].tensors)
                QVERIFY2(at::equal(result.tensors.at(name), tensor), name.c_str());
        }
    }

    /// Fails where a value of a step is off by more than `most` of its curve's largest. first > 0: only so
    /// many steps, of the curves that begin with the run.
    static void compareCurves(const nn::TensorMap& expected, const nn::TensorMap& actual, const char* of,
                              double most, std::int64_t first = 0) {
        const auto steps = expected.at("curve/total").size(0);
        int compared = 0;
        for (const auto& [name, curve] : expected) {
            if (!name.starts_with(of) || (first > 0 && curve.size(0) < steps)) continue;
            ++compared;
            const auto begins = [&](const at::Tensor& t) { return first > 0 ? t.slice(0, 0, first) : t; };
            const double found =
                largest(begins(actual.at(name)) - begins(curve)) / std::max(1e-3, largest(curve));
            QVERIFY2(found < most, qPrintable(QString("%1 is off by up to %2").arg(name.c_str()).arg(found)));
        }
        QVERIFY(compared > 0);
    }

private Q_SLOTS:
    void ranksTrainAsOneProcess_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("size");
        for (const char* kind : {"presence", "texture", "code"})
            for (const int size : {2, 4})
                QTest::addRow("%s on %d ranks", kind, size) << QString(kind) << size;
        QTest::newRow("paper on 2 ranks") << QString("paper") << 2;
    }
    /// The curve of the loss begins as that of one process with the same batch: the first step's terms to
    /// 1e-5, the sum of them over three steps to 3e-3. (Adam's first steps are about the gradients' signs and
    /// the attacks round to 8 bits, so float32 rounding grows from step to step, on each processor otherwise;
    /// stepsFromOneStateAreTheSame has the later ones.)
    void ranksTrainAsOneProcess() {
        QFETCH(QString, kind);
        QFETCH(int, size);
        const auto& expected = alone(kind);
        QVERIFY2(expected.status == 0, expected.error.c_str());
        const Run run{.options = optionsOf(kind), .steps = 3};
        const auto results = onRanks(size, [&](ProcessGroup& group) { return trained(group, run); });
        compareRanks(results);
        if (QTest::currentTestFailed()) return;
        compareCurves(expected.tensors, results[0].tensors, "curve/loss_", 1e-5, 1);
        compareCurves(expected.tensors, results[0].tensors, "curve/total", 3e-3, 3);
    }

    void stepsFromOneStateAreTheSame_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("size");
        for (const char* kind : {"presence", "texture", "code", "code, accumulated"})
            for (const int size : {2, 4})
                QTest::addRow("%s on %d ranks", kind, size) << QString(kind) << size;
    }
    /// Steps of the run, made by several ranks from the state one process had before each, come to the same
    /// values: losses to 1e-3, gradient norm, accuracies and ladder to 1 %, attacks on and off.
    void stepsFromOneStateAreTheSame() {
        QFETCH(QString, kind);
        QFETCH(int, size);
        const auto& expected = alone(kind);
        QVERIFY2(expected.status == 0, expected.error.c_str());
        const auto& ladder = expected.tensors.at("state11/meta/ladder");
        const std::string text(static_cast<const char*>(ladder.data_ptr()), std::size_t(ladder.numel()));
        QVERIFY2(Json::parse(text)["open"].get<bool>(), "the attacks must be on in the last step");
        const Run run{.options = optionsOf(kind), .states = &expected.tensors};
        const auto results = onRanks(size, [&](ProcessGroup& group) { return trained(group, run); });
        compareRanks(results);
        if (QTest::currentTestFailed()) return;
        compareCurves(expected.tensors, results[0].tensors, "curve/", 0.01);
        compareCurves(expected.tensors, results[0].tensors, "curve/loss_", 1e-3);
    }

    void batchesThatCannotBeSharedAreRefused() {
        const auto results =
            onRanks(3, [](ProcessGroup& group) { return trained(group, {.options = optionsOf("code")}); });
        for (const auto& result : results) {
            QCOMPARE(result.code, std::string("bad_option"));
            QVERIFY2(result.error.find("8 images cannot be shared evenly by 3 ranks") != std::string::npos,
                     result.error.c_str());
        }
    }

    /// The shares of a batch, put together, are the batch one process gets, broken files included.
    void loadersShareABatch() {
        QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        for (unsigned i = 0; i < 7; ++i)
            writeFileAtomically(folder / ("p" + std::to_string(i) + ".png"),
                                i == 3 ? Bytes{1, 2, 3} : image::encode(makePicture(60, 48, 3, 8, i + 1), {}),
                                IfExists::Refuse);
        const auto photos = training::listPhotos(folder, training::Split::All);
        constexpr int kRanks = 3, kParts = 2;
        const auto loader = [&](int rank, int ranks) {
            return std::make_unique<training::Loader>(
                photos,
                training::LoaderOptions{
                    .side = 16, .batch = 12, .parts = kParts, .rank = rank, .ranks = ranks, .seed = 5},
                0);
        };
        const auto whole = loader(0, 1);
        std::vector<std::unique_ptr<training::Loader>> ranks;
        for (int rank = 0; rank < kRanks; ++rank) ranks.push_back(loader(rank, kRanks));
        for (int batch = 0; batch < 5; ++batch) {
            std::vector<std::vector<at::Tensor>> shares;
            for (auto& rank : ranks) shares.push_back(rank->next().images.chunk(kParts));
            std::vector<at::Tensor> all;
            for (std::size_t part = 0; part < kParts; ++part)
                for (const auto& ofRank : shares) all.push_back(ofRank[part]);
            QVERIFY(at::equal(at::cat(all), whole->next().images));
        }
    }
};

SIGNET_TEST(TestDistributed)
#include "test_distributed.moc"
