#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/training/optimiser_options.h"
#include "core/training/run_options.h"

namespace signet::baselines {

inline constexpr const char* kArtificialFingerprintTask = "artificial-fingerprint";

/// The networks of artificial fingerprints, by default as published (Yu et al. 2021, for 128 px). Meanings
/// and ranges stand in the walk in artificial_fingerprint_options.cpp.
struct ArtificialFingerprintOptions {
    int side = 128;  ///< a power of 2
    int bits = 100;
    std::array<int, 5> encoderWidths{32, 32, 64, 128, 256};
    std::array<int, 7> decoderWidths{32, 32, 64, 64, 64, 128, 128};
    int decoderHidden = 512;

    bool operator==(const ArtificialFingerprintOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static ArtificialFingerprintOptions fromJson(const Json& json);
};

/// Everything that decides the training of artificial fingerprints. What each field means, its unit and its
/// range stand once, in the walk over the fields (artificial_fingerprint_options.cpp).
struct ArtificialFingerprintTrainingOptions : training::RunOptions, training::OptimiserOptions {
    ArtificialFingerprintTrainingOptions();

    std::string data;
    ArtificialFingerprintOptions network;

    double readAt = 0.9;
    double pictureWeight = 10;
    int pictureDelay = 1000;
    int pictureRamp = 3000;

    int validationImages = 256;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static ArtificialFingerprintTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::baselines
