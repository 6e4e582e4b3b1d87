#include "core/examine/forgery.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/examine/evaluation_tally.h"
#include "core/examine/independent_images.h"
#include "core/examine/trial.h"
#include "core/image/resample.h"
#include "core/metrics/quality.h"
#include "core/signature/registered_picture.h"

namespace signet::examine {
namespace {

constexpr std::uint64_t kForgeryStream = 23;
constexpr float kHalfRange = 127.5F;  ///< 8-bit levels in a unit of image::Planes

/// What one way of forging has gathered: sums of residuals, one a forger, then what became of the pictures.
struct Forging {
    int pairs = 1;
    bool averaged = false;
    std::vector<image::Planes> residuals{};
    std::vector<double> psnr{};
    std::int64_t reported = 0, theirCode = 0, anotherCode = 0, asCopy = 0;
    bool hasCodes = false;
};

void addDifference(image::Planes& sum, const Trial& pair) {
    const auto& plain = pair.plain;
    const std::size_t pixels = plain.pixelCount();
    if (sum.data.empty()) sum = {plain.width, plain.height, std::vector<float>(3 * pixels)};
    for (std::size_t i = 0; i < pixels; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            sum.data[c * pixels + i] += (static_cast<float>(pair.marked.data[3 * i + c]) -
                                         static_cast<float>(plain.data[3 * i + c])) /
                                        kHalfRange;
}

/// Scaled so that what it is added to has this PSNR.
void scaleTo(image::Planes& residual, double psnrDb) {
    double energy = 0;
    for (const float value : residual.data) energy += static_cast<double>(value) * static_cast<double>(value);
    if (energy == 0) return;
    const double rms = std::sqrt(energy / static_cast<double>(residual.data.size()));
    const double wanted = 255 * std::pow(10, -psnrDb / 20) / static_cast<double>(kHalfRange);
    for (float& value : residual.data) value *= static_cast<float>(wanted / rms);
}

/// In an order of the seed's.
std::vector<std::filesystem::path> shuffled(std::vector<std::filesystem::path> files, std::uint64_t seed) {
    StepRandom random(seed, kForgeryStream, 0);
    for (std::size_t i = files.size(); i > 1; --i) std::swap(files[i - 1], files[random.index(i)]);
    return files;
}

std::vector<Forging> waysOf(const std::vector<int>& pairs, int most) {
    std::vector<Forging> ways{{.pairs = 1, .averaged = false}};
    for (const int count : pairs) {
        if (count < 1) throw Error(ErrorCode::BadOption, "a forger has at least one pair");
        ways.push_back({.pairs = count, .averaged = true});
    }
    for (Forging& way : ways)
        way.residuals.resize(static_cast<std::size_t>(std::min(most / way.pairs, kMostForgers)));
    return ways;
}

void forge(Forging& way, std::size_t number, LoadedModel& model, const image::Image& plain,
           const std::vector<std::uint8_t>& code, const CopyRegister& copies, int threads) {
    double squaredError = 0;
    const image::Image forged =
        image::addResidual(plain, way.residuals[number % way.residuals.size()], 1, threads, &squaredError);
    way.psnr.push_back(metrics::psnrFromMse(squaredError / (3.0 * static_cast<double>(plain.pixelCount()))));
    const Reading reading = model.detector().detect(forged);
    const bool reported = reading.scoreLogit >= model.threshold();
    const auto answer = codeAnswer(model, reading, code);
    way.reported += reported;
    way.hasCodes = way.hasCodes || answer.has_value();
    way.theirCode += reported && answer && answer->right;
    way.anotherCode += answer && answer->wrong;
    if (!reported || !copies.isCopy || reading.bitLogits.empty()) return;
    std::vector<std::uint8_t> read;
    for (const float logit : reading.bitLogits) read.push_back(logit > 0);
    way.asCopy += copies.isCopy(reading, read);
}

}  // namespace

CopyRegister registerOfPictures() {
    const auto pictures = std::make_shared<std::vector<signature::RegisteredPicture>>();
    return {[pictures](const image::Image& plain, const std::vector<std::uint8_t>& code) {
                pictures->push_back({{}, hexFromBits(code), signature::hashOf(plain)});
            },
            [pictures](const Reading& found, const std::vector<std::uint8_t>& code) {
                if (!found.keyed || !found.keyed->seen) return false;
                const std::string hex = hexFromBits(code);
                const auto compared = signature::comparePictures(
                    {found.keyed->keyFingerprint, hex, *found.keyed->seen}, *pictures);
                return compared.answer == signature::PictureAnswer::OtherPicture;
            }};
}

metrics::Proportion ForgeryRow::caught() const {
    return {reported.n - reported.k + (asCopy ? asCopy->k : 0), reported.n};
}

std::vector<ForgeryRow> measureForgery(LoadedModel& model, const ForgeryOptions& options, int threads,
                                       const WorkContext& context, std::vector<std::string>* warnings) {
    if (options.side < kSmallestSide || options.pairs.empty())
        throw Error(
            ErrorCode::BadOption,
            fmt::format("forgery needs numbers of pairs, and a side of at least {} px", kSmallestSide));
    const int most = *std::max_element(options.pairs.begin(), options.pairs.end());
    auto ways = waysOf(options.pairs, most);
    const auto photos = independentImages(options.images, 0);
    if (photos.originals < most + kLeastForged)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} pairs and {} pictures to forge need images of {} originals; there are {}",
                                most, kLeastForged, most + kLeastForged, photos.originals));
    const auto files = shuffled(photos.files, options.seed);
    const auto code = drawnCode(model.detector().bits(), options.seed);
    int pairs = 0;
    std::size_t forged = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        context.report(i, files.size(), toUtf8(files[i].filename().string()));
        try {
            image::Image plain = plainPicture(files[i], options.side);
            if (pairs < most) {
                const Trial pair = signedTrial(model, std::move(plain), code, options.embedding, threads);
                if (options.copies.enter) options.copies.enter(pair.plain, code);
                for (Forging& way : ways)
                    if (const auto forger = static_cast<std::size_t>(pairs / way.pairs);
                        forger < way.residuals.size())
                        addDifference(way.residuals[forger], pair);
                if (++pairs == most)
                    for (Forging& way : ways)
                        if (way.averaged)
                            for (auto& residual : way.residuals) scaleTo(residual, options.psnrDb);
                continue;
            }
            for (Forging& way : ways) forge(way, forged, model, plain, code, options.copies, threads);
            if (++forged == static_cast<std::size_t>(std::max(0, options.limit))) break;
        } catch (const Error& error) {
            if (error.code() == ErrorCode::BadOption) throw;
            if (warnings) warnings->push_back(fmt::format("{}: {}", toUtf8(files[i].string()), error.what()));
        }
    }
    if (forged == 0) throw Error(ErrorCode::NotFound, "too few of the images can be read");
    std::vector<ForgeryRow> rows;
    for (const Forging& way : ways) {
        const auto n = static_cast<std::int64_t>(forged);
        ForgeryRow& row = rows.emplace_back();
        row.way = way.averaged ? "averaged" : "copied";
        row.pairs = way.pairs;
        row.forgers = static_cast<int>(way.residuals.size());
        row.model = model.manifest.name;
        row.modelSha256 = model.manifest.weightsSha256;
        row.imagesSha256 = photos.sha256;
        row.psnrDb = metrics::meanAndCi95(way.psnr);
        row.reported = {way.reported, n};
        if (way.hasCodes) row.theirCode = {way.theirCode, n};
        if (way.hasCodes) row.anotherCode = {way.anotherCode, n};
        if (options.copies.isCopy) row.asCopy = {way.asCopy, n};
    }
    if (options.keep) keepRows(model.manifest, kForgeryFile, rows);
    return rows;
}

