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

/// A page shows a signed picture smaller than the networks know it: it is looked at once more, this much
/// closer at most, if it has as many pixels and small tiles seem to repeat in it. Of 60 pages without a
/// signature half did, of 60 photographs one in ten, of 19 pages of which the first look did not find the
/// picture (a quarter of the page) 14.
constexpr double kCloser = 2, kLeastCloser = 1.5, kSmallTiles = 5.9;

/// JSON has no number for the logarithm of 0.
double recorded(double log10P) {
    return std::max(log10P, -1000.0);
}

KeyedEvidence::Region regionOf(const signature::SignedRegion& region, const signature::CarrierEstimate& view,
                               double forLooks) {
    KeyedEvidence::Region out;
    for (const auto& corner : region.outline)
        out.outline.push_back(
            {std::clamp(corner.x / view.columns, 0.0, 1.0), std::clamp(corner.y / view.rows, 0.0, 1.0)});
    out.log10P = std::min(0.0, recorded(region.reading.log10P) + forLooks);
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
    /// 12 megapixels of 4:3, a JPEG, are not decoded larger than for a first look.
    int decodedSide() const override { return inputSide() * 15 / 8; }
    int bits() const override { return PayloadCode::kPayloadBits; }
    std::optional<OwnThresholds> ownThresholds() const override { return kKeyedThresholds; }

    Reading detect(const image::Image& image) override {
        signature::RegionOptions options;
        const double closer = std::min(
            kCloser, static_cast<double>(std::min(image.width, image.height)) / m_model->inputSide());
        // Each look has half of the p-value, whether it is needed or not.
        const double forLooks = closer >= kLeastCloser ? std::log10(2.0) : 0;
        const double forTried = forLooks + std::log10(static_cast<double>(m_keys.size()));
        options.reading.log10CodeLimit -= forTried;
        options.log10PresenceLimit -= forTried;
        Look look = lookAt(image, 1, options);
        std::int64_t trials = look.reading().trials;
        if (forLooks > 0 && look.reading().log10P > options.log10PresenceLimit &&
            look.reading().smallTiles > kSmallTiles) {
            Look second = lookAt(image, closer, options);
            trials += second.reading().trials;
            if (second.reading().log10P < look.reading().log10P) look = std::move(second);
        }
        const Key* best = look.key;
        const std::vector<signature::SignedRegion>& regions = look.regions;
        const signature::CarrierEstimate& estimate = look.estimate;
        const signature::CarrierReading& reading = look.reading();
        KeyedEvidence evidence;
        evidence.keyFingerprint = best->fingerprint;
        evidence.publicKey = best->isPublic;
        evidence.keysTried = static_cast<int>(m_keys.size());
        evidence.log10P = std::min(0.0, recorded(reading.log10P) + forTried);
        evidence.log10PSync = recorded(reading.log10PSync);
        evidence.log10PEnergy = recorded(reading.log10PEnergy);
        evidence.log10PCode = recorded(reading.log10PCode);
        evidence.trials = trials;
        evidence.rankP = reading.rankP;
        evidence.viewToFrame = reading.map.h;
        for (const auto& region : regions)
            if (!region.outline.empty()) evidence.regions.push_back(regionOf(region, estimate, forLooks));

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
    /// What is read of a picture at one size, by the key that fits best.
    struct Look {
        signature::CarrierEstimate estimate;
        std::vector<signature::SignedRegion> regions;
        const Key* key = nullptr;

        const signature::CarrierReading& reading() const { return regions.front().reading; }
    };

    Look lookAt(const image::Image& image, double closer, const signature::RegionOptions& options) {
        Look look{m_model->estimate(image, closer), {}, nullptr};
        for (const Key& key : m_keys) {
            auto found = readRegions(look.estimate, m_model->band(), key.carrier, options);
            if (look.key != nullptr && found.front().reading.log10P >= look.reading().log10P) continue;
            look.key = &key;
            look.regions = std::move(found);
        }
        return look;
    }

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
