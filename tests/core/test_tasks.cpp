// The run around a task of another make: two optimisers in turn, a gradient of a gradient, no validation, no
// samples, no average.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/option_fields.h"
#include "core/image/encode.h"
#include "core/training/adam.h"
#include "core/training/run_files.h"
#include "core/training/run_folder.h"
#include "core/training/run_options.h"
#include "core/training/task.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::tests;
using namespace signet::training;
namespace fs = std::filesystem;

namespace {

struct DuelOptions : RunOptions {
    DuelOptions() { task = "duel"; }
    std::string pictures;
    double penalty = 0.1;
};

template <typename Options>
auto walkOf(Options& o) {
    return [&o](auto&& visit) {
        walkRun(o, visit, "duel");
        visit(o.pictures, OptionInfo{"pictures", "Run", "Folder of pictures."});
        visit(o.penalty, OptionInfo{"penalty", "Run", "Weight of the critic's gradient penalty.", 0, 10});
        walkRecord(o, visit);
    };
}

DuelOptions fromJson(const Json& json) {
    DuelOptions options;
    Json left = json.is_object() ? json : Json::object();
    takeFields(walkOf(options), left);
    if (!left.empty()) throwUnknownOption(left.begin().key(), json);
    checkFields(walkOf(options));
    return options;
}

/// A critic of three weights that tells pictures from what a generator of three weights makes of noise.
class Duel final : public TrainingTask {
public:
    explicit Duel(const DuelOptions& options) : m_options(options) {}

    LoaderOptions loaderOptions() const override {
        LoaderOptions loader;
        loader.side = 8;
        loader.batch = m_options.batch;
        loader.seed = static_cast<std::uint64_t>(m_options.seed);
        return loader;
    }
    StepResult step(const Batch& batch) override {
        StepRandom random = stepRandom(static_cast<std::uint64_t>(m_options.seed), m_step);
        const auto real = batch.images.mean({2, 3});
        const auto noise = at::full({real.size(0), 3}, random.normal());
        m_critics.zeroGradient();
        const auto between = (0.5 * (real + (noise * m_generator).detach())).set_requires_grad(true);
        const auto slope =
            torch::autograd::grad({at::tanh(between * m_critic).sum()}, {between}, {}, std::nullopt, true)[0];
        const auto criticLoss = (noise * m_generator).detach().mul(m_critic).mean() -
                                (real * m_critic).mean() +
                                m_options.penalty * (slope.norm(2, {1}) - 1).square().mean();
        criticLoss.backward();
        m_critics.step(1e-2);
        m_generators.zeroGradient();
        const auto generatorLoss = -(noise * m_generator * m_critic).mean();
        generatorLoss.backward();
        m_generators.step(1e-2);
        return {
            ++m_step,
            1e-2,
            {{"loss_critic", criticLoss.item<double>()}, {"loss_generator", generatorLoss.item<double>()}}};
    }
    std::uint64_t stepsDone() const override { return m_step; }
    nn::SafeTensors state() override {
        nn::SafeTensors all;
        all.tensors = {{"net.critic", m_critic.detach().clone()},
                       {"net.generator", m_generator.detach().clone()}};
        nn::addWithPrefix(all.tensors, m_critics.state(), "critics.");
        nn::addWithPrefix(all.tensors, m_generators.state(), "generators.");
        all.metadata = {{"step", std::to_string(m_step)}};
        return all;
    }
    void restore(const nn::SafeTensors& state) override {
        startFrom(nn::withoutPrefix(state.tensors, "net."));
        m_critics.load(nn::withoutPrefix(state.tensors, "critics."));
        m_generators.load(nn::withoutPrefix(state.tensors, "generators."));
        m_step = std::stoull(state.metadata.at("step"));
    }
    void startFrom(const nn::TensorMap& weights) override {
        const at::NoGradGuard guard;
        m_critic.copy_(nn::entryOf(weights, "critic", {3}, "weights"));
        m_generator.copy_(nn::entryOf(weights, "generator", {3}, "weights"));
    }
    void setViews(const PhotoSet& /*photos*/) override {}
    std::optional<Validation> validate() override { return std::nullopt; }
    std::optional<Samples> samples() override { return std::nullopt; }
    std::optional<std::string> advice(const Json& record) override {
        if (record.at("step") != 3) return std::nullopt;
        return "try another seed";
    }
    void writeModel(const fs::path& folder, const Json& /*origin*/) override {
        fs::create_directories(folder);
        const auto weights = nn::serializeSafeTensors({{"generator", m_generator.detach()}}, {});
        writeFileAtomically(folder / "weights.safetensors", weights, IfExists::Replace);
    }
    std::int64_t parameterCount() const override { return 6; }

private:
    DuelOptions m_options;
    at::Tensor m_critic = at::full({3}, 0.5).set_requires_grad(true);
    at::Tensor m_generator = at::full({3}, 0.1).set_requires_grad(true);
    Adam m_critics{{{"critic", m_critic}}, {}};
    Adam m_generators{{{"generator", m_generator}}, {}};
    std::uint64_t m_step = 0;
};

class DuelType final : public TaskType {
public:
    std::string name() const override { return "duel"; }
    models::Kind modelKind() const override { return models::Kind::Generator; }
    std::vector<OptionDescription> describeOptions() const override {
        const DuelOptions standard;
        return describeFields(walkOf(standard));
    }
    Json complete(const Json& options) const override {
        const DuelOptions whole = fromJson(options);
        return fieldsToJson(walkOf(whole));
    }
    std::vector<Folder> folders() const override { return {{"pictures", "Pictures"}}; }
    std::vector<Metric> metrics(const Json& /*options*/) const override {
        return {{"loss_critic", "Loss: critic"}, {"loss_generator", "Loss: generator"}};
    }
    std::string samplesCaption() const override { return {}; }
    SampleReading readSample(const Json& /*row*/) const override { return {}; }
    std::unique_ptr<TrainingTask> create(const Json& options, const Placement& /*placement*/) const override {
        return std::make_unique<Duel>(fromJson(options));
    }

private:
    PhotoSet photosOf(const Json& options, Split split) const override {
        if (split != Split::Train) throw Error(ErrorCode::NotFound, "a duel keeps nothing apart");
        return listPhotos(options.at("pictures").get<std::string>(), Split::All);
    }
};

}  // namespace

