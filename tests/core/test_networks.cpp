#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <thread>

#include "core/base/error.h"
#include "core/nn/safetensors.h"
#include "core/nn/threads.h"
#include "core/signature/networks.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using at::Tensor;

namespace {

constexpr double kDerivativeStep = 1e-6;

/// Largest relative error, over all parameters, of backward() against a central difference along a random
/// direction. value: a smooth number made of the module's output.
template <typename Value>
double worstGradientError(torch::nn::Module& module, const Value& value, QString* worstName) {
    module.zero_grad();
    value().backward();
    double worst = 0;
    const at::NoGradGuard guard;
    for (const auto& item : module.named_parameters()) {
        Tensor parameter = item.value();
        const Tensor direction = at::randn_like(parameter);
        const double expected =
            parameter.grad().defined() ? (parameter.grad() * direction).sum().template item<double>() : 0.0;
        parameter.add_(direction, kDerivativeStep);
        const double above = value().template item<double>();
        parameter.sub_(direction, 2 * kDerivativeStep);
        const double below = value().template item<double>();
        parameter.add_(direction, kDerivativeStep);
        const double measured = (above - below) / (2 * kDerivativeStep);
        const double error = std::abs(measured - expected) / std::max(1e-2, std::abs(expected));
        if (error > worst) {
            worst = error;
            *worstName = QString::fromStdString(item.key());
        }
    }
    return worst;
}

/// Double precision, every parameter random: layers that start at zero would hide those before them.
void randomise(torch::nn::Module& module) {
    module.to(at::kDouble);
    const at::NoGradGuard guard;
    for (auto& parameter : module.parameters()) parameter.copy_(at::randn_like(parameter) * 0.15);
}

Tensor weighted(const Tensor& output) {
    return (output * at::linspace(-1, 1.5, output.numel(), output.options()).view_as(output)).sum();
}

std::vector<std::int64_t> shapeOf(const nn::TensorMap& state, const QString& name) {
    const auto it = state.find(name.toStdString());
    return it == state.end() ? std::vector<std::int64_t>{-1} : it->second.sizes().vec();
}

}  // namespace

