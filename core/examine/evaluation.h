#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/examine/evaluation_row.h"
#include "core/examine/examine.h"
#include "core/examine/grid.h"
#include "core/models/manifest.h"
#include "core/signature/embedding_options.h"

namespace signet::examine {

struct LoadedModel;

struct EvaluationOptions {
    std::filesystem::path images;
    std::string attacks;  ///< comma-separated specs of core/attacks; empty: those of the grid
    int grid = newestGrid().number;
    int limit = 0;   ///< > 0: at most this many images
    int side = 256;  ///< > 0: each image is reduced to this short side and centre-cropped to a square (paper
                     ///< A's protocol); 0: as it is
    double fpr = 1e-3;
    signature::EmbeddingOptions embedding;
    std::uint64_t seed = 1;  ///< of the codes and the attacks
    /// Keep the records with the model (kEvaluationFile) and mark it validated. Needs the protocol as it
    /// stands (the attacks of a grid, side 256, informed embedding at strength 1), a calibration, at least
    /// kLeastEvaluated originals, and no image of the model's list of training files.
    bool keep = false;
    /// metrics::PerceptualDistance's; empty: those of the workspace or the program's data, where they are.
    std::filesystem::path perceptualWeights{};

    /// Throws BadOption.
    void validate() const;
};
inline constexpr int kLeastEvaluated = 100;

/// Signs images, attacks signed and unsigned ones alike, and measures presence and code. Of several crops of
/// one original (original_path in the folder's manifest.csv) the first is taken, so that the images are
/// independent. The presence threshold is the model's calibrated one for accuracy, and the calibration set's
/// quantile for tpr_at_fpr: neither sees the images evaluated. Each row says of how many images it is
/// known that they are in the model's list of training files (inTraining).
/// onRow is called as each attack is done. Images that cannot be read are left out and named in warnings.
/// Throws NotFound, BadOption (keep: what is lacking), Environment.
std::vector<EvaluationRow> evaluate(const models::Manifest& model, const EvaluationOptions& options,
                                    const Examiner::Options& setup,
                                    const std::function<void(const EvaluationRow&)>& onRow,
                                    const WorkContext& context, std::vector<std::string>* warnings);

/// The same with a model that is loaded, on up to threads threads. The perceptual distance is measured where
/// options.perceptualWeights is given.
std::vector<EvaluationRow> evaluate(LoadedModel& model, const EvaluationOptions& options, int threads,
                                    const std::function<void(const EvaluationRow&)>& onRow,
                                    const WorkContext& context, std::vector<std::string>* warnings);

/// Codec conditions of a calibration.
inline constexpr const char* kCalibrationCodecs = "none,jpeg:90,jpeg:75,jpeg:50,webp:75,resize:0.5";

/// Measures the model's calibration on the calibration part of a folder of photographs (listPhotos) and
/// writes calibration.json. The threshold is put where no photograph of the set, through any codec, reaches
/// it; that of scores which are p-values is fixed, and how many p-values are how small is recorded beside
/// it. Rates count originals. The model stays validated only where its evaluation was made at this threshold
/// (whyNotValidated). Throws as above, and BadOption where a photograph is in the model's list of training
/// files.
Json calibrate(const models::Manifest& model, const std::filesystem::path& images,
               const Examiner::Options& setup, const WorkContext& context);

}  // namespace signet::examine
