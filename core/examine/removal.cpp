#include "core/examine/removal.h"

#include <fmt/format.h>

#include <cmath>
#include <variant>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/evaluation_tally.h"
#include "core/examine/image_family.h"
#include "core/examine/independent_images.h"
#include "core/examine/trial.h"
#include "core/metrics/perceptual_distance.h"
#include "core/metrics/quality.h"

namespace signet::examine {
namespace {

/// Pictures as they are, or after the remover: what they gave after each attack, and how they look without.
struct Treated {
    std::vector<EvaluationTally> tallies;
    QualityTally quality;
};

models::RemoverFields fieldsOf(const models::Manifest& manifest) {
    if (const auto* fields = std::get_if<models::RemoverFields>(&manifest.of)) return *fields;
    throw Error(ErrorCode::BadOption, fmt::format("{} is a model of kind \"{}\": it removes no signature",
                                                  manifest.name, toString(manifest.kind())));
}

std::string afterRemover(const std::string& attack) {
    return attack == "none" ? std::string(kRemoverStep) : fmt::format("{}+{}", kRemoverStep, attack);
}

}  // namespace

std::vector<RemovalRow> measureRemoval(LoadedModel& model, const Remover& remover,
                                       const EvaluationOptions& options, int threads,
                                       const WorkContext& context, std::vector<std::string>* warnings) {
    options.validate();
    Removal removal{.remover = remover.manifest.name,
                    .removerSha256 = remover.manifest.weightsSha256,
                    .learnedFrom = fieldsOf(remover.manifest),
                    .inTraining = std::nullopt,
                    .psnrToSignedDb = {}};
    const auto attacks =
        attacks::parsePerturbationList(options.attacks.empty() ? kAfterRemoval : options.attacks);
    const auto photos = independentImages(options.images, options.limit);
    const auto& files = photos.files;
    std::optional<metrics::PerceptualDistance> perceptual;
    if (!options.perceptualWeights.empty()) perceptual.emplace(options.perceptualWeights);
    const QualityTally noQuality(perceptual ? &*perceptual : nullptr);
    Treated asSigned{std::vector<EvaluationTally>(attacks.size()), noQuality};
    Treated removed = asSigned;
    std::vector<double> toSigned;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            const std::uint64_t seed = options.seed + i;
            const Trial trial = makeTrial(model, files[i], options.side, options.embedding, seed, threads);
            const image::Image left = remover.remove(trial.marked);
            const image::Image plainLeft = remover.remove(trial.plain);
            asSigned.quality.add(trial.plain, trial.marked, trial.psnrDb);
            removed.quality.add(trial.plain, left, metrics::psnr(trial.plain, left));
            toSigned.push_back(metrics::psnr(trial.marked, left));
            const std::string family = familyOf(files[i], photos.folder);
            for (std::size_t a = 0; a < attacks.size(); ++a) {
                const auto reading = [&](const image::Image& picture) {
                    return model.detector().detect(attacks::apply(picture, attacks[a], seed));
                };
                asSigned.tallies[a].add(model, family, reading(trial.marked), reading(trial.plain),
                                        trial.code);
                removed.tallies[a].add(model, family, reading(left), reading(plainLeft), trial.code);
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::BadOption) throw;
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
    if (toSigned.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("no image in {} can be evaluated", options.images.string()));
    const auto listed = training::listedFiles(photos);
    removal.inTraining = knownTo(remover.manifest, listed);
    removal.psnrToSignedDb = metrics::spreadOf(toSigned, metrics::Better::Higher, {-INFINITY, INFINITY});
    EvaluationRow common;
    common.model = model.manifest.name;
    common.modelSha256 = model.manifest.weightsSha256;
    common.imagesSha256 = photos.sha256;
    common.inTraining = knownTo(model.manifest, listed);
    std::vector<RemovalRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        common.attack = attacks::toSpec(attacks[a]);
        common.quality = asSigned.quality.quality();
        rows.push_back({asSigned.tallies[a].row(model, options.fpr, common), std::nullopt});
        common.attack = afterRemover(common.attack);
        common.quality = removed.quality.quality();
        rows.push_back({removed.tallies[a].row(model, options.fpr, common), removal});
    }
    if (options.keep) keepRows(model.manifest, kRemovalFile, rows);
    return rows;
}

Json toJson(const RemovalRow& row) {
    Json json = toJson(static_cast<const EvaluationRow&>(row));
    json["removal"] = nullptr;
    if (!row.removal) return json;
    const Removal& r = *row.removal;
    json["removal"] = {{"remover", r.remover},
                       {"remover_sha256", r.removerSha256},
                       {"signature", r.learnedFrom.signature},
                       {"signature_sha256", r.learnedFrom.signatureSha256},
                       {"keys", r.learnedFrom.keys},
                       {"in_training", r.inTraining ? Json(*r.inTraining) : Json(nullptr)},
                       {"psnr_to_signed_db", metrics::toJson(r.psnrToSignedDb)}};
    return json;
}

RemovalRow removalRowFromJson(const Json& json) {
    RemovalRow row{evaluationRowFromJson(json), std::nullopt};
    const Json& removal = json.at("removal");
    if (removal.is_null()) return row;
    const auto text = [&](const char* key) { return removal.at(key).get<std::string>(); };
    row.removal = Removal{.remover = text("remover"),
                          .removerSha256 = text("remover_sha256"),
                          .learnedFrom = {text("signature"), text("signature_sha256"), text("keys")},
                          .inTraining = std::nullopt,
                          .psnrToSignedDb = metrics::spreadFromJson(removal.at("psnr_to_signed_db"))};
    if (const Json& seen = removal.at("in_training"); !seen.is_null())
        row.removal->inTraining = seen.get<int>();
    return row;
}

}  // namespace signet::examine
