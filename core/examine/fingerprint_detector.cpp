#include "core/examine/fingerprint_detector.h"

#include <algorithm>

#include "core/examine/fingerprint_lookup.h"
#include "core/fingerprint/fingerprint_model.h"

namespace signet::examine {
namespace {

class FingerprintDetector final : public Detector {
public:
    FingerprintDetector(const models::Manifest& manifest, const DetectorSetup& setup)
        : m_model(manifest, setup.device, setup.threads), m_instances(setup.fingerprints) {}

    int inputSide() const override { return m_model.side(); }
    int bits() const override { return m_model.bits(); }
    std::optional<OwnThresholds> ownThresholds() const override { return kFingerprintThresholds; }

    Reading detect(const image::Image& image) override {
        Reading reading;
        reading.bitLogits = m_model.decode(image);
        if (m_instances)
            reading.match = m_instances->nearest(m_model.manifest().weightsSha256, reading.bitLogits);
        if (reading.match) reading.scoreLogit = std::max(0.0, -reading.match->log10PCorrected);
        return reading;
    }

private:
    fingerprint::FingerprintModel m_model;
    std::shared_ptr<FingerprintLookup> m_instances;
};

}  // namespace

LoadedNetworks loadFingerprint(const models::Manifest& manifest, const DetectorSetup& setup) {
    return {std::make_unique<FingerprintDetector>(manifest, setup), nullptr};
}

}  // namespace signet::examine
