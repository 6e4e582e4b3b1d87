#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/examine/kept_records.h"
#include "core/image/image.h"
#include "core/metrics/measured.h"

namespace signet::examine {

struct LoadedModel;

/// A generator as evaluations use it (generators::GeneratorModel).
struct DrawingModel {
    models::Manifest manifest;
    /// Hands over the first `count` pictures of a seed, 8-bit RGB; fewer where the work is stopped.
    std::function<void(std::uint64_t seed, std::uint64_t count, const WorkContext& context,
                       const std::function<void(const image::Image& picture)>& onPicture)>
        draw;
};

struct DrawnOptions {
    std::uint64_t pictures = 1000;
    std::uint64_t seed = 1;  ///< of the pictures; of the attacks too, picture i's and real picture i's alike
    std::string attacks = "none";    ///< comma-separated specs of core/attacks
    std::filesystem::path images{};  ///< folder of unsigned real pictures; empty: none are read
    std::string codeHex{};           ///< empty: that of the generator's manifest
    bool keep = false;               ///< keep the records with the generator (kDrawnFile)
};

/// In how many pictures a detector finds its signature.
struct FoundShares {
    std::optional<metrics::Proportion> reported;   ///< at its threshold or above; nothing: it has none
    std::optional<metrics::Proportion> aboveZero;  ///< by a score above 0; nothing where scores are p-values

    std::int64_t pictures() const { return reported ? reported->n : aboveZero ? aboveZero->n : 0; }
};

/// What a signature's detector reads off what a generator draws, after one attack.
struct DrawnRow {
    std::string attack;
    std::string model, modelSha256;          ///< the generator
    std::uint64_t seed = 0;                  ///< of the pictures
    std::uint64_t pictures = 0;              ///< that were drawn
    std::string signature, signatureSha256;  ///< the model whose detector read them
    std::string codeHex;                     ///< that was looked for; empty: none
    std::optional<double> threshold;         ///< of its calibration, or its own; nothing: it has none
    FoundShares drawn;
    std::optional<metrics::MeanCi95> bitAccuracy;      ///< of the pictures that it draws, as the next two
    std::optional<metrics::Proportion> exactCodeRate;  ///< every bit right
    std::optional<metrics::Proportion> wrongCodeRate;  ///< another code named (CodeAnswer::wrong)
    std::optional<FoundShares> real;                   ///< of the unsigned real pictures
    std::string imagesSha256;                          ///< names these (PhotoSet)
    std::optional<int> inTraining;  ///< of these, in the signature's list of training files; nothing: no list
};

/// The model whose signature a generator draws, as installed; named: by name or folder, where it lies
/// elsewhere, or that is looked for in what another generator draws. Throws NotFound, BadOption (the
/// generator names none, nor does the caller), HashMismatch (other weights than those it was secured with).
models::Manifest signatureOf(const models::Manifest& generator, const std::string& named,
                             const std::filesystem::path& workspace);

/// Has a signature's detector read what a generator draws, and as many unsigned real pictures at most,
/// reduced to the generator's side and one an original, after the same attacks. Real pictures that cannot be
/// read are left out and named in warnings. Throws BadOption (keep: real pictures of which it is not known
/// that the signature was not trained on them), NotFound, Cancelled, and what drawing throws.
std::vector<DrawnRow> checkDrawn(LoadedModel& signature, const DrawingModel& generator,
                                 const DrawnOptions& options, const WorkContext& context,
                                 std::vector<std::string>* warnings);

/// The record that `signet evaluate` prints.
Json toJson(const DrawnRow& row);
/// Throws Json::exception.
DrawnRow drawnRowFromJson(const Json& json);

}  // namespace signet::examine
