#include "core/examine/drawn_check.h"

#include <fmt/format.h>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/examine/evaluation_tally.h"
#include "core/examine/independent_images.h"
#include "core/examine/trial.h"
#include "core/image/decode.h"

namespace signet::examine {
namespace {

/// The fields of a secured generator; those of a model without are empty.
models::GeneratorFields generatorFields(const models::Manifest& manifest) {
    const auto* fields = std::get_if<models::GeneratorFields>(&manifest.of);
    return fields ? *fields : models::GeneratorFields();
}

/// Nothing counted of what a detector has something to say of.
FoundShares noneFound(const LoadedModel& detector) {
    FoundShares found;
    if (detector.calibration || detector.scoresArePValues()) found.reported.emplace();
    if (!detector.scoresArePValues()) found.aboveZero.emplace();
    return found;
}

void count(std::optional<metrics::Proportion>& share, bool yes) {
    if (!share) return;
    share->k += yes;
    ++share->n;
}

void count(FoundShares& found, double score, double threshold) {
    count(found.reported, score >= threshold);
    count(found.aboveZero, score > 0);
}

/// What the pictures gave after one attack.
struct DrawnTally {
    FoundShares drawn, real;
    std::vector<double> bitAccuracy;
    metrics::Proportion exact, wrong;

    void addDrawn(const LoadedModel& signature, const Reading& reading,
                  const std::vector<std::uint8_t>& code) {
        count(drawn, reading.scoreLogit, signature.threshold());
        const auto answer = code.empty() ? std::nullopt : codeAnswer(signature, reading, code);
        if (!answer) return;
        bitAccuracy.push_back(static_cast<double>(answer->matchedBits) / static_cast<double>(code.size()));
        exact.k += answer->right;
        wrong.k += answer->wrong;
        exact.n = ++wrong.n;
    }
};

void readReal(LoadedModel& signature, const training::PhotoSet& photos, int side, std::uint64_t seed,
              const std::vector<attacks::Perturbation>& attacks, std::vector<DrawnTally>& tallies,
              const WorkContext& context, std::vector<std::string>* warnings) {
    const auto& files = photos.files;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            const auto picture = centreSquare(image::toRgb8(image::decode(readFile(files[i])).image), side);
            for (std::size_t a = 0; a < attacks.size(); ++a)
                count(tallies[a].real,
                      signature.detector().detect(attacks::apply(picture, attacks[a], seed + i)).scoreLogit,
                      signature.threshold());
        } catch (const Error& error) {
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
}

Json toJson(const FoundShares& found) {
    Json json = Json::object();
    if (found.reported) {
        json["reported"] = metrics::toJson(*found.reported);
        json["reported_upper95"] = found.reported->upper95();
    }
    if (found.aboveZero) json["above_zero"] = metrics::toJson(*found.aboveZero);
    return json;
}

FoundShares foundSharesFromJson(const Json& json) {
    FoundShares found;
    take(json, "reported", found.reported, metrics::proportionFromJson);
    take(json, "above_zero", found.aboveZero, metrics::proportionFromJson);
    return found;
}

}  // namespace

models::Manifest signatureOf(const models::Manifest& generator, const std::string& named,
                             const std::filesystem::path& workspace) {
    const auto fields = generatorFields(generator);
    const std::string& name = named.empty() ? fields.signature : named;
    if (name.empty())
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} was not secured: name the signature that is looked for with --signature",
                                generator.name));
    models::Manifest signature = models::findModel(name, workspace);
    if (!fields.signature.empty() && signature.weightsSha256 != fields.signatureSha256)
        throw Error(
            ErrorCode::HashMismatch,
            fmt::format("{} has other weights than the signature that {} was secured with: that one is "
                        "needed to read its pictures (--signature)",
                        signature.name, generator.name));
    return signature;
}

