#include "core/examine/miss_rate.h"

#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/metrics/intervals.h"

namespace signet::examine {
namespace {

constexpr std::uint64_t kMaxBytes = 64ull << 20;

/// The records, or why they say nothing about the model as it is calibrated.
struct Kept {
    std::vector<Json> records;
    std::string reason;
};

Kept keptRecords(const models::Manifest& manifest, const models::Calibration& calibration) {
    const auto path = manifest.folder / kEvaluationFile;
    if (!std::filesystem::exists(path)) return {{}, "the model keeps no evaluation"};
    Kept kept;
    std::istringstream lines(readTextFile(path, kMaxBytes));
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) continue;
        kept.records.push_back(Json::parse(line));
        const Json& record = kept.records.back();
        if (record.value("model_sha256", "") != manifest.weightsSha256)
            return {{}, "the evaluation kept with the model is of other weights"};
        if (std::abs(record.at("threshold").get<double>() - calibration.threshold) > 1e-6)
            return {{}, "the evaluation kept with the model was made at another threshold"};
    }
    if (kept.records.empty()) kept.reason = "the model keeps no evaluation";
    return kept;
}

/// keptRecords for a file of which anything may be wrong.
Kept readable(const models::Manifest& manifest, const models::Calibration& calibration) {
    try {
        return keptRecords(manifest, calibration);
    } catch (const std::exception& error) {
        return {{},
                fmt::format("the evaluation kept with the model cannot be read ({})", toUtf8(error.what()))};
    }
}

MissRate missRateOf(const Json& record) {
    const Json& found = record.at("true_positives");
    MissRate rate;
    rate.attack = record.at("attack").get<std::string>();
    rate.n = found.at("n").get<int>();
    rate.missed = rate.n - found.at("k").get<int>();
    rate.upper95 = metrics::clopperPearsonUpper(rate.missed, rate.n);
    return rate;
}

}  // namespace

MissRateAnswer worstMissRate(const models::Manifest& manifest, const models::Calibration& calibration) {
    const Kept kept = readable(manifest, calibration);
    if (!kept.reason.empty()) return {std::nullopt, kept.reason};
    try {
        MissRate worst{{}, 0, 0, 0, 0};
        for (const Json& record : kept.records)
            if (MissRate rate = missRateOf(record); rate.upper95 > worst.upper95) worst = std::move(rate);
        worst.attacks = static_cast<int>(kept.records.size());
        return {worst, {}};
    } catch (const std::exception& error) {
        return {std::nullopt,
                fmt::format("the evaluation kept with the model lacks a part ({})", toUtf8(error.what()))};
    }
}

std::string whyNotValidated(const models::Manifest& manifest, const models::Calibration& calibration) {
    const Kept kept = readable(manifest, calibration);
    if (!kept.reason.empty())
        return fmt::format("{}: signet evaluate {} --images FOLDER --keep", kept.reason, manifest.name);
    for (const Json& record : kept.records) {
        const auto seen = record.find("in_training");
        if (seen == record.end() || !seen->is_number_integer())
            return "it is not recorded that the images of its evaluation lie outside its training";
        if (seen->get<int>() > 0) return "images of its evaluation are in its list of training files";
    }
    return {};
}

}  // namespace signet::examine
