// Trainings of diffusions and of the autoencoder whose latents one draws: they learn, go on bit for bit from
// their state, and come out as models that draw.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <set>
#include <string>

#include "core/base/error.h"
#include "core/generators/autoencoder_model.h"
#include "core/generators/autoencoder_training.h"
#include "core/generators/diffusion_training.h"
#include "core/generators/generator_model.h"
#include "core/models/model_store.h"
#include "core/tasks/all_tasks.h"
#include "core/training/picture_tensors.h"
#include "tests/core/ranks.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::generators;
using test::errorOf;
using torch::Tensor;

namespace {

constexpr int kCodedSide = 16;  ///< of the autoencoder's pictures, px

DiffusionTrainingOptions smallestDiffusion(int side = 8) {
    DiffusionTrainingOptions o;
    o.network.side = side;
    o.network.width = 32;
    o.network.multipliers = {1, 1};
    o.network.blocks = 1;
    o.network.attentionFactors = {2};
    o.network.headWidth = 32;
    o.network.groups = 4;
    o.network.timesteps = 50;
    o.draw.steps = 10;
    o.batch = 8;
    o.steps = 400;
    o.learningRate = 2e-3;
    o.warmUp = 5;
    o.ema = 0.95;
    o.bf16 = false;
    o.validationImages = 2;
    return o;
}

AutoencoderTrainingOptions smallestAutoencoder(int codes = 16) {
    AutoencoderTrainingOptions o;
    o.side = kCodedSide;
    o.network.width = 32;
    o.network.multipliers = {1, 1};
    o.network.blocksPerLevel = 1;
    o.network.groups = 4;
    o.network.codes = codes;
    o.criticWidth = 8;
    o.criticHalvings = 2;
    o.batch = 4;
    o.steps = 400;
    o.learningRate = 2e-3;
    o.perceptual = 0;
    o.restartEvery = 5;
    o.bf16 = false;
    o.validationImages = 2;
    return o;
}

/// Pictures of one colour each, reds, lighter to the right.
training::Batch redBatchOf(std::uint64_t step, int count, int side) {
    torch::manual_seed(step + 1);
    const auto colours =
        torch::rand({count, 3, 1, 1}) * 0.3 - torch::tensor({-0.4, 0.8, 0.8}).view({1, 3, 1, 1});
    const auto slope = torch::linspace(-0.1, 0.1, side).view({1, 1, 1, side});
    return {(colours + slope).to(torch::kFloat32).expand({count, 3, side, side}).contiguous()};
}

template <typename Task>
void trainTo(Task& job, std::uint64_t to, int count, int side) {
    while (job.stepsDone() < to) job.step(redBatchOf(job.stepsDone(), count, side));
}

template <typename Task>
models::Manifest written(Task& job, const QTemporaryDir& folder, const char* name) {
    const std::string path = folder.filePath(name).toStdString();
    job.writeModel(path, Json::object());
    return models::readManifest(path);
}

/// Mean of red less that of the others, 8-bit levels, and how much lighter the right half is.
std::pair<double, double> rednessOf(const models::Manifest& manifest) {
    GeneratorModel model(manifest, "cpu", 1);
    double red = 0, slope = 0;
    const int side = model.side();
    model.sample({.seed = 1, .count = 8}, {}, [&](std::uint64_t, const image::Image& picture) {
        for (int i = 0; i < side * side; ++i) {
            const auto* p = picture.data.data() + 3 * i;
            red += (p[0] - 0.5 * (p[1] + p[2])) / (8.0 * side * side);
            slope += (i % side >= side / 2 ? 1 : -1) * (p[0] + p[1] + p[2]) / (1.5 * 8 * side * side);
        }
    });
    return {red, slope};
}

template <typename Options, typename Make>
void goesOnBitForBit(const Options& options, const Make& make, int count, int side) {
    auto whole = make(options), first = make(options), second = make(options);
    trainTo(*whole, 12, count, side);
    trainTo(*first, 6, count, side);
    second->restore(first->state());
    QCOMPARE(second->stepsDone(), std::uint64_t{6});
    trainTo(*second, 12, count, side);
    const auto a = whole->state(), b = second->state();
    QCOMPARE(a.metadata, b.metadata);
    QCOMPARE(a.tensors.size(), b.tensors.size());
    for (const auto& [name, tensor] : a.tensors)
        QVERIFY2(torch::equal(tensor, b.tensors.at(name)), name.c_str());
}

}  // namespace

