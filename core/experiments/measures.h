#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/experiments/workshop.h"
#include "core/fingerprint/fingerprint_evaluation.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/generators/generator_model.h"

// What several tables measure. Pictures are 8-bit as a PNG file has them; latents and codes are drawn with a
// seed that no training has.
namespace signet::experiments {

inline constexpr std::uint64_t kTestSeed = 1'000'003;

/// The model in a folder that a training wrote, on the workshop's device.
fingerprint::FingerprintModel fingerprintModel(const Workshop& workshop, const std::filesystem::path& folder);
generators::GeneratorModel generatorModel(const Workshop& workshop, const std::filesystem::path& folder);

Drawer drawerOf(const Workshop& workshop, fingerprint::FingerprintModel& model, std::uint64_t seed);
Drawer drawerOf(const Workshop& workshop, generators::GeneratorModel& model, std::uint64_t seed);

/// {"bit_accuracy", "bit_accuracy_ci95", "log10_p_value" (of one picture with that many bits right, paper B,
/// 4.2), "bits", "pictures"}.
Json bitsRead(Workshop& workshop, fingerprint::FingerprintModel& model);
/// How far what a model draws lies from pictures that no training used (Workshop::distance).
Json distanceOf(Workshop& workshop, fingerprint::FingerprintModel& model);
Json distanceOf(Workshop& workshop, generators::GeneratorModel& model);
/// Bits read and the distance.
Json fidelity(Workshop& workshop, const std::filesystem::path& folder);
/// The distance of what a generator without fingerprints draws.
Json plainFidelity(Workshop& workshop, const std::filesystem::path& folder);

/// {"bit_accuracy", "bit_accuracy_ci95", "pictures"}.
Json shareOf(const fingerprint::BitTally& read);

/// {"accuracy", "accuracy_ci95", "n"} of right ones among n.
Json shareOf(std::int64_t right, std::int64_t n, const std::string& name = "accuracy");

/// log10 of the p-value of a picture of which this share of the bits is read right, rounded to whole bits.
double log10PValue(double accuracy, int bits);

}  // namespace signet::experiments
