#include "core/examine/removal.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <utility>

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

/// A signed picture and the same unsigned.
struct Both {
    image::Image marked, plain;
};

/// Pictures as they are, or after an attacker: what they gave after each attack, and how they look without.
struct Treated {
    Attacker* attacker = nullptr;  ///< null: as they are
    std::vector<EvaluationTally> tallies;
    QualityTally quality;
    std::vector<double> toSigned{}, toUnsigned{};
    double seconds = 0;

    Both of(const Trial& trial, std::uint64_t seed, const WorkContext& context) {
        if (attacker == nullptr) return {trial.marked, trial.plain};
        const auto begin = std::chrono::steady_clock::now();
        Both left{attacker->attack({trial.marked, trial.code, seed}, context),
                  attacker->attack({trial.plain, trial.code, seed}, context)};
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return left;
    }
    void addQuality(const Trial& trial, const Both& left) {
        quality.add(trial.plain, left.marked, metrics::psnr(trial.plain, left.marked));
        toSigned.push_back(metrics::psnr(trial.marked, left.marked));
        toUnsigned.push_back(metrics::psnr(trial.plain, left.plain));
    }
    std::string rowName(const std::string& attack) const {
        if (attacker == nullptr) return attack;
        return attack == "none" ? attacker->name() : fmt::format("{}+{}", attacker->name(), attack);
    }
};

void checkStop(const WorkContext& context) {
    if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
}

std::optional<Removal> removalOf(const Treated& way, const std::vector<models::ListedFile>& images) {
    if (way.attacker == nullptr) return std::nullopt;
    const auto spread = [](const std::vector<double>& psnr) {
        return metrics::spreadOf(psnr, metrics::Better::Higher, {-INFINITY, INFINITY});
    };
    return Removal{.attacker = way.attacker->name(),
                   .settings = way.attacker->settings(),
                   .inTraining = knownTo(way.attacker->model(), images),
                   .psnrToSignedDb = spread(way.toSigned),
                   .psnrToUnsignedDb = spread(way.toUnsigned),
                   .secondsPerPicture = way.seconds / (2 * static_cast<double>(way.toSigned.size()))};
}

}  // namespace

std::vector<RemovalRow> measureRemoval(LoadedModel& model,
                                       const std::vector<std::unique_ptr<Attacker>>& attackers,
                                       const EvaluationOptions& options, int threads,
                                       const WorkContext& context, std::vector<std::string>* warnings) {
    options.validate();
    const auto attacks =
        attacks::parsePerturbationList(options.attacks.empty() ? kAfterRemoval : options.attacks);
    const auto photos = independentImages(options.images, options.limit);
    const auto& files = photos.files;
    std::optional<metrics::PerceptualDistance> perceptual;
    if (!options.perceptualWeights.empty()) perceptual.emplace(options.perceptualWeights);
    std::vector<Treated> ways{{.attacker = nullptr,
                               .tallies = std::vector<EvaluationTally>(attacks.size()),
                               .quality = QualityTally(perceptual ? &*perceptual : nullptr)}};
    for (const auto& attacker : attackers) {
        ways.push_back(ways.front());
        ways.back().attacker = attacker.get();
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        checkStop(context);
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            const std::uint64_t seed = options.seed + i;
            const Trial trial = makeTrial(model, files[i], options.side, options.embedding, seed, threads);
            std::vector<Both> left;
            for (Treated& way : ways) {
                left.push_back(way.of(trial, seed, context));
                checkStop(context);
            }
            const std::string family = familyOf(files[i], photos.folder);
            for (std::size_t w = 0; w < ways.size(); ++w) {
                ways[w].addQuality(trial, left[w]);
                for (std::size_t a = 0; a < attacks.size(); ++a) {
                    const auto reading = [&](const image::Image& picture) {
                        return model.detector().detect(attacks::apply(picture, attacks[a], seed));
                    };
                    ways[w].tallies[a].add(model, family, reading(left[w].marked), reading(left[w].plain),
                                           trial.code);
                }
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::BadOption) throw;
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
    if (ways.front().quality.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("no image in {} can be evaluated", options.images.string()));
    const auto listed = training::listedFiles(photos);
    EvaluationRow common;
    common.model = model.manifest.name;
    common.modelSha256 = model.manifest.weightsSha256;
    common.imagesSha256 = photos.sha256;
    common.inTraining = knownTo(model.manifest, listed);
    std::vector<RemovalRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        for (const Treated& way : ways) {
            common.attack = way.rowName(attacks::toSpec(attacks[a]));
            common.quality = way.quality.quality();
            rows.push_back({way.tallies[a].row(model, options.fpr, common), removalOf(way, listed)});
        }
    }
    if (options.keep) keepRows(model.manifest, kRemovalFile, rows);
    return rows;
}

Json toJson(const RemovalRow& row) {
    Json json = toJson(static_cast<const EvaluationRow&>(row));
    json["removal"] = nullptr;
    if (!row.removal) return json;
    const Removal& r = *row.removal;
    Json removal = r.settings;
    removal.update({{"attacker", r.attacker},
                    {"in_training", r.inTraining ? Json(*r.inTraining) : Json(nullptr)},
                    {"psnr_to_signed_db", metrics::toJson(r.psnrToSignedDb)},
                    {"psnr_to_unsigned_db", metrics::toJson(r.psnrToUnsignedDb)},
                    {"seconds_per_picture", r.secondsPerPicture}});
    json["removal"] = std::move(removal);
    return json;
}

RemovalRow removalRowFromJson(const Json& json) {
    RemovalRow row{evaluationRowFromJson(json), std::nullopt};
    Json settings = json.at("removal");
    if (settings.is_null()) return row;
    const auto taken = [&](const char* key) {
        Json value = settings.value(key, Json());
        settings.erase(key);
        return value;
    };
    Removal removal;
    removal.psnrToSignedDb = metrics::spreadFromJson(taken("psnr_to_signed_db"));
    if (const Json seen = taken("in_training"); !seen.is_null()) removal.inTraining = seen.get<int>();
    const Json attacker = taken("attacker"), unsignedDb = taken("psnr_to_unsigned_db"),
               seconds = taken("seconds_per_picture");
    removal.attacker = attacker.is_null() ? std::string(kRemoverWay) : attacker.get<std::string>();
    if (!unsignedDb.is_null()) removal.psnrToUnsignedDb = metrics::spreadFromJson(unsignedDb);
    if (!seconds.is_null()) removal.secondsPerPicture = seconds.get<double>();
    removal.settings = std::move(settings);
    row.removal = std::move(removal);
    return row;
}

}  // namespace signet::examine
