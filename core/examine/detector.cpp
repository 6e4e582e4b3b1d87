#include "core/examine/detector.h"

#include <fmt/format.h>

#include <limits>

#include "core/base/error.h"
#include "core/baselines/classifier_model.h"
#include "core/examine/fingerprint_detector.h"
#include "core/examine/keyed_detector.h"
#include "core/signature/model.h"

namespace signet::examine {
namespace {

class SignatureDetector final : public Detector {
public:
    explicit SignatureDetector(std::shared_ptr<signature::Model> model) : m_model(std::move(model)) {}
    int inputSide() const override { return m_model->detectSide(); }
    int bits() const override { return m_model->bits(); }
    Reading detect(const image::Image& image) override {
        signature::Detection read = m_model->detect(image);
        return {.scoreLogit = read.presenceLogit,
                .rows = read.rows,
                .columns = read.columns,
                .cells = std::move(read.cells),
                .bitLogits = std::move(read.bitLogits),
                .imageToFrame = read.imageToFrame,
                .geometriesTried = read.geometriesTried,
                .codeChecked = false,
                .keyed = std::nullopt,
                .match = std::nullopt};
    }

private:
    std::shared_ptr<signature::Model> m_model;
};

class SignatureInjector final : public Injector {
public:
    explicit SignatureInjector(std::shared_ptr<signature::Model> model) : m_model(std::move(model)) {}
    int bits() const override { return m_model->bits(); }
    bool isKeyed() const override { return false; }
    image::Planes residual(const image::Image& picture, const Inscription& inscription) override {
        return m_model->residual(picture, inscription.code, inscription.embedding);
    }

private:
    std::shared_ptr<signature::Model> m_model;
};

LoadedNetworks loadSignature(const models::Manifest& manifest, const DetectorSetup& setup) {
    if (isKeyed(manifest)) return loadKeyed(manifest, setup);
    const models::WeightFile& weights = manifest.weightsFor("detector");
    auto model = std::make_shared<signature::Model>(manifest.options, manifest.pathOf(weights),
                                                    weights.sha256, setup.device, setup.threads);
    return {std::make_unique<SignatureDetector>(model), std::make_unique<SignatureInjector>(model)};
}

class ClassifierDetector final : public Detector {
public:
    ClassifierDetector(const std::filesystem::path& folder, const DetectorSetup& setup)
        : m_model(folder, setup.device, setup.threads) {}
    int inputSide() const override { return m_model.side(); }
    int decodedSide() const override {
        return m_model.resizes() ? inputSide() : std::numeric_limits<int>::max();
    }
    int bits() const override { return 0; }
    Reading detect(const image::Image& image) override {
        Reading reading;
        reading.scoreLogit = m_model.logit(image);
        return reading;
    }

private:
    baselines::ClassifierModel m_model;
};

LoadedNetworks loadClassifier(const models::Manifest& manifest, const DetectorSetup& setup) {
    return {std::make_unique<ClassifierDetector>(manifest.folder, setup), nullptr};
}

using Load = LoadedNetworks (*)(const models::Manifest&, const DetectorSetup&);

/// How the detector of a kind is loaded: the one place where a kind of detector is added. Null: it examines
/// no images.
Load loaderOf(models::Kind kind) {
    switch (kind) {
        case models::Kind::Signature:
            return loadSignature;
        case models::Kind::Classifier:
            return loadClassifier;
        case models::Kind::Fingerprint:
            return loadFingerprint;
        default:
            return nullptr;
    }
}

}  // namespace

bool canDetect(models::Kind kind) {
    return loaderOf(kind) != nullptr;
}

LoadedNetworks loadNetworks(const models::Manifest& manifest, const DetectorSetup& setup) {
    const Load load = loaderOf(manifest.kind());
    if (load == nullptr)
        throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": it examines no images",
                                                      manifest.name, toString(manifest.kind())));
    return load(manifest, setup);
}

}  // namespace signet::examine
