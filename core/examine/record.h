#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/examine/code_match.h"
#include "core/examine/conflicts.h"
#include "core/examine/keyed_evidence.h"
#include "core/image/decode.h"
#include "core/image/metadata.h"
#include "core/metrics/visible_difference.h"
#include "core/models/manifest.h"

namespace signet::examine {

/// The three answers. There is no fourth, and none of them says "fake" or "authentic". What a finding's
/// answer is called comes with its model's kind: answerOf (claim.h).
enum class Presence { Absent, Inconclusive, Present };

/// A rate measured on n photographs (originals, however many crops or codec versions were looked at) with its
/// one-sided 95 % upper limit (Clopper-Pearson). It speaks of images like those alone: see Finding::outside.
struct Rate {
    double value = 0;
    double upper95 = 1;
    int n = 0;
    std::string measuredOn;  ///< conditionOf the calibration
};

/// A decoded code: evidence of its own, apart from presence.
struct CodeReading {
    std::string hex;
    int bits = 0;
    /// The signature holds a check of its code, and it held: that a picture which knows nothing of the key
    /// gives any code has a probability of 1e-6 at most. Otherwise findings.h: kUnverified, and the code's
    /// bits have confidences.
    bool checked = false;
    std::vector<float> bitLogits;  ///< one a bit, most significant first; > 0 reads as 1
    /// Probability that a bit was read right if the image was signed and treated no worse than the
    /// calibration's images, 0.5..1: sigmoid of |logit| x the model's temperature, no surer than the
    /// calibration's photographs support (metrics::supportedProbability). Never shown where no signature is
    /// reported; empty for a checked code.
    std::vector<double> bitConfidence;
    double confidence = 0;  ///< mean of bitConfidence
};

/// Where the detector finds evidence: a grid over the image as displayed, values are the logit each cell
/// contributes. Method: class-activation map (no sliding window). The mean of the cells is the share of the
/// presence score that has a place. For a presence model, and for paper A's networks (whose score is that of
/// their strongest bit, and so is the map), it is the whole score. The reader of a compact code model looks
/// at the image as a whole and adds a share that no cell explains: scoreLogit - mean().
struct EvidenceMap {
    int columns = 0;
    int rows = 0;
    std::vector<float> logits;  ///< row-major

    /// The share of the presence score that the map shows, logit; 0 for no map.
    double mean() const;
};

/// Presence logits of overlapping square tiles of an image, row-major. A part that carries a signature stands
/// out where the whole does not. The false positive rate of the best of n tiles is at most n times that of
/// one (Bonferroni).
struct TileScores {
    int columns = 0;
    int rows = 0;
    int side = 0;  ///< of a tile, px of the image
    std::vector<float> logits;
    double best = 0;

    int count() const { return columns * rows; }
};

/// What one model says about one image.
struct Finding {
    std::string model;
    models::Kind kind = models::Kind::Signature;
    std::array<std::string, 2> classes;  ///< of a classifier; Present means the second
    std::string modelSha256;
    double scoreLogit = 0;
    double threshold = 0;
    double lowerThreshold = 0;
    Presence presence = Presence::Inconclusive;
    Rate falsePositiveRate;
    /// Why the image lies outside the conditions its model's calibration was measured under, in plain text
    /// (see conditions.h); an empty list: it lies inside, as far as its file shows. Outside, the false
    /// positive rate is not known and the score has no weight in numbers. Nothing: not recorded (versions
    /// before 28 November 2026).
    std::optional<std::vector<std::string>> outside;
    /// Only where the model carries a code and presence is not Absent; of a keyed signature only a code whose
    /// check holds.
    std::optional<CodeReading> code;
    std::optional<KeyedEvidence> keyed;  ///< of a keyed signature; its map is in standard deviations
    std::optional<CodeMatch> match;      ///< in a case: how the code compares with the registered ones
    EvidenceMap evidence;
    /// Canonical frame -> image coordinates as [a b c; d e f] in [-1,1] units, as the detector located it;
    /// identity for models that do not locate. geometriesTried: geometries tried for this answer (p-values
    /// are multiplied by it).
    std::array<double, 6> geometry{1, 0, 0, 0, 1, 0};
    int geometriesTried = 1;
    std::optional<TileScores> tiles;  ///< only where tiles were asked for and the image is large enough

    /// Whether it is recorded that the image lies outside, or inside the calibration's conditions.
    bool isOutside() const { return outside && !outside->empty(); }
    bool isInside() const { return outside && outside->empty(); }
};

/// An evidence map that was written as a picture beside the record.
struct MapFile {
    std::string model;
    std::filesystem::path name;  ///< of the file, in the folder that was asked for
};

/// Everything said about one image. Plain data; error set means that the rest is empty but path (and sha256
/// if it was read).
struct Record {
    std::filesystem::path path;
    std::string sha256;
    std::uint64_t fileBytes = 0;
    int width = 0;  ///< after orientation
    int height = 0;
    image::DecodeInfo decode;
    std::vector<Finding> findings;
    std::vector<Conflict> conflicts;
    std::optional<std::vector<image::MetadataEntry>> metadata;  ///< only where it was asked for
    std::vector<std::string> warnings;
    /// The evidence maps written; nothing where none were asked for, and in records of earlier versions,
    /// which did not list them.
    std::optional<std::vector<MapFile>> maps;
    int mapsFailed = 0;  ///< maps that were asked for and could not be written (see warnings)
    double seconds = 0;
    struct Failure {
        std::string code;
        std::string message;
    };
    std::optional<Failure> error;
};

struct SignRecord {
    std::filesystem::path path;
    std::filesystem::path output;
    std::string sha256In;
    std::string sha256Out;
    std::string model;
    std::string codeHex;
    std::string keyFingerprint;  ///< of a keyed signature
    double psnrDb = 0;  ///< signed pixels after rounding against the input's pixels, before a lossy codec
    double ssim = 0;    ///< of the same, as is visible
    metrics::VisibleDifference visible;
    bool verified = false;       ///< the saved file was read again: presence found and every bit as written
    bool alreadySigned = false;  ///< the input carried a signature before
    std::optional<CodeReading> codeBefore;
    std::optional<Finding> verification;
    std::vector<std::string> warnings;
    double seconds = 0;
    std::optional<Record::Failure> error;
};

}  // namespace signet::examine
