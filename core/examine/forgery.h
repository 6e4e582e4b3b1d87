#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/examine/detector.h"
#include "core/examine/kept_records.h"
#include "core/image/image.h"
#include "core/metrics/measured.h"
#include "core/signature/embedding_options.h"

namespace signet::examine {

struct LoadedModel;

/// Where a register of signed pictures joins: what it would say of a forged one. Without it no picture is
/// known for a copy.
struct CopyRegister {
    /// A picture is signed with this code, and kept as it was before, as Examiner::sign keeps it; called once
    /// for each that a forger has, before any is forged.
    std::function<void(const image::Image& plain, const std::vector<std::uint8_t>& code)> enter;
    /// Whether what was read with this code is reported as a picture unlike all that were signed with it.
    std::function<bool(const Reading& found, const std::vector<std::uint8_t>& code)> isCopy;
};

/// A register by what the pictures look like (signature::comparePictures), of keyed signatures.
CopyRegister registerOfPictures();

struct ForgeryOptions {
    std::filesystem::path images;
    std::vector<int> pairs{5, 20, 100};  ///< so many pictures and their signed forms are averaged
    int side = 256;                      ///< px: all are reduced to this square, so that residuals lie alike
    double psnrDb = 46;                  ///< of the forged pictures
    int limit = 0;                       ///< > 0: at most this many pictures are forged
    signature::EmbeddingOptions embedding;
    std::uint64_t seed = 1;  ///< of the choice of pictures and the code
    bool keep = false;       ///< keep the records with the model (kForgeryFile)
    CopyRegister copies{};
};
inline constexpr int kLeastForged = 20;
inline constexpr int kMostForgers = 20;  ///< sets of pairs that a number of pairs is tried with

/// What became of pictures that a forger put a signature on. All the pairs carry one code, as of an owner who
/// signs everything alike: the easiest case for a forger.
struct ForgeryRow {
    std::string way;  ///< "copied": one picture's residual, as it is; "averaged": of several, at psnrDb
    int pairs = 1;
    int forgers = 1;  ///< different sets of pairs; each picture is forged by one of them in turn
    std::string model;
    std::string modelSha256;
    std::string imagesSha256;
    metrics::MeanCi95 psnrDb;      ///< of the forged pictures to what they were
    metrics::Proportion reported;  ///< presence
    /// Reported with the code of the pairs, and with another that is named; of models with codes.
    std::optional<metrics::Proportion> theirCode, anotherCode;
    /// Reported as present, but as a copy; only where there is a register.
    std::optional<metrics::Proportion> asCopy;

    /// Not reported, or as a copy.
    metrics::Proportion caught() const;
};

/// Forges a model's signature as whoever has pictures with and without it can (evaluation.md 6.3): the mean
/// of the differences, and the difference of one, put on pictures that were not signed. Throws NotFound,
/// BadOption (too few images for so many pairs and kLeastForged forged ones), Cancelled.
std::vector<ForgeryRow> measureForgery(LoadedModel& model, const ForgeryOptions& options, int threads,
                                       const WorkContext& context, std::vector<std::string>* warnings);

Json toJson(const ForgeryRow& row);
/// Throws Json::exception.
ForgeryRow forgeryRowFromJson(const Json& json);

}  // namespace signet::examine
