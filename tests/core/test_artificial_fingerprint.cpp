// Artificial fingerprints (Yu et al. 2021): networks as published, from pictures to a model that is used.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QTemporaryDir>
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/baselines/artificial_fingerprint_model.h"
#include "core/baselines/artificial_fingerprint_training.h"
#include "core/image/encode.h"
#include "core/models/model_store.h"
#include "core/tasks/all_tasks.h"
#include "core/training/picture_tensors.h"
#include "core/training/train.h"
#include "tests/core/image_builders.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::baselines;
using namespace signet::tests;
namespace fs = std::filesystem;

namespace {

constexpr int kStampSide = 32, kStampBits = 8;
constexpr std::uint64_t kStampSteps = 6;

ArtificialFingerprintTrainingOptions smallestStamper() {
    ArtificialFingerprintTrainingOptions options;
    options.network.side = kStampSide;
    options.network.bits = kStampBits;
    options.network.encoderWidths = {8, 8, 8, 8, 8};
    options.network.decoderWidths = {8, 8, 8, 8, 16, 16, 16};
    options.network.decoderHidden = 32;
    options.batch = 8;
    options.steps = 400;
    options.learningRate = 3e-3;
    options.validationImages = 5;
    return options;
}

/// Smooth pictures of the step's own.
training::Batch stampBatch(std::uint64_t step) {
    torch::manual_seed(step + 1);
    return {
        torch::upsample_bilinear2d(torch::rand({8, 3, 6, 6}) * 1.6 - 0.8, {kStampSide, kStampSide}, false)};
}

double stampValue(const training::NamedValues& values, const std::string& name) {
    for (const auto& [key, value] : values)
        if (key == name) return value;
    return NAN;
}

void trainStamper(ArtificialFingerprintTraining& job, std::uint64_t to) {
    while (job.stepsDone() < to) job.step(stampBatch(job.stepsDone()));
}

std::vector<std::int64_t> stampShape(const nn::TensorMap& tensors, const std::string& name) {
    return tensors.at(name).sizes().vec();
}

}  // namespace

class TestArtificialFingerprint : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path at(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }
    training::PhotoSet m_photos;

