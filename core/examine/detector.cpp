#include "core/examine/detector.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/baselines/classifier_model.h"
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
        return {read.presenceLogit,        read.rows,         read.columns,        std::move(read.cells),
                std::move(read.bitLogits), read.imageToFrame, read.geometriesTried};
    }

private:
    std::shared_ptr<signature::Model> m_model;
};

LoadedNetworks loadSignature(const models::Manifest& manifest, const DetectorSetup& setup) {
    if (manifest.arch == "keyed")
        throw Error(
            ErrorCode::Unsupported,
            fmt::format("{} is a keyed signature: this version trains such models, and neither signs nor "
                        "examines with them yet",
                        manifest.name));
    const models::WeightFile& weights = manifest.weightsFor("detector");
    auto model = std::make_shared<signature::Model>(manifest.options, manifest.pathOf(weights),
                                                    weights.sha256, setup.device, setup.threads);
    return {std::make_unique<SignatureDetector>(model), model};
}

class ClassifierDetector final : public Detector {
public:
    ClassifierDetector(const std::filesystem::path& folder, const DetectorSetup& setup)
        : m_model(folder, setup.device, setup.threads) {}
    int inputSide() const override { return m_model.side(); }
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
