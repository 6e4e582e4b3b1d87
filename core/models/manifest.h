#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/json.h"

namespace signet::models {

/// What a model does; in the order of Manifest::of's alternatives.
enum class Kind {
    Signature,
    Generator,
    Fingerprint,
    Instance,
    Classifier,
    Remover,
    Attributor,
    Stamper,
    Autoencoder
};
std::string_view toString(Kind kind);

/// Adds a code to images and reads it (paper A).
struct SignatureFields {
    int bits = 1;              ///< code length; 1 = presence only
    double nominalPsnrDb = 0;  ///< PSNR at strength 1 the model was trained for
};

/// Draws images.
struct GeneratorFields {
    int latent = 0;  ///< numbers in its random input
    // Of a secured one (paper A, stage 2), else empty.
    std::string signature = {};        ///< name of the model whose signature it draws
    std::string signatureSha256 = {};  ///< of that model's weights
    std::string codeHex = {};          ///< empty of a signature without a code
    // Of one whose training went on from another generator's weights, else empty.
    std::string tunedFrom = {};        ///< name of that generator
    std::string tunedFromSha256 = {};  ///< of its weights
};

/// Makes fingerprinted instances of a generator and reads their code off what they draw (paper B).
struct FingerprintFields {
    int bits = 0;
    std::string generator;  ///< name of the generator it fingerprints
};

/// One fingerprinted generator that was issued. What its images carry stands in the registry alone.
struct InstanceFields {
    std::string fingerprint;        ///< name of the model that made it
    std::string fingerprintSha256;  ///< of that model's weights
    std::string holder;             ///< to whom
    std::string issuedUtc;
};

/// Says to which of two classes an image belongs.
struct ClassifierFields {
    std::array<std::string, 2> classes;  ///< a score above 0 means the second
};

/// Takes a signature off pictures, as an attack that signatures are evaluated with.
struct RemoverFields {
    std::string signature;        ///< name of the model that signed what it learned from
    std::string signatureSha256;  ///< of that model's weights
    /// The keys that these pictures were signed with: "public", "random"; "none" of a signature without keys.
    std::string keys;
};

/// Says from which of several sources an image is.
struct AttributorFields {
    std::vector<std::string> classes;  ///< the sources, in the order of its scores
};

/// Makes a picture anew with a code in it, and reads codes of such pictures: an artificial fingerprint (Yu et
/// al. 2021), which paper B is compared with.
struct StamperFields {
    int bits = 0;
};

/// Brings pictures to a latent of fewer numbers and back.
struct AutoencoderFields {
    int factor = 0;  ///< px of a picture's side in one place of the latent
};

/// A file of weights in a model's folder, and what the networks in it are for: "injector", "detector",
/// "generator", "encoder", "decoder", "classifier", "restorer",
/// "autoencoder".
struct WeightFile {
    std::vector<std::string> roles;
    std::string file;
    std::string sha256;
};

/// Key, in Manifest::training of a generator that was fine-tuned, of the options of its own training.
inline constexpr const char* kTrainedBefore = "trained_before";

/// What models/<name>/manifest.json says. Plain data.
struct Manifest {
    std::string name;
    std::string title;  ///< one line for people
    std::string arch;   ///< "compact", "paper-a", "resnet18"
    /// Names the weights in records: the SHA-256 of the only file; of several that of their roles and hashes.
    std::string weightsSha256;
    std::vector<WeightFile> weights;
    std::int64_t parameters = 0;
    int resolution = 0;  ///< side of the square its networks work on, px
    /// Calibrated, and evaluated at that threshold (examine::evaluate with keep), on photographs outside its
    /// list of training files.
    bool validated = false;
    /// Name of the model that took its place: it examines where it is named, and not by default. Empty: none.
    std::string supersededBy;
    Json options = Json::object();  ///< of the networks
    Json training;                  ///< options of the run it comes from; null: not known
    std::uint64_t steps = 0;
    Json run;  ///< which run that was; null: not known
    std::variant<SignatureFields, GeneratorFields, FingerprintFields, InstanceFields, ClassifierFields,
                 RemoverFields, AttributorFields, StamperFields, AutoencoderFields>
        of;
    std::filesystem::path folder;

    Kind kind() const { return static_cast<Kind>(of.index()); }
    /// Validated, and not superseded: it examines unless others are named.
    bool isDefault() const { return validated && supersededBy.empty(); }
    int bits() const;  ///< length of the code it reads; 0 for a kind without
    /// training, of a fine-tuned generator that of before it was first fine-tuned; null: not known.
    const Json& firstTraining() const;
    /// Of the file with a role. Throws Corrupt where the model has none.
    const WeightFile& weightsFor(std::string_view role) const;
    std::filesystem::path pathOf(const WeightFile& file) const { return folder / file.file; }
    /// Sets weights and weightsSha256.
    void setWeights(std::vector<WeightFile> files);
};

/// Reads manifest.json of a folder, in this version's form or an earlier one (one file of weights, whose hash
/// is "weights_sha256"). Throws Corrupt, NotFound.
Manifest readManifest(const std::filesystem::path& folder);

/// Writes manifest.json into the model's folder; keys of an existing one that this version does not know are
/// kept.
void saveManifest(const Manifest& manifest);

/// JSON records of `signet model list|show`.
Json toJson(const Manifest& manifest);

}  // namespace signet::models
