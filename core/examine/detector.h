#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/examine/code_match.h"
#include "core/examine/injector.h"
#include "core/examine/keyed_evidence.h"
#include "core/image/image.h"
#include "core/models/manifest.h"
#include "core/signature/secret_key.h"

namespace signet::examine {

/// What a detector reads off one image.
struct Reading {
    double scoreLogit = 0;  ///< what is compared with the thresholds
    int rows = 0;
    int columns = 0;
    std::vector<float> cells;      ///< row-major logits, see EvidenceMap; empty: it shows no places
    std::vector<float> bitLogits;  ///< one a bit; empty where it reads no code, or none that holds
    std::array<double, 6> imageToFrame{1, 0, 0, 0, 1, 0};  ///< [a b c; d e f], [-1,1] units
    int geometriesTried = 1;                               ///< geometries tried
    bool codeChecked = false;            ///< the code in bitLogits passed a check of its own
    std::optional<KeyedEvidence> keyed;  ///< of a keyed signature
    std::optional<CodeMatch> match;      ///< of a fingerprint: the registered instance that agrees best
};

class FingerprintLookup;

/// From which scores on a detector reports whose score is -log10 of a p-value: no set of images moves them.
struct OwnThresholds {
    double present = 0;
    double inconclusive = 0;
};

/// A model that says something about an image by one score. What it claims comes with its kind (claim.h).
/// Signing and sampling are no part of it. Calls from several threads are served one after another.
class Detector {
public:
    virtual ~Detector() = default;
    virtual int inputSide() const = 0;  ///< of the square its network takes, px
    /// Of a picture's short side, to which it is decoded at least; more only where that is not reduced, px.
    virtual int decodedSide() const { return inputSide(); }
    virtual int bits() const = 0;                           ///< length of the code it reads; 1 or 0: none
    virtual Reading detect(const image::Image& image) = 0;  ///< of any size
    /// Nothing: the thresholds are those of the model's calibration.
    virtual std::optional<OwnThresholds> ownThresholds() const { return std::nullopt; }
};

/// Whether models of a kind examine images: those that makeDetector knows.
bool canDetect(models::Kind kind);

struct DetectorSetup {
    std::string device = "auto";
    int threads = 1;
    std::vector<signature::SecretKey>
        keys{};  ///< that keyed signatures are looked for with; none: the public
    std::shared_ptr<FingerprintLookup> fingerprints{};  ///< issued instances; null: none is known
};

/// What of a model's networks is ready for use.
struct LoadedNetworks {
    std::unique_ptr<Detector> detector;
    std::unique_ptr<Injector> injector;  ///< null for a kind that signs nothing
};

/// Loads and verifies a model's weights. Throws BadOption for a kind that examines no images, HashMismatch,
/// Corrupt, NotFound, Environment (device).
LoadedNetworks loadNetworks(const models::Manifest& manifest, const DetectorSetup& setup);

}  // namespace signet::examine