class TestNetworks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        at::manual_seed(7);
        at::set_num_threads(1);
    }

    /// Whatever number another thread sets before this one's first operation.
    void threadsKeepTheirNumber() {
        int alone = 0, own = 0, after = 0;
        std::thread([&] {
            nn::useThreads(2);
            std::thread([&] {
                nn::useThisThreadAlone();
                alone = at::get_num_threads();
                at::set_num_threads(5);
            }).join();
            own = at::get_num_threads();
            (void)(at::ones({1 << 18}) + 1);  // shared among threads
            after = at::get_num_threads();
        }).join();
        QCOMPARE(alone, 1);
        QCOMPARE(own, 2);
        QCOMPARE(after, 2);
    }

    void paperInjector_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("1 bit") << 1 << qint64(34613955);
        QTest::newRow("2 bits") << 2 << qint64(34680515);
        QTest::newRow("128 bits") << 128 << qint64(34712771);
    }
    /// The fact sheet's counts; the output is exactly 0 before any training.
    void paperInjector() {
        QFETCH(int, bits);
        QFETCH(qint64, parameters);
        nn::UNet unet(nn::UNetOptions{.codeBits = bits > 1 ? bits : 0});
        QCOMPARE(qint64(nn::parameterCount(*unet)), parameters);
        const at::NoGradGuard guard;
        const Tensor output = unet->forward(at::rand({2, 3, 32, 64}) * 2 - 1, {.code = at::ones({2, bits})});
        QCOMPARE(output.sizes().vec(), (std::vector<std::int64_t>{2, 3, 32, 64}));
        QCOMPARE(output.abs().max().item<double>(), 0.0);
    }

    void paperInjectorNames_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        using Shape = std::vector<std::int64_t>;
        const auto row = [](const char* name, const Shape& shape) {
            QTest::newRow(name) << QString(name) << shape;
        };
        row("time_embed.0.weight", {256, 64});
        row("time_embed.2.bias", {256});
        row("label_emb.0.weight", {256, 2});
        row("label_emb.2.bias", {256});
        row("input_blocks.0.0.weight", {64, 3, 3, 3});
        row("input_blocks.3.0.in_layers.2.weight", {64, 64, 3, 3});
        row("input_blocks.7.0.skip_connection.weight", {128, 64, 1, 1});
        row("input_blocks.9.0.out_layers.3.weight", {128, 128, 3, 3});
        row("input_blocks.10.1.qkv.weight", {384, 128, 1});
        row("input_blocks.13.0.emb_layers.1.weight", {512, 256});
        row("input_blocks.17.1.norm.weight", {256});
        row("middle_block.0.in_layers.0.bias", {256});
        row("middle_block.1.proj_out.bias", {256});
        row("middle_block.2.out_layers.0.weight", {256});
        row("output_blocks.0.0.in_layers.2.weight", {256, 512, 3, 3});
        row("output_blocks.2.2.in_layers.0.weight", {256});
        row("output_blocks.5.0.in_layers.0.weight", {384});
        row("output_blocks.6.0.skip_connection.weight", {128, 384, 1, 1});
        row("output_blocks.8.1.qkv.bias", {384});
        row("output_blocks.11.0.in_layers.0.weight", {192});
        row("output_blocks.11.1.in_layers.2.weight", {128, 128, 3, 3});
        row("output_blocks.12.0.in_layers.0.weight", {192});
        row("output_blocks.17.0.out_layers.3.weight", {64, 64, 3, 3});
        row("out.0.weight", {64});
        row("out.2.weight", {3, 64, 3, 3});
    }
    void paperInjectorNames() {
        QFETCH(QString, name);
        QFETCH(std::vector<std::int64_t>, shape);
        static nn::UNet unet(nn::UNetOptions{.codeBits = 2});
        QCOMPARE(shapeOf(nn::stateDict(*unet), name), shape);
    }

    /// No attention where the fact sheet has none, no block after the last, no label without a code.
    void paperInjectorHasNothingElse() {
        nn::UNet unet(nn::UNetOptions{});
        for (const auto& [name, tensor] : nn::stateDict(*unet)) {
            const QString key = QString::fromStdString(name);
            for (const char* absent :
                 {"label_emb", "input_blocks.18.", "output_blocks.18.", "middle_block.3.",
                  "input_blocks.8.1.", "output_blocks.9.1.", "output_blocks.14.2."})
                QVERIFY2(!key.startsWith(absent), qPrintable(key));
        }
    }

    void paperDetector_data() {
        QTest::addColumn<int>("outputs");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("1 bit") << 1 << qint64(21285185);
        QTest::newRow("2 bits") << 2 << qint64(21285698);
    }
    /// torchvision's names, and cells whose mean is the answer.
    void paperDetector() {
        QFETCH(int, outputs);
        QFETCH(qint64, parameters);
        nn::ResNet34 resnet(outputs);
        QCOMPARE(qint64(nn::parameterCount(*resnet)), parameters);
        const auto state = nn::stateDict(*resnet);
        using Shape = std::vector<std::int64_t>;
        QCOMPARE(state.size(), std::size_t(218));
        QCOMPARE(shapeOf(state, "conv1.weight"), (Shape{64, 3, 7, 7}));
        QCOMPARE(shapeOf(state, "bn1.running_var"), (Shape{64}));
        QCOMPARE(shapeOf(state, "layer2.0.downsample.0.weight"), (Shape{128, 64, 1, 1}));
        QCOMPARE(shapeOf(state, "layer2.0.downsample.1.running_mean"), (Shape{128}));
        QCOMPARE(shapeOf(state, "layer3.5.bn2.num_batches_tracked"), (Shape{}));
        QCOMPARE(shapeOf(state, "layer4.2.conv2.weight"), (Shape{512, 512, 3, 3}));
        QCOMPARE(shapeOf(state, "fc.bias"), (Shape{outputs}));

        resnet->eval();
        const at::NoGradGuard guard;
        const Tensor x = at::rand({2, 3, 64, 96}) * 2 - 1;
        const Tensor cells = resnet->cells(x);
        const Tensor logits = resnet(x);
        QCOMPARE(cells.sizes().vec(), (Shape{2, outputs, 2, 3}));
        const double scale = cells.abs().max().item<double>();
        QVERIFY(scale > 0);
        QVERIFY((cells.mean({2, 3}) - logits).abs().max().item<double>() < 1e-5 * scale);
    }

    void bottlenecks_data() {
        QTest::addColumn<int>("outputs");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("as published for ImageNet") << 1000 << qint64(25557032);
        QTest::newRow("of two classes") << 1 << qint64(23510081);
    }
    /// ResNet-50 with torchvision's names, the stride on the 3x3 convolution.
    void bottlenecks() {
        QFETCH(int, outputs);
        QFETCH(qint64, parameters);
        nn::ResNet resnet(nn::ResNetOptions{.outputs = outputs, .bottleneck = true});
        QCOMPARE(qint64(nn::parameterCount(*resnet)), parameters);
        const auto state = nn::stateDict(*resnet);
        using Shape = std::vector<std::int64_t>;
        QCOMPARE(state.size(), std::size_t(320));
        QCOMPARE(shapeOf(state, "layer1.0.conv1.weight"), (Shape{64, 64, 1, 1}));
        QCOMPARE(shapeOf(state, "layer1.0.conv3.weight"), (Shape{256, 64, 1, 1}));
        QCOMPARE(shapeOf(state, "layer1.0.downsample.0.weight"), (Shape{256, 64, 1, 1}));
        QCOMPARE(shapeOf(state, "layer2.0.conv2.weight"), (Shape{128, 128, 3, 3}));
        QCOMPARE(shapeOf(state, "layer3.5.bn3.running_var"), (Shape{1024}));
        QCOMPARE(shapeOf(state, "fc.weight"), (Shape{outputs, 2048}));
        const auto& block = *resnet->layer2->children().front()->as<nn::ResNetBlock>();
        QCOMPARE(block.conv1->options.stride()->at(0), std::int64_t(1));
        QCOMPARE(block.conv2->options.stride()->at(0), std::int64_t(2));
    }

    void stridesOfResNets_data() {
        QTest::addColumn<bool>("bottleneck");
        QTest::addColumn<bool>("down");
        for (const bool bottleneck : {false, true})
            for (const bool down : {false, true})
                QTest::addRow("%s, %s", bottleneck ? "three convolutions" : "two", down ? "down" : "NoDown")
                    << bottleneck << down;
    }
    /// Without the first two halvings a cell is of 8 px instead of 32; the tensors are the same.
    void stridesOfResNets() {
        QFETCH(bool, bottleneck);
        QFETCH(bool, down);
        at::manual_seed(4);
        nn::ResNet resnet(
            nn::ResNetOptions{.blocks = {1, 1, 1, 1}, .width = 4, .bottleneck = bottleneck, .down = down});
        resnet->eval();
        const at::NoGradGuard guard;
        const std::int64_t stride = down ? 32 : 8;
        QCOMPARE(std::int64_t(resnet->stride()), stride);
        const Tensor x = at::rand({2, 3, 64, 96}) * 2 - 1;
        const Tensor cells = resnet->cells(x);
        QCOMPARE(cells.sizes().vec(), (std::vector<std::int64_t>{2, 1, 64 / stride, 96 / stride}));
        const double scale = cells.abs().max().item<double>();
        QVERIFY((cells.mean({2, 3}) - resnet(x)).abs().max().item<double>() < 1e-5 * scale);
        nn::ResNet other(
            nn::ResNetOptions{.blocks = {1, 1, 1, 1}, .width = 4, .bottleneck = bottleneck, .down = !down});
        nn::checkStateDict(*other, nn::stateDict(*resnet));
    }

    void gradientOfPaperInjector() {
        nn::UNet unet(nn::UNetOptions{.baseWidth = 32,
                                      .multipliers = {1, 2},
                                      .blocksPerLevel = 1,
                                      .attentionFactors = {2},
                                      .headWidth = 32,
                                      .dropout = 0,
                                      .codeBits = 3});
        randomise(*unet);
        const Tensor x = at::rand({2, 3, 8, 8}, at::kDouble) * 2 - 1;
        const Tensor code = at::tensor({1.0, 0.0, 1.0, 0.0, 1.0, 1.0}, at::kDouble).view({2, 3});
        QString name;
        const double error = worstGradientError(
            *unet, [&] { return weighted(unet->forward(x, {.code = code})); }, &name);
        QVERIFY2(error < 1e-5, qPrintable(QString("%1 at %2").arg(error).arg(name)));
    }

    void gradientOfCompactInjector_data() {
        QTest::addColumn<int>("bits");
        QTest::newRow("constant signature") << 0;
        QTest::newRow("code") << 5;
    }
    void gradientOfCompactInjector() {
        QFETCH(int, bits);
        nn::CompactInjector injector(nn::CompactInjectorOptions{.bits = bits, .widths = {8, 16, 24}});
        randomise(*injector);
        const Tensor x = at::rand({2, 3, 16, 16}, at::kDouble) * 2 - 1;
        const Tensor code = (at::rand({2, 5}, at::kDouble) > 0.5).to(at::kDouble);
        QString name;
        const double error = worstGradientError(
            *injector, [&] { return weighted(injector(x, code)); }, &name);
        QVERIFY2(error < 1e-5, qPrintable(QString("%1 at %2").arg(error).arg(name)));
    }

    /// ReLU has kinks: a few of the thousands of units may cross one within the step.
    void gradientOfReader() {
        nn::CodeReader reader(std::array{8, 8, 16}, 4);
        randomise(*reader);
        const Tensor x = at::rand({3, 6, 48, 48}, at::kDouble) * 2 - 1;
        QString name;
        const auto value = [&] {
            const auto reading = reader(x);
            return weighted(reading.bits) + weighted(reading.presence) + 0.1 * weighted(reading.offsets);
        };
        const double error = worstGradientError(*reader, value, &name);
        QVERIFY2(error < 1e-3, qPrintable(QString("%1 at %2").arg(error).arg(name)));
    }

    /// A code must reach the residual, and each bit of it.
    void everyBitChangesTheResidual() {
        auto networks = signature::Networks::create({.bits = 8, .injectorWidths = {8, 8, 8}});
        networks->train(false);
        const at::NoGradGuard guard;
        const Tensor x = at::rand({1, 3, 192, 192}) * 2 - 1;
        const Tensor zero = at::zeros({1, 8});
        const Tensor base = networks->residual(x, zero);
        for (int bit = 0; bit < 8; ++bit) {
            Tensor code = zero.clone();
            code[0][bit] = 1;
            QVERIFY((networks->residual(x, code) - base).abs().max().item<double>() > 1e-6);
        }
    }

    void residualHasTheNominalPsnr_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<double>("db");
        for (const int bits : {1, 32})
            for (const double db : {20.0, 41.3, 60.0})
                QTest::addRow("%d bits, %.1f dB", bits, db) << bits << db;
    }
    /// Every image of the batch on its own; 255 levels of an 8-bit image are 2 units of the network.
    void residualHasTheNominalPsnr() {
        QFETCH(int, bits);
        QFETCH(double, db);
        auto networks = signature::Networks::create(
            {.bits = bits, .injectorWidths = {8, 8, 16}, .detectorWidths = {8, 8, 8}, .nominalPsnrDb = db});
        networks->train(false);
        const at::NoGradGuard guard;
        const Tensor flat = at::full({1, 3, 192, 192}, 0.2);
        const Tensor x = at::cat({flat, at::rand({2, 3, 192, 192}) * 2 - 1});
        const Tensor residual = networks->residual(x, at::ones({3, bits}));
        for (int i = 0; i < 3; ++i) {
            const double mse = residual[i].to(at::kDouble).square().mean().item<double>();
            QVERIFY(std::abs(10 * std::log10(4 / mse) - db) < 0.01);
        }
    }

    void readShapes() {
        auto networks = signature::Networks::create(
            {.bits = 8, .injectorWidths = {8, 8, 8}, .detectorWidths = {8, 8, 8}});
        networks->train(false);
        const auto reading = networks->read(at::rand({2, 3, 192, 192}) * 2 - 1, 1.5);
        using Shape = std::vector<std::int64_t>;
        QCOMPARE(reading.presence.sizes().vec(), (Shape{2}));
        QCOMPARE(reading.cells.sizes().vec(), (Shape{2, 12, 12}));
        QCOMPARE(reading.bits.sizes().vec(), (Shape{2, 8}));
        QCOMPARE(reading.imageToFrame.sizes().vec(), (Shape{2, 2, 3}));
        QVERIFY(reading.geometriesTried >= 2);
        QVERIFY(reading.imageToFrame.abs().max().item<double>() <= 3);
    }

    /// The refined residual keeps its place, lies within 4 dB of the strength asked for, and comes out the
    /// same again; untrained networks never read, so that all steps are taken. A flat and a clipped picture
    /// too.
    void informedResidual_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<double>("level");
        QTest::newRow("code, a picture") << 8 << 2.0;
        QTest::newRow("presence, a picture") << 1 << 2.0;
        QTest::newRow("code, mid-grey") << 8 << 0.0;
        QTest::newRow("presence, white") << 1 << 1.0;
    }
    void informedResidual() {
        QFETCH(int, bits);
        QFETCH(double, level);
        at::manual_seed(5);
        signature::NetworkOptions options;
        options.bits = bits;
        signature::CompactNetworks networks(options);
        networks.train(false);
        const int side = networks.detectSide();
        const Tensor image =
            level == 2.0 ? at::rand({1, 3, side, side}) * 2 - 1 : at::full({1, 3, side, side}, level);
        const Tensor code = at::ones({1, bits});
        const at::NoGradGuard guard;
        const Tensor plain = networks.embed(image, code, {.strength = 0.5, .informed = false});
        const Tensor informed = networks.embed(image, code, {.strength = 0.5, .informed = true});
        QVERIFY(informed.sizes() == plain.sizes());
        QVERIFY(!informed.requires_grad());
        QVERIFY(at::isfinite(informed).all().item<bool>());
        const double ratio = (informed.square().mean() / plain.square().mean()).item<double>();
        QVERIFY2(ratio > 0.99 && ratio < std::pow(10, 0.4) * 1.01, qPrintable(QString::number(ratio)));
        QVERIFY((informed - plain).abs().max().item<double>() > 0);
        QVERIFY(at::equal(informed, networks.embed(image, code, {.strength = 0.5, .informed = true})));
    }

    /// Manifests and checkpoints from before there was a visibility are read as ever.
    void optionsOfOldModels() {
        Json json = signature::NetworkOptions{}.toJson();
        json.erase("level");
        QCOMPARE(signature::NetworkOptions::fromJson(json).level, signature::NetworkOptions{}.level);
        json.erase("bits");
        QVERIFY_EXCEPTION_THROWN(signature::NetworkOptions::fromJson(json), Error);
    }

    void optionsOutOfRange_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("unknown architecture") << "arch"
                                              << "\"vgg\"";
        QTest::newRow("no bit") << "bits"
                                << "0";
        QTest::newRow("too many bits") << "bits"
                                       << "257";
        QTest::newRow("work side off the grid") << "workSide"
                                                << "100";
        QTest::newRow("work side too small") << "workSide"
                                             << "0";
        QTest::newRow("injector width") << "injectorWidths"
                                        << "[8,8,12]";
        QTest::newRow("detector width") << "detectorWidths"
                                        << "[8,-8,8]";
        QTest::newRow("PSNR") << "nominalPsnrDb"
                              << "500";
        QTest::newRow("visibility") << "level"
                                    << "0";
    }
    void optionsOutOfRange() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        Json json = signature::NetworkOptions{}.toJson();
        QVERIFY(signature::NetworkOptions::fromJson(json).toJson() == json);
        json[key.toStdString()] = Json::parse(value.toStdString());
        const QString said =
            test::errorOf([&] { signature::NetworkOptions::fromJson(json); }, ErrorCode::BadOption);
        QVERIFY2(said.contains(key), qPrintable(said));
    }
};

SIGNET_TEST(TestNetworks)
#include "test_networks.moc"