std::vector<DrawnRow> checkDrawn(LoadedModel& signature, const DrawingModel& generator,
                                 const DrawnOptions& options, const WorkContext& context,
                                 std::vector<std::string>* warnings) {
    const auto attacks = attacks::parsePerturbationList(options.attacks);
    const auto fields = generatorFields(generator.manifest);
    const int bits = signature.detector().bits();
    DrawnRow common;
    common.codeHex = options.codeHex.empty() ? fields.codeHex : options.codeHex;
    const auto code =
        common.codeHex.empty() || bits < 2 ? std::vector<std::uint8_t>() : bitsFromHex(common.codeHex, bits);
    training::PhotoSet photos;
    if (!options.images.empty()) {
        photos = independentImages(options.images, static_cast<int>(options.pictures));
        common.imagesSha256 = photos.sha256;
        common.inTraining = knownTo(signature.manifest, training::listedFiles(photos));
        if (options.keep && common.inTraining != 0)
            throw Error(
                ErrorCode::BadOption,
                fmt::format("nothing is kept: it is not known of all images that {} was not trained on "
                            "them, as its list of training files is to show",
                            signature.manifest.name));
    }

    std::vector<DrawnTally> tallies(attacks.size());
    for (DrawnTally& tally : tallies) tally.drawn = tally.real = noneFound(signature);
    generator.draw(options.seed, options.pictures, context, [&](const image::Image& picture) {
        for (std::size_t a = 0; a < attacks.size(); ++a)
            tallies[a].addDrawn(signature,
                                signature.detector().detect(
                                    attacks::apply(picture, attacks[a], options.seed + common.pictures)),
                                code);
        ++common.pictures;
    });
    if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
    readReal(signature, photos, generator.manifest.resolution, options.seed, attacks, tallies, context,
             warnings);

    common.model = generator.manifest.name;
    common.modelSha256 = generator.manifest.weightsSha256;
    common.seed = options.seed;
    common.signature = signature.manifest.name;
    common.signatureSha256 = signature.manifest.weightsSha256;
    if (tallies.front().drawn.reported) common.threshold = signature.threshold();
    std::vector<DrawnRow> rows;
    for (std::size_t a = 0; a < attacks.size(); ++a) {
        DrawnRow& row = rows.emplace_back(common);
        row.attack = attacks::toSpec(attacks[a]);
        row.drawn = tallies[a].drawn;
        if (!photos.files.empty()) row.real = tallies[a].real;
        if (tallies[a].bitAccuracy.empty()) continue;
        row.bitAccuracy = metrics::meanAndCi95(tallies[a].bitAccuracy, {0, 1});
        row.exactCodeRate = tallies[a].exact;
        row.wrongCodeRate = tallies[a].wrong;
    }
    if (options.keep) keepRows(generator.manifest, kDrawnFile, rows);
    return rows;
}

Json toJson(const DrawnRow& r) {
    Json json = {{"attack", r.attack},
                 {"n", r.pictures},
                 {"model", r.model},
                 {"model_sha256", r.modelSha256},
                 {"seed", r.seed},
                 {"signature", r.signature},
                 {"signature_sha256", r.signatureSha256},
                 {"code", r.codeHex.empty() ? Json(nullptr) : Json(r.codeHex)},
                 {"threshold", r.threshold ? Json(*r.threshold) : Json(nullptr)},
                 {"drawn", toJson(r.drawn)}};
    if (r.bitAccuracy) json["bit_accuracy"] = metrics::toJson(*r.bitAccuracy);
    if (r.exactCodeRate) json["exact_code_rate"] = metrics::toJson(*r.exactCodeRate);
    if (r.wrongCodeRate) json["wrong_code_rate"] = metrics::toJson(*r.wrongCodeRate);
    if (!r.real) return json;
    json["unsigned"] = toJson(*r.real);
    json["images_sha256"] = r.imagesSha256;
    json["in_training"] = r.inTraining ? Json(*r.inTraining) : Json(nullptr);
    return json;
}

DrawnRow drawnRowFromJson(const Json& json) {
    const auto text = [&](const char* key) { return json.at(key).get<std::string>(); };
    const auto asText = [](const Json& value) { return value.get<std::string>(); };
    DrawnRow r;
    r.attack = text("attack");
    r.model = text("model");
    r.modelSha256 = text("model_sha256");
    r.seed = json.at("seed").get<std::uint64_t>();
    r.pictures = json.at("n").get<std::uint64_t>();
    r.signature = text("signature");
    r.signatureSha256 = text("signature_sha256");
    take(json, "code", r.codeHex, asText);
    take(json, "threshold", r.threshold, [](const Json& value) { return value.get<double>(); });
    r.drawn = foundSharesFromJson(json.at("drawn"));
    take(json, "bit_accuracy", r.bitAccuracy, metrics::meanFromJson);
    take(json, "exact_code_rate", r.exactCodeRate, metrics::proportionFromJson);
    take(json, "wrong_code_rate", r.wrongCodeRate, metrics::proportionFromJson);
    take(json, "unsigned", r.real, foundSharesFromJson);
    take(json, "images_sha256", r.imagesSha256, asText);
    take(json, "in_training", r.inTraining, [](const Json& value) { return value.get<int>(); });
    return r;
}

}  // namespace signet::examine