class TestDiffusionTraining : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    /// Ranks restart the same codes with the same latents, and stay alike. The first test: ranks are forked.
    void ranksRestartCodesAlike() {
        const auto results = tests::onRanks(2, [](training::ProcessGroup& group) {
            auto options = smallestAutoencoder(64);
            options.restartEvery = 1;
            AutoencoderTraining job(
                options, {.group = c10::intrusive_ptr<training::ProcessGroup>::reclaim_copy(&group)});
            for (int step = 0; step < 3; ++step) {
                const auto whole = redBatchOf(static_cast<std::uint64_t>(step), 4, kCodedSide).images;
                job.step({whole.chunk(2)[static_cast<std::size_t>(group.rank())]});
            }
            return job.state().tensors;
        });
        for (const auto& result : results) QVERIFY2(result.status == 0, result.error.c_str());
        QVERIFY(!results[0].tensors.empty());
        for (const auto& [name, tensor] : results[0].tensors)
            QVERIFY2(torch::allclose(tensor, results[1].tensors.at(name), 1e-5, 1e-7), name.c_str());
    }

    void colourIsLearnt() {
        QTemporaryDir folder;
        DiffusionTraining job(smallestDiffusion());
        trainTo(job, 200, 8, 8);
        const auto manifest = written(job, folder, "base");
        QCOMPARE(manifest.arch, std::string("adm"));
        const auto [red, slope] = rednessOf(manifest);
        QVERIFY2(red > 80, qPrintable(QString::number(red)));
        QVERIFY2(slope > 2, qPrintable(QString::number(slope)));

        // A second one enlarges what it draws; both are one model then.
        auto options = smallestDiffusion(16);
        options.low = 8;
        options.base = folder.filePath("base").toStdString();
        DiffusionTraining upsampler(options);
        trainTo(upsampler, 200, 8, 16);
        const auto cascade = written(upsampler, folder, "cascade");
        QCOMPARE(cascade.resolution, 16);
        QVERIFY(cascade.parameters > manifest.parameters);
        // It draws what the first draws of the same numbers, larger.
        const auto meansOf = [](const models::Manifest& model) {
            std::vector<Tensor> means;
            GeneratorModel(model, "cpu", 1)
                .sample({.seed = 2, .count = 8}, {}, [&](std::uint64_t, const image::Image& picture) {
                    means.push_back(training::toSquare(picture, picture.width).mean({0, 2, 3}));
                });
            return torch::stack(means);
        };
        const Tensor small = meansOf(manifest), large = meansOf(cascade);
        const double own = (large - small).norm(2, 1).mean().item<double>();
        const double others = (large - small.roll(1, 0)).norm(2, 1).mean().item<double>();
        QVERIFY2(own < 0.75 * others, qPrintable(QString("%1 of %2").arg(own).arg(others)));

        // What does not fit is refused before there is a run.
        options.low = 4;
        QVERIFY(errorOf([&] { DiffusionTraining{options}; }).contains("4 px"));
        options.base.clear();
        QVERIFY(errorOf([&] { DiffusionTraining{options}; }).contains("base="));
        options = smallestDiffusion();
        options.autoencoder = folder.filePath("base").toStdString();
        QVERIFY(errorOf([&] { DiffusionTraining{options}; }).contains("no latents"));
    }

    void picturesComeBackAndTheirLatentsAreDrawn_data() {
        QTest::addColumn<int>("codes");
        QTest::newRow("codebook") << 16;
        QTest::newRow("Gaussian") << 0;
    }
    void picturesComeBackAndTheirLatentsAreDrawn() {
        QFETCH(const int, codes);
        QTemporaryDir folder;
        AutoencoderTraining job(smallestAutoencoder(codes));
        const auto errorNow = [&] {
            const torch::NoGradGuard guard;
            const Tensor x = redBatchOf(999, 4, kCodedSide).images;
            auto& network = job.network();
            network->eval();
            const Tensor latent = network->encode(x);
            const Tensor back =
                codes > 0 ? network->decodeSampled(latent) : network->decode(latent.chunk(2, 1)[0]);
            return (back - x).abs().mean().item<double>();
        };
        const double before = errorNow();
        trainTo(job, 150, 4, kCodedSide);
        QVERIFY2(errorNow() < 0.3 * before, qPrintable(QString("%1 %2").arg(before).arg(errorNow())));
        const auto manifest = written(job, folder, "ae");
        QVERIFY(manifest.kind() == models::Kind::Autoencoder && !manifest.validated);
        QCOMPARE(loadAutoencoder(manifest)->options, job.network()->options);
        QVERIFY(errorOf([&] { GeneratorModel(manifest, "cpu", 1); }).contains("draws no pictures"));

        auto options = smallestDiffusion(kCodedSide / 2);
        options.autoencoder = folder.filePath("ae").toStdString();
        options.scaleLatents = true;
        options.network.clamped = options.network.learnedVariance = false;
        DiffusionTraining latents(options);
        trainTo(latents, 700, 8, kCodedSide);
        const auto ldm = written(latents, folder, "ldm");
        QCOMPARE(ldm.arch, std::string("ldm"));
        QCOMPARE(ldm.resolution, kCodedSide);
        QVERIFY2(rednessOf(ldm).first > 30, qPrintable(QString::number(rednessOf(ldm).first)));
        options.network.channels = 2;
        QVERIFY(errorOf([&] { DiffusionTraining{options}; }).contains("planes"));
    }

    /// Paper A's stage 2: the encoder sees the picture, the decoder learns to give another one.
    void onlyTheDecoderLearnsItsTarget() {
        QTemporaryDir folder;
        AutoencoderTraining first(smallestAutoencoder());
        trainTo(first, 100, 4, kCodedSide);
        auto options = smallestAutoencoder();
        options.onlyDecoder = true;
        AutoencoderTraining job(options);
        job.startFrom(nn::stateDict(*first.network()));
        job.setTarget([](const Tensor& x) { return x + 0.2; });
        const auto before = nn::withoutPrefix(job.state().tensors, "net.");
        trainTo(job, 150, 4, kCodedSide);
        const auto after = nn::withoutPrefix(job.state().tensors, "net.");
        int changed = 0;
        for (const auto& [name, tensor] : before) {
            const bool same = torch::equal(tensor, after.at(name));
            if (name.starts_with("decoder.") || name.starts_with("post_quant"))
                changed += !same;
            else if (!name.starts_with("critic."))
                QVERIFY2(same, name.c_str());
        }
        QVERIFY(changed > 20);
        const torch::NoGradGuard guard;
        const Tensor x = redBatchOf(999, 4, kCodedSide).images;
        const Tensor back = job.network()->decodeSampled(job.network()->encode(x));
        const double shift = (back - x).mean().item<double>();
        QVERIFY2(std::abs(shift - 0.2) < 0.05, qPrintable(QString::number(shift)));
    }

    void goesOnFromItsState_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"diffusion", "codebook", "Gaussian"}) QTest::newRow(what) << what;
    }
    void goesOnFromItsState() {
        QFETCH(const QString, what);
        if (what == "diffusion")
            goesOnBitForBit(
                smallestDiffusion(), [](auto o) { return std::make_unique<DiffusionTraining>(o); }, 8, 8);
        else
            goesOnBitForBit(
                smallestAutoencoder(what == "codebook" ? 16 : 0),
                [](auto o) { return std::make_unique<AutoencoderTraining>(o); }, 4, kCodedSide);
    }
    void stateOfOtherNetworksIsRefused() {
        DiffusionTraining job(smallestDiffusion());
        auto others = smallestDiffusion();
        others.network.timesteps = 51;
        DiffusionTraining other(others);
        QVERIFY_EXCEPTION_THROWN(other.restore(job.state()), Error);
        auto cut = job.state();
        cut.tensors.erase("net.scale_factor");
        QVERIFY_EXCEPTION_THROWN(job.restore(cut), Error);
        AutoencoderTraining coding(smallestAutoencoder()), wider(smallestAutoencoder(17));
        QVERIFY_EXCEPTION_THROWN(wider.restore(coding.state()), Error);
    }

    /// Blocks computed again for the gradient change nothing.
    void recomputedBlocksAreTheSame() {
        auto options = smallestDiffusion();
        DiffusionTraining kept(options);
        options.recompute = true;
        DiffusionTraining again(options);
        for (int i = 0; i < 2; ++i) {
            const auto a = kept.step(redBatchOf(1, 8, 8)), b = again.step(redBatchOf(1, 8, 8));
            QVERIFY(std::abs(a.values[0].second - b.values[0].second) < 1e-6);
        }
        const auto a = kept.state(), b = again.state();
        for (const auto& [name, tensor] : a.tensors)
            QVERIFY2(torch::allclose(tensor, b.tensors.at(name), 1e-4, 1e-6), name.c_str());
    }

    /// As the program trains: the curves' names are those that the task says.
    void asTasks_data() {
        QTest::addColumn<QString>("task");
        for (const char* task : {"diffusion", "autoencoder"}) QTest::newRow(task) << task;
    }
    void asTasks() {
        QFETCH(const QString, task);
        const auto& type = tasks::all().of({{"task", task.toStdString()}});
        std::set<std::string> known;
        for (const auto& metric : type.metrics({})) known.insert(metric.name);
        const auto check = [&](auto&& job, int count, int side) {
            for (const auto& [name, value] : job.step(redBatchOf(0, count, side)).values)
                QVERIFY2(known.contains(name), name.c_str());
            QVERIFY(!job.validate());  // no pictures to validate with
        };
        if (task == "diffusion") {
            DiffusionTraining job(smallestDiffusion());
            check(job, 8, 8);
            QCOMPARE(job.samples()->grid.width, 6 * 8);
        } else {
            check(AutoencoderTraining(smallestAutoencoder()), 4, kCodedSide);
        }
        Json wrong = type.complete({{"task", task.toStdString()}});
        wrong["batch"] = 1;
        QVERIFY_EXCEPTION_THROWN(type.complete(wrong), Error);
    }
};

SIGNET_TEST(TestDiffusionTraining)
#include "test_diffusion_training.moc"
