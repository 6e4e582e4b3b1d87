#include "core/examine/evaluation.h"

#include <fmt/format.h>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/evaluation_tally.h"
#include "core/examine/image_family.h"
#include "core/examine/independent_images.h"
#include "core/examine/miss_rate.h"
#include "core/examine/trial.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/perceptual_distance.h"

namespace signet::examine {
namespace {

/// Why the records may not be kept with the model; empty: they may.
std::string whyNotKept(const EvaluationOptions& options, const LoadedModel& model,
                       const training::PhotoSet& photos, const std::optional<models::TrainingList>& trained,
                       std::size_t inTraining) {
    const signature::EmbeddingOptions plain;
    if (!model.calibration) return "the model has no calibration: --calibrate first";
    if (!options.attacks.empty() || options.side != EvaluationOptions().side ||
        options.embedding.strength != plain.strength || options.embedding.informed != plain.informed)
        return "an evaluation that is kept is made by the protocol: no --attacks, --side, --strength or "
               "--plain";
    if (photos.originals < kLeastEvaluated)
        return fmt::format("it needs images of at least {} originals; there are {}", kLeastEvaluated,
                           photos.originals);
    if (!trained)
        return "the model keeps no list of its training files, so that nothing shows that it never "
               "saw these images";
    if (inTraining > 0)
        return fmt::format(
            "{} of the {} images are in the model's list of training files, or were cut from "
            "the same originals",
            inTraining, photos.files.size());
    return {};
}

void keepEvaluation(const LoadedModel& model, const std::vector<EvaluationRow>& rows) {
    saveEvaluation(model.manifest, rows);
    auto manifest = model.manifest;
    manifest.validated = whyNotValidated(manifest, *model.calibration).empty();
    models::saveManifest(manifest);
}

}  // namespace

void EvaluationOptions::validate() const {
    if (fpr <= 0 || fpr >= 1) throw Error(ErrorCode::BadOption, "--fpr lies between 0 and 1");
}

std::vector<EvaluationRow> evaluate(const models::Manifest& manifest, const EvaluationOptions& options,
                                    const Examiner::Options& setup,
                                    const std::function<void(const EvaluationRow&)>& onRow,
                                    const WorkContext& context, std::vector<std::string>* warnings) {
    LoadedModel model = loadCalibrated(manifest, setup);
    EvaluationOptions complete = options;
    if (complete.perceptualWeights.empty())
        complete.perceptualWeights = metrics::findFeatureWeights(setup.workspace);
    return evaluate(model, complete, threadsOf(setup), onRow, context, warnings);
}

std::vector<EvaluationRow> evaluate(LoadedModel& model, const EvaluationOptions& options, int threads,
                                    const std::function<void(const EvaluationRow&)>& onRow,
                                    const WorkContext& context, std::vector<std::string>* warnings) {
    options.validate();
    const Grid* grid = findGrid(options.grid);
    if (grid == nullptr)
        throw Error(ErrorCode::BadOption,
                    fmt::format("there is no grid {}; the newest is {}", options.grid, newestGrid().number));
    const auto attacks =
        attacks::parsePerturbationList(options.attacks.empty() ? grid->attacks : options.attacks);
    const auto photos = independentImages(options.images, options.limit);
    const auto& files = photos.files;
    const auto trained = models::loadTrainingList(model.manifest.folder);
    const std::size_t inTraining = trained ? trained->countKnown(training::listedFiles(photos)) : 0;
    if (options.keep) {
        if (const auto why = whyNotKept(options, model, photos, trained, inTraining); !why.empty())
            throw Error(ErrorCode::BadOption, why);
    }

    // Image by image, all attacks of it: one image in memory at a time. Both halves pass the same attack with
    // the same seed.
    std::vector<EvaluationTally> tallies(attacks.size());
    std::optional<metrics::PerceptualDistance> perceptual;
    if (!options.perceptualWeights.empty()) perceptual.emplace(options.perceptualWeights);
    QualityTally quality(perceptual ? &*perceptual : nullptr);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            const std::uint64_t seed = options.seed + i;
            const Trial trial = makeTrial(model, files[i], options.side, options.embedding, seed, threads);
            quality.add(trial.plain, trial.marked, trial.psnrDb);
            const std::string family = familyOf(files[i], photos.folder);
            for (std::size_t a = 0; a < attacks.size(); ++a) {
                const auto marked = model.detector().detect(attacks::apply(trial.marked, attacks[a], seed));
                const auto plain = model.detector().detect(attacks::apply(trial.plain, attacks[a], seed));
                tallies[a].add(model, family, marked, plain, trial.code);
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::BadOption) throw;
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
    if (quality.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("no image in {} can be evaluated", options.images.string()));
    EvaluationRow common;
    common.grid = options.attacks.empty() ? grid->number : 0;
    common.model = model.manifest.name;
    common.modelSha256 = model.manifest.weightsSha256;
    common.imagesSha256 = photos.sha256;
    if (trained) common.inTraining = static_cast<int>(inTraining);
    common.quality = quality.quality();
    std::vector<EvaluationRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        common.attack = attacks::toSpec(attacks[a]);
        rows.push_back(tallies[a].row(model, options.fpr, common));
        if (onRow) onRow(rows.back());
    }
    if (options.keep) keepEvaluation(model, rows);
    return rows;
}

}  // namespace signet::examine
