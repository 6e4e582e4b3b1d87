// Published checkpoints of detectors (ResNets with torchvision's names) become classifiers: what the tensors
// tell is told from them, what they do not has to be said, what is missing is named.
#include "core/baselines/published_classifier.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/baselines/classifier.h"
#include "tests/core/torch_checkpoint_builder.h"
#include "tests/support/error_of.h"
#include "tests/support/test_program.h"

using namespace signet;
using namespace signet::baselines;
namespace fs = std::filesystem;

namespace {

constexpr int kPublishedWidth = 8;

/// A detector with weights that are all random, as such files have them.
std::unique_ptr<Classifier> publishedDetector(const std::string& arch) {
    auto classifier =
        makeClassifier({{arch, kPublishedWidth, false, true, kWholeInput, 224}, {"real", "made"}}, 3);
    nn::TensorMap state = nn::stateDict(*classifier->network());
    for (auto& [name, tensor] : state)
        if (tensor.is_floating_point()) tensor = tensor + torch::rand_like(tensor) * 0.1;
    nn::loadStateDict(*classifier->network(), state);
    classifier->network()->eval();
    return classifier;
}

/// Its tensors, counters of steps as a training leaves them.
nn::TensorMap publishedTensors(Classifier& classifier) {
    nn::TensorMap state = nn::stateDict(*classifier.network());
    for (auto& [name, tensor] : state)
        if (!tensor.is_floating_point()) tensor = torch::tensor(7, torch::kInt32);
    return state;
}

}  // namespace

class TestPublishedClassifier : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path inFolder(const std::string& name) const {
        return fs::path(m_temporary.path().toStdString()) / name;
    }
    fs::path saved(const std::string& part, const nn::TensorMap& tensors) const {
        const QByteArray bytes = test::zippedCheckpoint(part, {tensors.begin(), tensors.end()});
        const fs::path path = inFolder("w.pth");
        writeFileAtomically(path, std::string(bytes.data(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
        return path;
    }
    QString refusalOf(const nn::TensorMap& tensors, const std::vector<std::string>& options) const {
        return test::errorOf(
            [&] { importClassifier(saved("model", tensors), inFolder("refused"), options); });
    }

private Q_SLOTS:
    void detectors_data() {
        QTest::addColumn<QString>("arch");
        QTest::addColumn<QString>("part");
        QTest::addColumn<bool>("convolution");
        QTest::addColumn<bool>("counters");
        QTest::newRow("state dict alone") << "resnet18"
                                          << "" << false << true;
        QTest::newRow("in model") << "resnet50"
                                  << "model" << false << true;
        QTest::newRow("last layer a convolution") << "resnet50"
                                                  << "model" << true << true;
        QTest::newRow("without counters") << "resnet34"
                                          << "model" << false << false;
    }
    void detectors() {
        QFETCH(QString, arch);
        QFETCH(QString, part);
        QFETCH(bool, convolution);
        QFETCH(bool, counters);
        const auto original = publishedDetector(arch.toStdString());
        nn::TensorMap tensors = publishedTensors(*original);
        if (arch == "resnet50") QCOMPARE(tensors.size(), std::size_t(320));
        if (convolution) tensors["fc.weight"] = tensors["fc.weight"].unsqueeze(2).unsqueeze(3);
        if (!counters)
            std::erase_if(tensors, [](const auto& entry) { return !entry.second.is_floating_point(); });
        const fs::path folder = inFolder(QTest::currentDataTag());
        const auto manifest = importClassifier(saved(part.toStdString(), tensors), folder,
                                               {"down=false", "classes=[\"real\",\"made\"]"});
        QCOMPARE(manifest.arch, arch.toStdString());
        QCOMPARE(manifest.run["imported_from"].get<std::string>(), std::string("w.pth"));
        QCOMPARE(manifest.parameters, nn::parameterCount(*original->network()));
        const auto imported = Classifier::load(folder);
        QVERIFY(imported->options().toJson() == original->options().toJson());
        const torch::NoGradGuard guard;
        const auto x = torch::rand({2, 3, 40, 48}) * 2 - 1;
        QVERIFY(torch::equal(imported->logit(x), original->logit(x)));
    }

    void whatDoesNotFitIsNamed() {
        const std::vector<std::string> told{"down=true"};
        const auto classifier = publishedDetector("resnet18");
        const nn::TensorMap whole = publishedTensors(*classifier);
        const auto refusalWith = [&](const std::function<void(nn::TensorMap&)>& change) {
            nn::TensorMap changed = whole;
            change(changed);
            return refusalOf(changed, told);
        };
        QVERIFY(refusalOf(whole, {}).contains("--set down=true"));
        QVERIFY(refusalOf(whole, {"down=true", "blocks=3"}).contains("blocks"));
        QVERIFY(refusalOf(whole, {"down=true", "input=crop"}).contains("input"));
        QVERIFY(refusalWith([](auto& t) {
                    t.erase("layer2.0.bn1.bias");
                }).contains("missing: layer2.0.bn1.bias"));
        QVERIFY(refusalWith([](auto& t) {
                    t["layer5.weight"] = torch::zeros({3});
                }).contains("not known: layer5.weight"));
        QVERIFY(refusalWith([](auto& t) { t["fc.bias"] = torch::zeros({2}); }).contains("fc.bias (2"));
        QVERIFY(refusalWith([](auto& t) { t.erase("fc.weight"); }).contains("fc.weight is missing"));
        QVERIFY(refusalWith([](auto& t) { t.erase("conv1.weight"); }).contains("holds no \"conv1.weight\""));
        QVERIFY(refusalWith([](auto& t) {
                    t["fc.weight"] = torch::zeros({1000, 8 * kPublishedWidth});
                    t["fc.bias"] = torch::zeros({1000});
                }).contains("this ResNet has 1000 outputs"));
        QVERIFY(refusalWith([](auto& t) {
                    t["layer3.2.conv1.weight"] = torch::zeros({3});
                }).contains("2, 2, 3, 2 blocks of 2 convolutions"));
        QVERIFY(!fs::exists(inFolder("refused")));
    }
};

SIGNET_TEST(TestPublishedClassifier)
#include "test_published_classifier.moc"
