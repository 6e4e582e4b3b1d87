#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/examine/conflicts.h"
#include "core/image/decode.h"
#include "core/image/image.h"
#include "core/image/metadata.h"
#include "core/image/resample.h"
#include "core/metrics/visible_difference.h"
#include "core/models/model_store.h"

namespace signet::examine {

/// The three answers. There is no fourth, and none of them says "fake" or "authentic".
enum class Presence { Absent, Inconclusive, Present };

/// "not found", "inconclusive", "signature found": the words of the window, the reports and the tables.
std::string_view toString(Presence presence);

/// A rate measured on n photographs (originals, however many crops or codec versions were looked at) with its
/// one-sided 95 % upper limit (Clopper-Pearson). It speaks of images like those alone: see Finding::outside.
struct Rate {
    double value = 0;
    double upper95 = 1;
    int n = 0;
    std::string measuredOn;  ///< conditionOf the calibration
};

/// A decoded code: evidence of its own, apart from presence. Today's signatures hold no check of it
/// (findings.h: kUnverified).
struct CodeReading {
    std::string hex;
    int bits = 0;
    std::vector<float> bitLogits;  ///< one a bit, most significant first; > 0 reads as 1
    /// Probability that a bit was read right if the image was signed and treated no worse than the
    /// calibration's images, 0.5..1: sigmoid of |logit| x the model's temperature, no surer than the
    /// calibration's photographs support (metrics::supportedProbability). Never shown where no signature is
    /// reported.
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
};

/// What one model says about one image.
struct Finding {
    std::string model;
    std::string modelSha256;
    double scoreLogit = 0;
    double threshold = 0;
    double lowerThreshold = 0;
    Presence presence = Presence::Inconclusive;
    Rate falsePositiveRate;
    /// Why the image lies outside the conditions its model's calibration was measured under, in plain text
    /// (see conditions.h); empty: it lies inside, as far as its file shows. Outside, the false positive rate
    /// is not known and the score has no weight in numbers.
    std::vector<std::string> outside;
    std::optional<CodeReading> code;  ///< only where the model carries a code and presence is not Absent
    EvidenceMap evidence;
    /// Canonical frame -> image coordinates as [a b c; d e f] in [-1,1] units, as the detector located it;
    /// identity for models that do not locate. hypotheses = geometries tried for this answer (p-values are
    /// multiplied by it).
    std::array<double, 6> geometry{1, 0, 0, 0, 1, 0};
    int hypotheses = 1;
    std::optional<TileScores> tiles;  ///< only where tiles were asked for and the image is large enough
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
    int mapsFailed = 0;  ///< heatmaps that were asked for and could not be written (see warnings)
    double seconds = 0;
    struct Failure {
        std::string code;
        std::string message;
    };
    std::optional<Failure> error;
};

struct CheckOptions {
    std::vector<std::string> models;  ///< empty: every validated model
    std::filesystem::path
        heatmapFolder;      ///< not empty: an annotated heatmap PNG an image and model is written there
    bool tiles = false;     ///< also look at overlapping tiles of a large image (composites)
    bool metadata = false;  ///< also put the file's metadata into the record
    int frame = 1;          ///< which frame, page or picture of the file, from 1 on
};

struct SignOptions {
    std::string model = "photo-code32";
    std::string codeHex;    ///< empty: 1 for a presence model, a random non-zero code for a code model
    double strength = 1.0;  ///< factor on the residual, 0.1..4
    bool informed = true;   ///< informed embedding; false: the injector's residual as it is
    std::optional<image::Format> format;  ///< empty: keep the input's
    int quality = 95;
    bool force = false;  ///< replace an existing output
    /// Of a file of several frames, pages or pictures: the one that the output holds; 0: such files are
    /// refused, as the others would be lost.
    int frame = 0;
};

struct SignRecord {
    std::filesystem::path path;
    std::filesystem::path output;
    std::string sha256In;
    std::string sha256Out;
    std::string model;
    std::string codeHex;
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

/// What the Sign page shows before anything is written.
struct SignPreview {
    image::Image original;  ///< 8-bit RGB, longest side at most the size asked for
    image::Image signedImage;
    double psnrDb = 0;  ///< of the preview at the strength asked for, as is visible
    metrics::VisibleDifference visible;
};

/// Loads models once and examines or signs images with them. Thread-safe: calls from several threads are
/// served one after another on the networks; decoding and hashing run in the caller's thread. Errors about
/// one image are returned in its record; errors about the set-up (unknown model, altered weights) are thrown
/// by the constructor and loadModel.
class Examiner {
public:
    struct Options {
        std::string device = "auto";
        int threads = 0;  ///< 0: all cores
        std::filesystem::path workspace;
    };
    explicit Examiner(Options options);
    ~Examiner();

    /// Loads and keeps a model (SHA-256 verified). Throws signet::Error.
    void loadModel(const std::string& name);

    /// Every validated model there is, by name.
    std::vector<std::string> defaultModels() const;

    Record check(const std::filesystem::path& path, const CheckOptions& options,
                 const WorkContext& context = {});
    SignRecord sign(const std::filesystem::path& input, const std::filesystem::path& output,
                    const SignOptions& options, const WorkContext& context = {});
    /// maxSide bounds the longest side of the preview, px. Throws signet::Error.
    SignPreview previewSign(const std::filesystem::path& input, const SignOptions& options, int maxSide);

    const models::Manifest& manifest(const std::string& model);
    const std::optional<models::Calibration>& calibration(const std::string& model);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The JSON records of cli.md.
Json toJson(const Record& record);
Json toJson(const SignRecord& record);

/// image with the evidence map laid over it (viridis, fixed scale -kEvidenceRange..kEvidenceRange logits,
/// legend and caption burnt in) for the headless --heatmap.
inline constexpr double kEvidenceRange = 12.0;
inline constexpr int kEvidenceCaptionHeight = 76;  ///< px below the map: legend and caption
image::Image renderEvidence(const image::Image& image, const Finding& finding);

/// kappa, the per-pixel L2 norm over RGB of the 8-bit difference of two images of equal size (paper A, Fig.
/// 3), row-major. Throws BadOption when the sizes differ.
std::vector<float> kappaMap(const image::Image& a, const image::Image& b);

/// Library versions for the About page and records, e.g. "LibTorch 2.11.0, AVX512".
std::string runtimeDescription();

/// Colour map lookup (matplotlib's viridis, 256 entries, linear RGB8): t in [0,1].
std::array<std::uint8_t, 3> viridis(double t);

}  // namespace signet::examine
