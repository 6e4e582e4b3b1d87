// A plain StyleGAN2 learns, goes on bit for bit from its state, measures how far it is from what it draws
// after, and comes out as a generator.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/generators/generator_model.h"
#include "core/generators/stylegan2_training.h"
#include "core/metrics/feature_weights.h"
#include "core/models/model_store.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::generators;

namespace {

constexpr int kGanSide = 8;

StyleGan2TrainingOptions smallestGan() {
    StyleGan2TrainingOptions options;
    options.network.side = kGanSide;
    options.network.latent = options.network.style = 16;
    options.network.mappingLayers = 2;
    options.network.featureBase = options.criticBase = 64;
    options.network.featureMost = options.criticMost = 16;
    options.batch = 8;
    options.r1Every = 4;
    options.bf16 = false;
    options.averageImages = 100;
    return options;
}

/// Pictures of one colour each: reds, with a little of the others.
training::Batch redBatch(std::uint64_t step) {
    torch::manual_seed(step + 1);
    const auto colours = torch::rand({8, 3, 1, 1}) * 0.3 - torch::tensor({-0.5, 0.8, 0.8}).view({1, 3, 1, 1});
    return {colours.to(torch::kFloat32).expand({8, 3, kGanSide, kGanSide}).contiguous()};
}

void trainGan(StyleGan2Training& job, std::uint64_t to) {
    while (job.stepsDone() < to) job.step(redBatch(job.stepsDone()));
}

}  // namespace

class TestStyleGan2Training : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void colourIsLearnt() {
        auto options = smallestGan();
        options.learningRate = 0.005;
        StyleGan2Training job(options);
        const auto redness = [&] {
            QTemporaryDir folder;
            job.writeModel(folder.filePath("model").toStdString(), Json());
            GeneratorModel model(models::readManifest(folder.filePath("model").toStdString()), "cpu", 1);
            double sum = 0;
            model.sample({.seed = 1, .count = 32}, {}, [&](std::uint64_t, const image::Image& picture) {
                for (std::size_t i = 0; i < picture.data.size(); i += 3)
                    sum += picture.data[i] - 0.5 * (picture.data[i + 1] + picture.data[i + 2]);
            });
            return sum / (32 * kGanSide * kGanSide);
        };
        const double before = redness();
        trainGan(job, 150);
        const double after = redness();
        QVERIFY2(after > 60 && after > before + 40,
                 qPrintable(QString("%1 after %2").arg(after).arg(before)));
    }

    void goesOnFromItsStateBitForBit() {
        StyleGan2Training whole(smallestGan()), first(smallestGan()), second(smallestGan());
        trainGan(whole, 10);
        trainGan(first, 5);
        second.restore(first.state());
        QCOMPARE(second.stepsDone(), std::uint64_t{5});
        trainGan(second, 10);
        const auto a = whole.state(), b = second.state();
        QCOMPARE(a.metadata, b.metadata);
        QCOMPARE(a.tensors.size(), b.tensors.size());
        for (const auto& [name, tensor] : a.tensors)
            QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
    }

    void stateOfOtherNetworksIsRefused() {
        StyleGan2Training job(smallestGan());
        auto others = smallestGan();
        others.network.latent = 24;
        StyleGan2Training other(others);
        QVERIFY_EXCEPTION_THROWN(other.restore(job.state()), Error);
        auto cut = other.state();
        cut.tensors.erase("running");
        QVERIFY_EXCEPTION_THROWN(other.restore(cut), Error);
    }

    /// As the program trains: the curves' names are those that the task says, a model comes out that draws.
    void asATask() {
        const auto& task = tasks::all().of({{"task", "stylegan2"}});
        QVERIFY(task.modelKind() == models::Kind::Generator);
        std::set<std::string> known;
        for (const auto& metric : task.metrics({})) known.insert(metric.name);
        StyleGan2Training job(smallestGan());
        for (const auto& [name, value] : job.step(redBatch(0)).values)
            QVERIFY2(known.contains(name), name.c_str());
        QVERIFY(!job.validate());  // no pictures to be compared with were asked for
        const auto samples = job.samples();
        QCOMPARE(samples->grid.width, 6 * kGanSide);
        Json wrong = task.complete({{"task", "stylegan2"}});
        wrong["styleMixing"] = 2;
        QVERIFY_EXCEPTION_THROWN(task.complete(wrong), Error);
    }

    /// Pictures that training does not see are nearer to themselves than to what a beginner draws.
    void distanceToHeldOutPictures() {
        if (metrics::findFeatureWeights(defaultWorkspace()).empty())
            QSKIP("EfficientNet-Lite0's weights are not installed (features/)");
        auto options = smallestGan();
        options.data = qEnvironmentVariable("SIGNET_SOURCE_DIR").toStdString() + "/resources/samples";
        options.distanceImages = 4;
        StyleGan2Training job(options);
        job.setViews({});
        const auto found = job.validate();
        QVERIFY(found);
        QCOMPARE(found->values.front().first, std::string("val_fd_efflite0"));
        QVERIFY(found->values.front().second > 0);
        QVERIFY(found->photographs >= 2);
    }
};

SIGNET_TEST(TestStyleGan2Training)
#include "test_stylegan2_training.moc"