class TestTasks : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    TaskRegistry m_tasks;
    fs::path folder(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    Json options() const {
        DuelOptions options;
        options.pictures = folder("pictures").string();
        options.steps = 9;
        options.batch = 2;
        options.logEvery = 1;
        options.validateEvery = options.sampleEvery = options.checkpointEvery = 4;
        return fieldsToJson(walkOf(options));
    }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        fs::create_directories(folder("pictures"));
        for (unsigned i = 0; i < 5; ++i)
            writeFileAtomically(folder("pictures") / (std::to_string(i) + ".png"),
                                image::encode(makePicture(20, 16, 3, 8, i), {}), IfExists::Refuse);
        m_tasks.add(std::make_unique<DuelType>());
    }

    /// In pieces as in one go, although nothing but the task knows how a step is made; what it does not have
    /// leaves no trace.
    void aRunOfAnyTask() {
        const auto whole = runTraining(m_tasks, {folder("whole"), options()}, {});
        QVERIFY(whole.state == RunState::Finished);
        QVERIFY(!whole.bestStep && !whole.bestScore);
        QVERIFY(readJsonLines(folder("whole") / kSampleLogFile).empty());
        QVERIFY(!fs::exists(folder("whole") / "checkpoint.best.safetensors"));
        const auto log = readTextFile(folder("whole") / kLogFile);
        QVERIFY2(log.find("apart for validation") == std::string::npos, log.c_str());
        QVERIFY2(log.find("warning try another seed") != std::string::npos, log.c_str());
        int steps = 0;
        for (const Json& record : readJsonLines(folder("whole") / kMetricsFile)) {
            QCOMPARE(record["step"].get<int>(), ++steps);
            QVERIFY(record.contains("loss_critic") && record.contains("loss_generator"));
        }
        QCOMPARE(steps, 9);

        runTraining(m_tasks, {folder("pieces"), options(), false, 5}, {});
        runTraining(m_tasks, {folder("pieces"), {}, true, 0}, {});
        const auto weights = readFile(folder("whole") / "model/weights.safetensors");
        QVERIFY(readFile(folder("pieces") / "model/weights.safetensors") == weights);
        exportModel(m_tasks, folder("pieces"), "checkpoint.safetensors", folder("exported"));
        QVERIFY(readFile(folder("exported") / "weights.safetensors") == weights);
    }

    void onlyTheTasksOfTheRegistry() {
        QCOMPARE(codeOf([&] {
                     runTraining(m_tasks, {folder("other"), Json::object()}, {});
                 }),
                 nameOf(ErrorCode::BadOption));  // a signature's, which is not in it
        const auto summary = summarizeData(m_tasks, options());
        QCOMPARE(summary.training, 5);
        QCOMPARE(summary.validation, 0);
        QVERIFY(probe(m_tasks, options(), {}).secondsPerStep > 0);
    }
};

SIGNET_TEST(TestTasks)
#include "test_tasks.moc"
