#include "core/examine/keyed_detector.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/base/text.h"
#include "core/signature/cell_signs.h"
#include "core/signature/keyed_model.h"
#include "core/signature/signed_regions.h"

namespace signet::examine {
namespace {

using signature::KeyedModel;
using signature::PayloadCode;

/// log-odds of the bits of a code that passed its check: a sign is all that is known of each.
constexpr float kChecked = 1;

/// JSON has no number for the logarithm of 0.
double recorded(double log10P) {
    return std::max(log10P, -1000.0);
}

KeyedEvidence::Region regionOf(const signature::SignedRegion& region,
                               const signature::CarrierEstimate& view) {
    KeyedEvidence::Region out;
    for (const auto& corner : region.outline)
        out.outline.push_back(
            {std::clamp(corner.x / view.columns, 0.0, 1.0), std::clamp(corner.y / view.rows, 0.0, 1.0)});
    out.log10P = recorded(region.reading.log10P);
    if (region.reading.code) out.codeHex = hexFromBits(PayloadCode::bitsOf(region.reading.code->payload));
    return out;
}

class KeyedDetector final : public Detector {
public:
    KeyedDetector(std::shared_ptr<KeyedModel> model, const std::vector<signature::SecretKey>& keys)
        : m_model(std::move(model)) {
        const auto add = [&](const signature::SecretKey& key) {
            m_keys.push_back({key.fingerprint(), key.isPublic(), {m_model->band(), key}});
        };
        for (const auto& key : keys) add(key);
        if (m_keys.empty()) add(signature::SecretKey::publicDefault());
    }

    int inputSide() const override { return m_model->inputSide(); }
    int bits() const override { return PayloadCode::kPayloadBits; }
    std::optional<OwnThresholds> ownThresholds() const override { return kKeyedThresholds; }

    Reading detect(const image::Image& image) override {
        const auto estimate = m_model->estimate(image);
        const Key* best = nullptr;
        std::vector<signature::SignedRegion> regions;
        signature::RegionOptions options;
        const double forKeys = std::log10(static_cast<double>(m_keys.size()));
        options.reading.log10CodeLimit -= forKeys;
        options.log10PresenceLimit -= forKeys;
        for (const Key& key : m_keys) {
            auto found = readRegions(estimate, m_model->band(), key.carrier, options);
            if (best != nullptr && found.front().reading.log10P >= regions.front().reading.log10P) continue;
            best = &key;
            regions = std::move(found);
        }
        const signature::CarrierReading& reading = regions.front().reading;
        KeyedEvidence evidence;
        evidence.keyFingerprint = best->fingerprint;
        evidence.publicKey = best->isPublic;
        evidence.keysTried = static_cast<int>(m_keys.size());
        evidence.log10P = std::min(0.0, recorded(reading.log10P) + forKeys);
        evidence.log10PSync = recorded(reading.log10PSync);
        evidence.log10PEnergy = recorded(reading.log10PEnergy);
        evidence.log10PCode = recorded(reading.log10PCode);
        evidence.trials = reading.trials;
        evidence.rankP = reading.rankP;
        evidence.viewToFrame = reading.map.h;
        for (const auto& region : regions)
            if (!region.outline.empty()) evidence.regions.push_back(regionOf(region, estimate));

        Reading out;
        out.scoreLogit = 0 - evidence.log10P;  // no negative 0
        const auto& support = regions.front().support;
        out.rows = support.rows;
        out.columns = support.columns;
        out.cells = support.deviations;
        if (reading.code) {
            for (const auto bit : PayloadCode::bitsOf(reading.code->payload))
                out.bitLogits.push_back(bit ? kChecked : -kChecked);
            out.codeChecked = true;
            evidence.seen = std::make_shared<const signature::SeenSigns>(
                signature::seenSigns({.picture = image,
                                      .columns = estimate.columns,
                                      .rows = estimate.rows,
                                      .toFrame = reading.map,
                                      .outline = regions.front().outline}));
        }
        out.keyed = std::move(evidence);
        return out;
    }

private:
    struct Key {
        std::string fingerprint;
        bool isPublic;
        signature::CarrierKey carrier;
    };
    std::shared_ptr<KeyedModel> m_model;
    std::vector<Key> m_keys;
};

class KeyedInjector final : public Injector {
public:
    explicit KeyedInjector(std::shared_ptr<KeyedModel> model) : m_model(std::move(model)) {}
    int bits() const override { return PayloadCode::kPayloadBits; }
    bool isKeyed() const override { return true; }
    image::Planes residual(const image::Image& picture, const Inscription& inscription) override {
        const auto key = carrierKeyOf(*inscription.key);
        const auto codeword = key->code.encode(PayloadCode::payloadOf(inscription.code));
        return m_model->residual(picture, key->patterns.carrier(codeword), inscription.embedding);
    }

private:
    /// Kept for the key that was written with last: as a rule it is the same for many pictures.
    std::shared_ptr<const signature::CarrierKey> carrierKeyOf(const signature::SecretKey& key) {
        const std::string fingerprint = key.fingerprint();
        const std::lock_guard lock(m_mutex);
        if (!m_lastKey || m_lastFingerprint != fingerprint) {
            m_lastKey = std::make_shared<const signature::CarrierKey>(m_model->band(), key);
            m_lastFingerprint = fingerprint;
        }
        return m_lastKey;
    }

    std::shared_ptr<KeyedModel> m_model;
    std::mutex m_mutex;
    std::shared_ptr<const signature::CarrierKey> m_lastKey;
    std::string m_lastFingerprint;
};

}  // namespace

bool isKeyed(const models::Manifest& manifest) {
    return manifest.arch == signature::kKeyedArch;
}

LoadedNetworks loadKeyed(const models::Manifest& manifest, const DetectorSetup& setup) {
    const models::WeightFile& weights = manifest.weightsFor("extractor");
    auto model = std::make_shared<KeyedModel>(manifest.options, manifest.pathOf(weights), weights.sha256,
                                              setup.device, setup.threads);
    return {std::make_unique<KeyedDetector>(model, setup.keys), std::make_unique<KeyedInjector>(model)};
}

}  // namespace signet::examine
