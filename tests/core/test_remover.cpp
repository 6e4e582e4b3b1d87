// A network that learns to take a signature off: from pairs to a model that is used.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <set>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/encode.h"
#include "core/models/model_store.h"
#include "core/nn/restorer.h"
#include "core/removal/remover_model.h"
#include "core/removal/remover_network.h"
#include "core/removal/remover_training.h"
#include "core/tasks/all_tasks.h"
#include "core/training/run_folder.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/core/made_signature.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::removal;
using namespace signet::test;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kRemoverSteps = 6;
constexpr int kRemoverSide = 64;

RemoverTrainingOptions smallestRemover() {
    RemoverTrainingOptions options;
    options.network.side = kRemoverSide;
    options.network.widths = {8, 8, 8};
    options.batch = 4;
    options.steps = 400;
    options.bf16 = false;
    options.decayFrom = 1;
    options.learningRate = 3e-3;
    options.ema = 0.9;
    options.validationImages = 3;
    return options;
}

/// Smooth pictures of the step's own.
training::Batch removerBatch(std::uint64_t step) {
    torch::manual_seed(step + 1);
    return {torch::upsample_bilinear2d(torch::rand({4, 3, 6, 6}) * 1.6 - 0.8, {kRemoverSide, kRemoverSide},
                                       false)};
}

void trainRemover(RemoverTraining& job, std::uint64_t to) {
    while (job.stepsDone() < to) job.step(removerBatch(job.stepsDone()));
}

double gainOf(const training::StepResult& result) {
    for (const auto& [key, number] : result.values)
        if (key == "gain_db") return number;
    return NAN;
}

}  // namespace