Json toJson(const ForgeryRow& r) {
    Json json = {{"forgery", r.way},
                 {"pairs", r.pairs},
                 {"forgers", r.forgers},
                 {"n", r.reported.n},
                 {"model", r.model},
                 {"model_sha256", r.modelSha256},
                 {"images_sha256", r.imagesSha256},
                 {"psnr_db", metrics::toJson(r.psnrDb)},
                 {"reported", metrics::toJson(r.reported)}};
    if (r.theirCode) json["their_code"] = metrics::toJson(*r.theirCode);
    if (r.anotherCode) json["another_code"] = metrics::toJson(*r.anotherCode);
    if (r.asCopy) json["as_copy"] = metrics::toJson(*r.asCopy);
    json["caught"] = metrics::toJson(r.caught());
    return json;
}

ForgeryRow forgeryRowFromJson(const Json& json) {
    ForgeryRow r;
    r.way = json.at("forgery").get<std::string>();
    r.pairs = json.at("pairs").get<int>();
    r.forgers = json.value("forgers", 1);
    r.model = json.value("model", "");
    r.modelSha256 = json.at("model_sha256").get<std::string>();
    r.imagesSha256 = json.value("images_sha256", "");
    r.psnrDb = metrics::meanFromJson(json.at("psnr_db"));
    r.reported = metrics::proportionFromJson(json.at("reported"));
    const auto optional = [&](const char* key, std::optional<metrics::Proportion>& value) {
        if (const auto at = json.find(key); at != json.end()) value = metrics::proportionFromJson(*at);
    };
    optional("their_code", r.theirCode);
    optional("another_code", r.anotherCode);
    optional("as_copy", r.asCopy);
    return r;
}

}  // namespace signet::examine
