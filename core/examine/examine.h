#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/examine/record.h"
#include "core/image/image.h"
#include "core/models/model_store.h"
#include "core/signature/secret_key.h"

namespace signet::examine {

class FingerprintLookup;

struct CheckOptions {
    std::vector<std::string> models;   ///< empty: defaultModels()
    std::filesystem::path mapsFolder;  ///< not empty: an annotated evidence map PNG an image and model that
                                       ///< shows places is written there
    bool tiles = false;                ///< also look at overlapping tiles of a large image (composites)
    bool metadata = false;             ///< also put the file's metadata into the record
    int frame = 1;                     ///< which frame, page or picture of the file, from 1 on
};

struct SignOptions {
    std::string model = "photo-keyed32";
    std::string codeHex;    ///< empty: 1 for a presence model, a random non-zero code for a code model
    double strength = 1.0;  ///< factor on the residual, 0.1..4
    bool informed = true;   ///< informed embedding; false: the injector's residual as it is
    std::string key;        ///< fingerprint of one of the examiner's keys; empty: its first
    std::optional<image::Format> format;  ///< empty: keep the input's
    int quality = 95;
    bool force = false;  ///< replace an existing output
    /// Of a file of several frames, pages or pictures: the one that the output holds; 0: such files are
    /// refused, as the others would be lost.
    int frame = 0;
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
        /// That keyed signatures are looked for and written with, the first by default; none: the public key.
        std::vector<signature::SecretKey> keys{};
        /// Issued instances that fingerprints are looked up among; null: none is known.
        std::shared_ptr<FingerprintLookup> fingerprints{};
    };
    explicit Examiner(Options options);
    ~Examiner();

    /// Loads and keeps a model (SHA-256 verified). Throws signet::Error.
    void loadModel(const std::string& name);

    /// Every validated model there is that no other supersedes, by name; a fingerprinting model only where
    /// instances of it are registered.
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