class TestRemover : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path at(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }
    training::PhotoSet m_photos;

    RemoverTraining made(const RemoverTrainingOptions& options) const {
        return RemoverTraining(options, madeSignature(at("made")));
    }

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        fs::create_directories(at("photos"));
        for (unsigned i = 0; i < 24; ++i)
            writeFileAtomically(at("photos") / (std::to_string(i) + ".png"),
                                image::encode(makePicture(80, 70, 3, 8, i + 1), {}), IfExists::Refuse);
        m_photos = training::listPhotos(at("photos"), training::Split::All);
    }

    void newNetworkChangesNothing_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("a multiple of 8") << 64 << 64;
        QTest::newRow("another size") << 37 << 90;
    }
    void newNetworkChangesNothing() {
        QFETCH(int, rows);
        QFETCH(int, columns);
        nn::Restorer network(std::array<int, 3>{8, 8, 8});
        const auto picture = torch::rand({2, 3, rows, columns}) * 2 - 1;
        const torch::NoGradGuard guard;
        QVERIFY(torch::equal(network(picture), torch::zeros_like(picture)));
        torch::nn::init::ones_(network->out->weight);
        const auto change = network(picture);
        QCOMPARE(change.sizes(), picture.sizes());
        QVERIFY(change.abs().max().item<double>() > 0);
    }

    /// What is the same for all pictures, and what is finer than them, can be taken off.
    void learnsToTakeOff() {
        auto job = made(smallestRemover());
        double gain = 0;
        while (job.stepsDone() < 300 && gain < 2) gain = gainOf(job.step(removerBatch(job.stepsDone())));
        QVERIFY2(gain >= 2, qPrintable(QString::number(gain)));
        auto withoutSignature = RemoverTraining(smallestRemover(), madeSignature(at("made"), 0));
        QVERIFY(std::abs(gainOf(withoutSignature.step(removerBatch(0)))) < 1e-9);
    }

    void resumesBitForBit() {
        const auto options = smallestRemover();
        auto whole = made(options);
        trainRemover(whole, kRemoverSteps / 2);
        auto early = whole.state();
        for (auto& [name, tensor] : early.tensors) tensor = tensor.clone();  // as a file would hold them
        trainRemover(whole, kRemoverSteps);
        auto resumed = made(options);
        resumed.restore(early);
        QCOMPARE(resumed.stepsDone(), kRemoverSteps / 2);
        trainRemover(resumed, kRemoverSteps);
        const auto expected = whole.state(), actual = resumed.state();
        QVERIFY(expected.metadata == actual.metadata);
        QCOMPARE(actual.tensors.size(), expected.tensors.size());
        for (const auto& [name, tensor] : expected.tensors)
            QVERIFY2(torch::equal(actual.tensors.at(name), tensor), name.c_str());

        auto wider = options;
        wider.network.widths = {16, 8, 8};
        auto other = made(wider);
        QCOMPARE(codeOf([&] { other.restore(early); }), nameOf(ErrorCode::BadOption));
        early.metadata.erase("step");
        QCOMPARE(codeOf([&] { resumed.restore(early); }), nameOf(ErrorCode::Corrupt));
    }

    /// Whatever a step and a validation say is described, and the other way round.
    void everyValueIsDescribed() {
        auto job = made(smallestRemover());
        std::set<std::string> given, described;
        for (const auto& [name, number] : job.step(removerBatch(0)).values) given.insert(name);
        QVERIFY(!job.validate() && !job.samples());
        job.setViews(m_photos);
        const auto validation = job.validate();
        QVERIFY(validation && validation->photographs == 3);
        for (const auto& [name, number] : validation->values) given.insert(name);
        const Json options = smallestRemover().toJson();
        const auto& type = tasks::all().of(options);
        for (const auto& metric : type.metrics(options)) described.insert(metric.name);
        QVERIFY(given == described);
        const auto samples = job.samples();
        QVERIFY(samples && samples->record.at("rows").size() == 3);
        QCOMPARE(samples->grid.width, 4 * kRemoverSide);
        QVERIFY(type.readSample(samples->record.at("rows")[0]).verdict.ends_with(" dB"));
    }

    void optionsRoundTripAndAreChecked() {
        const Json json = smallestRemover().toJson();
        QVERIFY(RemoverTrainingOptions::fromJson(json).toJson() == json);
        QCOMPARE(RemoverTrainingOptions::describe().size(), json.size());
        for (const char* bad : {R"({"key": "mine"})", R"({"side": 16})", R"({"widths": [8, 8, 4]})",
                                R"({"strength": 1})", R"({"batch": 1})"})
            QCOMPARE(codeOf([&] { RemoverTrainingOptions::fromJson(Json::parse(bad)); }),
                     nameOf(ErrorCode::BadOption));
    }

    /// The model that comes out says what it learned from, and takes the same off as the network did.
    void modelIsUsed() {
        auto job = made(smallestRemover());
        trainRemover(job, 20);
        job.writeModel(at("remover"), Json::object());
        const auto manifest = models::findModel(at("remover").string(), {});
        models::verifyWeights(manifest);
        QVERIFY(manifest.kind() == models::Kind::Remover && !manifest.validated);
        QCOMPARE(manifest.parameters, job.parameterCount());
        QVERIFY(manifest.kind() == tasks::all().of(smallestRemover().toJson()).modelKind());
        const auto& fields = std::get<models::RemoverFields>(manifest.of);
        QCOMPARE(fields.signature, std::string("made"));
        QCOMPARE(fields.signatureSha256, std::string("aa"));
        QCOMPARE(fields.keys, std::string("public"));

        RemoverModel remover(manifest, "cpu", 1);
        const auto picture = makePicture(kRemoverSide, kRemoverSide, 3);
        const auto left = remover.remove(picture);
        QVERIFY(left.data != picture.data);
        nn::Restorer network(smallestRemover().network.widths);
        nn::loadStateDict(*network, nn::loadSafeTensors(at("remover") / "weights.safetensors").tensors);
        const torch::NoGradGuard guard;
        const auto expected = torch::from_blob(const_cast<std::uint8_t*>(picture.data.data()),
                                               {kRemoverSide, kRemoverSide, 3}, torch::kUInt8)
                                      .permute({2, 0, 1})
                                      .unsqueeze(0)
                                      .to(torch::kFloat32) /
                                  127.5f -
                              1;
        const auto levels = ((expected + network(expected) + 1) * 127.5f).clamp(0, 255);
        const auto actual = torch::from_blob(const_cast<std::uint8_t*>(left.data.data()),
                                             {kRemoverSide, kRemoverSide, 3}, torch::kUInt8)
                                .permute({2, 0, 1})
                                .unsqueeze(0)
                                .to(torch::kFloat32);
        QVERIFY((actual - levels).abs().max().item<double>() < 0.6);

        // A larger one, and no square: what is taken off is enlarged.
        const auto wide = makePicture(300, 170, 3);
        const auto wideLeft = remover.remove(wide);
        QCOMPARE(wideLeft.width, 300);
        QCOMPARE(wideLeft.height, 170);
        QVERIFY(wideLeft.data != wide.data);
    }

    void otherModelsAreRefused() {
        Json options = smallestRemover().toJson();
        const auto refusal = [&] {
            return errorOf([&] { tasks::all().of(options).create(options, {}); }, ErrorCode::BadOption);
        };
        QVERIFY2(refusal().contains("--set model=NAME"), qPrintable(refusal()));
        options["model"] = at("remover").string();  // of modelIsUsed
        QVERIFY2(refusal().contains("\"remover\""), qPrintable(refusal()));
        auto signsNothing = madeSignature(at("made"));
        signsNothing.networks.injector.reset();
        QCOMPARE(codeOf([&] { RemoverTraining(smallestRemover(), std::move(signsNothing)); }),
                 nameOf(ErrorCode::BadOption));
        RemoverOptions headless;
        headless.arch = "paper";
        headless.unetWidth = 224;  // no multiple of a head
        const auto saidOfHeads = errorOf([&] { RemoverNetwork{headless}; }, ErrorCode::BadOption);
        QVERIFY2(saidOfHeads.contains("width of a head"), qPrintable(saidOfHeads));
        const auto signature = models::findModel("photo-keyed32", {});
        const auto said = errorOf([&] { RemoverModel(signature, "cpu", 1); }, ErrorCode::BadOption);
        QVERIFY2(said.contains("removes no signature"), qPrintable(said));
    }

    void ofAShippedSignature_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("key");
        QTest::newRow("keyed, the public key") << "photo-keyed32"
                                               << "public";
        QTest::newRow("keyed, random keys") << "photo-keyed32"
                                            << "random";
        QTest::newRow("without keys") << "photo-code32"
                                      << "public";
    }
    /// A whole run signs with the model that is named, in one go and in pieces alike.
    void ofAShippedSignature() {
        QFETCH(QString, model);
        QFETCH(QString, key);
        auto options = smallestRemover();
        options.data = at("photos").string();
        options.model = model.toStdString();
        options.key = key.toStdString();
        options.informed = false;
        options.steps = 4;
        options.batch = 2;
        options.validationImages = 1;
        options.validateEvery = options.sampleEvery = 2;
        const std::string name = (model + key).toStdString();
        const auto run = [&](const std::string& piece, std::uint64_t most, bool resume) {
            training::runTraining(tasks::all(),
                                  {at(name + piece), resume ? Json() : options.toJson(), resume, most}, {});
        };
        run("whole", 0, false);
        run("pieces", 3, false);
        run("pieces", 0, true);
        const auto weights = readFile(at(name + "whole") / "model/weights.safetensors");
        QVERIFY(readFile(at(name + "pieces") / "model/weights.safetensors") == weights);
        const auto manifest = models::findModel((at(name + "whole") / "model").string(), {});
        const auto& fields = std::get<models::RemoverFields>(manifest.of);
        QCOMPARE(fields.signature, options.model);
        QCOMPARE(fields.signatureSha256, models::findModel(options.model, {}).weightsSha256);
        QCOMPARE(fields.keys, model == "photo-keyed32" ? options.key : std::string("none"));
        QVERIFY(models::loadTrainingList(manifest.folder).has_value());
    }
};

SIGNET_TEST(TestRemover)
#include "test_remover.moc"
