#include "core/experiments/measures.h"

#include <cmath>

#include "core/fingerprint/fingerprint_evaluation.h"
#include "core/metrics/binomial.h"
#include "core/metrics/intervals.h"
#include "core/models/manifest.h"

namespace signet::experiments {

fingerprint::FingerprintModel fingerprintModel(const Workshop& workshop,
                                               const std::filesystem::path& folder) {
    return {models::readManifest(folder), workshop.device(), workshop.threads()};
}

generators::GeneratorModel generatorModel(const Workshop& workshop, const std::filesystem::path& folder) {
    return {models::readManifest(folder), workshop.device(), workshop.threads()};
}

Drawer drawerOf(const Workshop& workshop, fingerprint::FingerprintModel& model, std::uint64_t seed) {
    return [&workshop, &model, seed](std::int64_t count, const OnPicture& onPicture) {
        model.draw(
            seed, count, workshop.context(),
            [&](const std::vector<std::uint8_t>&, const image::Image& picture) { onPicture(picture); });
    };
}

Drawer drawerOf(const Workshop& workshop, generators::GeneratorModel& model, std::uint64_t seed) {
    return [&workshop, &model, seed](std::int64_t count, const OnPicture& onPicture) {
        (void)model.sample({.seed = seed, .count = static_cast<std::uint64_t>(count)}, workshop.context(),
                           [&](std::uint64_t, const image::Image& picture) { onPicture(picture); });
    };
}

double log10PValue(double accuracy, int bits) {
    return metrics::log10BinomialTail(bits, std::lround(accuracy * bits));
}

Json bitsRead(Workshop& workshop, fingerprint::FingerprintModel& model) {
    const auto read =
        fingerprint::readBack(model, workshop.settings().number("pictures"), kTestSeed, workshop.context());
    workshop.checkStop();
    return {{"bit_accuracy", read.bitAccuracy},
            {"bit_accuracy_ci95", {read.bitAccuracyInterval.lower, read.bitAccuracyInterval.upper}},
            {"log10_p_value", log10PValue(read.bitAccuracy, read.bits)},
            {"bits", read.bits},
            {"pictures", read.pictures}};
}

Json distanceOf(Workshop& workshop, fingerprint::FingerprintModel& model) {
    return workshop.distance(model.side(), drawerOf(workshop, model, kTestSeed + 1));
}

Json distanceOf(Workshop& workshop, generators::GeneratorModel& model) {
    return workshop.distance(model.side(), drawerOf(workshop, model, kTestSeed + 1));
}

Json fidelity(Workshop& workshop, const std::filesystem::path& folder) {
    auto model = fingerprintModel(workshop, folder);
    Json ours = bitsRead(workshop, model);
    ours.update(distanceOf(workshop, model));
    return ours;
}

Json plainFidelity(Workshop& workshop, const std::filesystem::path& folder) {
    auto model = generatorModel(workshop, folder);
    return distanceOf(workshop, model);
}

void BitCount::add(const std::vector<std::uint8_t>& code, const std::vector<float>& logits) {
    const auto read = fingerprint::codeOf(logits);
    int right = 0;
    for (std::size_t i = 0; i < code.size(); ++i) right += read[i] == code[i];
    add(right, static_cast<std::int64_t>(code.size()));
}

void BitCount::add(std::int64_t right, std::int64_t bits) {
    const double share = static_cast<double>(right) / static_cast<double>(bits);
    m_sum += share;
    m_squares += share * share;
    ++m_pictures;
}

Json BitCount::report() const {
    const auto interval = metrics::shareMeanInterval(m_sum, m_squares, static_cast<double>(m_pictures));
    return {{"bit_accuracy", mean()},
            {"bit_accuracy_ci95", {interval.lower, interval.upper}},
            {"pictures", m_pictures}};
}

Json shareOf(std::int64_t right, std::int64_t n, const std::string& name) {
    const auto interval = metrics::clopperPearson(right, n);
    return {{name, n > 0 ? static_cast<double>(right) / static_cast<double>(n) : 0},
            {name + "_ci95", {interval.lower, interval.upper}},
            {"n", n}};
}

}  // namespace signet::experiments