private Q_SLOTS:
    void initTestCase() {
        at::set_num_threads(1);
        fs::create_directories(at("photos"));
        for (unsigned i = 0; i < 12; ++i)
            writeFileAtomically(at("photos") / (std::to_string(i) + ".png"),
                                image::encode(makePicture(50, 40, 3, 8, i + 1), {}), IfExists::Refuse);
        m_photos = training::listPhotos(at("photos"), training::Split::All);
    }

    /// For 128 px and 100 bits: each layer's weights and biases, by hand from the published list.
    void networksAsPublished() {
        ArtificialFingerprintNetworks networks{ArtificialFingerprintOptions()};
        const std::int64_t encoder =
            (100 * 768 + 768) + (6 * 32 * 9 + 32) + (32 * 32 * 9 + 32) + (32 * 64 * 9 + 64) +
            (64 * 128 * 9 + 128) + (128 * 256 * 9 + 256) + (256 * 128 * 4 + 128) + (256 * 128 * 9 + 128) +
            (128 * 64 * 4 + 64) + (128 * 64 * 9 + 64) + (64 * 32 * 4 + 32) + (64 * 32 * 9 + 32) +
            (32 * 32 * 4 + 32) + (70 * 32 * 9 + 32) + (32 * 32 * 9 + 32) + (32 * 3 + 3);
        const std::int64_t decoder = (3 * 32 * 9 + 32) + (32 * 32 * 9 + 32) + (32 * 64 * 9 + 64) +
                                     2 * (64 * 64 * 9 + 64) + (64 * 128 * 9 + 128) + (128 * 128 * 9 + 128) +
                                     (2048 * 512 + 512) + (512 * 100 + 100);
        QCOMPARE(encoder, std::int64_t(1'069'315));
        QCOMPARE(decoder, std::int64_t(1'424'324));
        QCOMPARE(nn::parameterCount(*networks.encoder()), encoder);
        QCOMPARE(nn::parameterCount(*networks.decoder()), decoder);

        using Shape = std::vector<std::int64_t>;
        const auto state = networks.state();
        QCOMPARE(state.size(), std::size_t(2 * (16 + 9)));
        QVERIFY(stampShape(state, "encoder.secret_dense.weight") == Shape({768, 100}));
        QVERIFY(stampShape(state, "encoder.conv1.weight") == Shape({32, 6, 3, 3}));
        QVERIFY(stampShape(state, "encoder.conv5.weight") == Shape({256, 128, 3, 3}));
        QVERIFY(stampShape(state, "encoder.up6.weight") == Shape({128, 256, 2, 2}));
        QVERIFY(stampShape(state, "encoder.up9.weight") == Shape({32, 32, 2, 2}));
        QVERIFY(stampShape(state, "encoder.conv6.weight") == Shape({128, 256, 3, 3}));
        QVERIFY(stampShape(state, "encoder.conv9.weight") == Shape({32, 70, 3, 3}));
        QVERIFY(stampShape(state, "encoder.conv10.bias") == Shape({32}));
        QVERIFY(stampShape(state, "encoder.residual.weight") == Shape({3, 32, 1, 1}));
        QVERIFY(stampShape(state, "decoder.decoder.0.weight") == Shape({32, 3, 3, 3}));
        QVERIFY(stampShape(state, "decoder.decoder.12.weight") == Shape({128, 128, 3, 3}));
        QVERIFY(stampShape(state, "decoder.dense.0.weight") == Shape({512, 2048}));
        QVERIFY(stampShape(state, "decoder.dense.2.weight") == Shape({100, 512}));
    }

    void everySide_data() {
        QTest::addColumn<int>("side");
        for (const int side : {32, 64, 128}) QTest::addRow("%d px", side) << side;
    }
    /// Pictures come out as large as they went in, and the bits' loss reaches every weight.
    void everySide() {
        QFETCH(int, side);
        auto options = smallestStamper().network;
        options.side = side;
        torch::manual_seed(5);
        ArtificialFingerprintNetworks networks(options);
        const auto pictures = torch::rand({2, 3, side, side}) * 2 - 1;
        const auto codes = torch::randint(2, {2, kStampBits}, torch::kFloat32);
        const auto stamped = networks.stamp(pictures, codes);
        QVERIFY(stamped.sizes() == pictures.sizes());
        QVERIFY(stamped.abs().max().item<double>() <= 1);
        QVERIFY(!torch::equal(stamped, networks.stamp(pictures, 1 - codes)));
        const auto logits = networks.decode(stamped);
        QVERIFY(logits.sizes().vec() == std::vector<std::int64_t>({2, kStampBits}));
        torch::binary_cross_entropy_with_logits(logits, codes).backward();
        for (const auto& [name, parameter] : networks.parameters())
            QVERIFY2(parameter.grad().defined() && parameter.grad().isfinite().all().item<bool>(),
                     name.c_str());
        QVERIFY(networks.encoder()->secret_dense->weight.grad().abs().max().item<double>() > 0);
    }

    void bitsAreLearnt() {
        ArtificialFingerprintTraining job(smallestStamper());
        double loss = 0.7;  // what guessing costs is 0.693
        while (job.stepsDone() < 300 && loss > 0.55)
            loss = 0.9 * loss + 0.1 * stampValue(job.step(stampBatch(job.stepsDone())).values, "loss_bits");
        QVERIFY2(loss <= 0.55, qPrintable(QString::number(loss)));
    }

    /// Pictures count from a while after the bits were once read, and then for ever.
    void picturesCountOnceBitsAreRead() {
        auto options = smallestStamper();
        options.readAt = 0.6;
        options.pictureWeight = 8;
        options.pictureDelay = 2;
        options.pictureRamp = 4;
        ArtificialFingerprintTraining job(options);
        std::optional<int> since;
        int atFull = 0;
        while (job.stepsDone() < 200 && atFull < 3) {
            const double expected = since ? 8 * std::clamp((*since - 2) / 4.0, 0.0, 1.0) : 0;
            QCOMPARE(job.pictureWeight(), expected);
            const auto values = job.step(stampBatch(job.stepsDone())).values;
            QCOMPARE(stampValue(values, "picture_weight"), expected);
            atFull += expected == 8;
            if (since)
                ++*since;
            else if (stampValue(values, "bit_accuracy") > 0.6)
                since = 0;
        }
        QCOMPARE(atFull, 3);
    }

    void resumesBitForBit() {
        auto options = smallestStamper();
        options.readAt = 0.5;  // once read in the first steps
        options.pictureDelay = 0;
        options.pictureRamp = 20;
        options.ema = 0.9;
        ArtificialFingerprintTraining whole(options);
        trainStamper(whole, kStampSteps / 2);
        auto early = whole.state();
        for (auto& [name, tensor] : early.tensors) tensor = tensor.clone();  // as a file would hold them
        trainStamper(whole, kStampSteps);
        ArtificialFingerprintTraining resumed(options);
        resumed.restore(early);
        QCOMPARE(resumed.stepsDone(), kStampSteps / 2);
        trainStamper(resumed, kStampSteps);
        const auto expected = whole.state(), actual = resumed.state();
        QVERIFY(expected.metadata == actual.metadata);
        QCOMPARE(actual.tensors.size(), expected.tensors.size());
        for (const auto& [name, tensor] : expected.tensors)
            QVERIFY2(torch::equal(actual.tensors.at(name), tensor), name.c_str());

        auto wider = options;
        wider.network.decoderHidden = 48;
        ArtificialFingerprintTraining other(wider);
        QCOMPARE(codeOf([&] { other.restore(early); }), nameOf(ErrorCode::BadOption));
        auto broken = early;
        broken.metadata["since_read"] = "soon";
        QCOMPARE(codeOf([&] { resumed.restore(broken); }), nameOf(ErrorCode::Corrupt));
        early.metadata.erase("step");
        QCOMPARE(codeOf([&] { resumed.restore(early); }), nameOf(ErrorCode::Corrupt));
    }

    /// Whatever a step and a validation say is described, and the other way round.
    void everyValueIsDescribed() {
        ArtificialFingerprintTraining job(smallestStamper());
        std::set<std::string> given, described;
        for (const auto& [name, number] : job.step(stampBatch(0)).values) given.insert(name);
        QVERIFY(!job.validate() && !job.samples());
        job.setViews(m_photos);
        const auto validation = job.validate();
        QVERIFY(validation && validation->photographs == 5);
        for (const auto& [name, number] : validation->values) given.insert(name);
        QVERIFY(job.validate()->values == validation->values);
        const Json options = smallestStamper().toJson();
        const auto& type = tasks::all().of(options);
        for (const auto& metric : type.metrics(options)) described.insert(metric.name);
        QVERIFY(given == described);
        const auto samples = job.samples();
        QVERIFY(samples && samples->record.at("rows").size() == 5);
        QCOMPARE(samples->grid.width, 3 * kStampSide);
        QVERIFY(type.readSample(samples->record.at("rows")[0]).verdict.ends_with(" %"));
    }

    void optionsRoundTripAndAreChecked() {
        const Json json = smallestStamper().toJson();
        QVERIFY(ArtificialFingerprintTrainingOptions::fromJson(json).toJson() == json);
        QCOMPARE(ArtificialFingerprintTrainingOptions::describe().size(), json.size());
        for (const char* bad :
             {R"({"side": 48})", R"({"side": 16})", R"({"bits": 0})", R"({"encoderWidths": [8, 8, 8, 8]})",
              R"({"decoderWidths": [8, 8, 8, 8, 8, 8, 2]})", R"({"readAt": 0.2})", R"({"pictureRamp": 0})",
              R"({"batch": 1})", R"({"classes": 2})"})
            QCOMPARE(codeOf([&] { ArtificialFingerprintTrainingOptions::fromJson(Json::parse(bad)); }),
                     nameOf(ErrorCode::BadOption));
    }

    void presets() {
        const auto published = ArtificialFingerprintTrainingOptions::fromJson(
            training::configure(tasks::all(), "artificial-fingerprint"));
        QVERIFY(published.toJson() == ArtificialFingerprintTrainingOptions().toJson());
        const auto cats = ArtificialFingerprintTrainingOptions::fromJson(
            training::configure(tasks::all(), "artificial-fingerprint-cats32"));
        QCOMPARE(cats.network.side, 32);
        QCOMPARE(cats.network.bits, 32);
    }

    void modelIsUsed() {
        ArtificialFingerprintTraining job(smallestStamper());
        trainStamper(job, 20);
        job.writeModel(at("stamper"), Json::object());
        const auto manifest = models::findModel(at("stamper").string(), {});
        models::verifyWeights(manifest);
        QVERIFY(manifest.kind() == models::Kind::Stamper && !manifest.validated);
        QCOMPARE(std::string(toString(manifest.kind())), std::string("stamper"));
        QVERIFY(manifest.kind() == tasks::all().of(smallestStamper().toJson()).modelKind());
        QCOMPARE(manifest.bits(), kStampBits);
        QCOMPARE(manifest.parameters, job.parameterCount());

        ArtificialFingerprintModel model(manifest, "cpu", 1);
        QCOMPARE(model.bits(), kStampBits);
        QCOMPARE(model.side(), kStampSide);
        const std::vector<std::uint8_t> code{1, 0, 0, 1, 1, 1, 0, 1};
        const auto picture = makePicture(kStampSide, kStampSide, 3);
        const auto stamped = model.stamp(picture, code);
        QCOMPARE(stamped.depth, 8);
        QCOMPARE(stamped.channels, 3);
        QCOMPARE(stamped.width, kStampSide);
        QCOMPARE(stamped.height, kStampSide);
        const torch::NoGradGuard guard;
        const auto codes = torch::tensor({1.0F, 0.0F, 0.0F, 1.0F, 1.0F, 1.0F, 0.0F, 1.0F}).unsqueeze(0);
        const auto expected =
            training::toImage(job.networks().stamp(training::toSquare(picture, kStampSide), codes));
        QVERIFY(largestDifference(stamped, expected) <= 1);
        const auto logits = model.decode(stamped);
        const auto read = job.networks().decode(training::toSquare(stamped, kStampSide));
        QCOMPARE(logits.size(), std::size_t(kStampBits));
        for (std::int64_t i = 0; i < kStampBits; ++i)
            QVERIFY(std::abs(logits[std::size_t(i)] - read[0][i].item<float>()) < 1e-3F);

        // Pictures of other sizes are brought to the side to be read, and keep theirs when they are stamped.
        const auto large = image::resize(stamped, 2 * kStampSide, 2 * kStampSide);
        QCOMPARE(model.decode(large).size(), std::size_t(kStampBits));
        image::Image doubled = image::makeImage(2 * kStampSide, 2 * kStampSide, 3);
        for (int y = 0; y < doubled.height; ++y)
            for (int x = 0; x < doubled.width; ++x)
                for (int c = 0; c < 3; ++c)
                    doubled.data[std::size_t((y * doubled.width + x) * 3 + c)] =
                        stamped.data[std::size_t((y / 2 * kStampSide + x / 2) * 3 + c)];
        const auto ofDoubled = model.decode(doubled);
        for (std::size_t i = 0; i < logits.size(); ++i) QVERIFY(std::abs(logits[i] - ofDoubled[i]) < 1e-3F);
        const auto wide = makePicture(70, 45, 3);
        const auto wideStamped = model.stamp(wide, code);
        QCOMPARE(wideStamped.width, 70);
        QCOMPARE(wideStamped.height, 45);
        QVERIFY(wideStamped.data != wide.data);
        const auto deep = model.stamp(makePicture(kStampSide, kStampSide, 4, 16), code);
        QVERIFY(deep.depth == 8 && deep.channels == 3);

        QCOMPARE(codeOf([&] {
                     model.stamp(picture, std::vector<std::uint8_t>{1, 0});
                 }),
                 nameOf(ErrorCode::BadOption));
        QCOMPARE(
            codeOf([&] { ArtificialFingerprintModel(models::findModel("photo-keyed32", {}), "cpu", 1); }),
            nameOf(ErrorCode::BadOption));
    }

    /// A whole run, in one go and in pieces alike.
    void runInPieces() {
        auto options = smallestStamper();
        options.data = at("photos").string();
        options.steps = 4;
        options.batch = 2;
        options.validateEvery = options.sampleEvery = options.checkpointEvery = 2;
        const auto run = [&](const std::string& name, std::uint64_t most, bool resume) {
            training::runTraining(tasks::all(), {at(name), resume ? Json() : options.toJson(), resume, most},
                                  {});
        };
        run("whole", 0, false);
        run("pieces", 3, false);
        run("pieces", 0, true);
        const auto weights = readFile(at("whole") / "model/weights.safetensors");
        QVERIFY(readFile(at("pieces") / "model/weights.safetensors") == weights);
    }
};

SIGNET_TEST(TestArtificialFingerprint)
#include "test_artificial_fingerprint.moc"
