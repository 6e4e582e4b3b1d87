#include "core/experiments/measures.h"

#include <cmath>

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
    Json ours = shareOf(read);
    ours["log10_p_value"] = log10PValue(read.accuracy(), model.bits());
    ours["bits"] = model.bits();
    return ours;
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

Json shareOf(const fingerprint::BitTally& read) {
    return {{"bit_accuracy", read.accuracy()},
            {"bit_accuracy_ci95", {read.interval().lower, read.interval().upper}},
            {"pictures", read.pictures()}};
}

Json shareOf(std::int64_t right, std::int64_t n, const std::string& name) {
    const auto interval = metrics::clopperPearson(right, n);
    return {{name, n > 0 ? static_cast<double>(right) / static_cast<double>(n) : 0},
            {name + "_ci95", {interval.lower, interval.upper}},
            {"n", n}};
}

}  // namespace signet::experiments
