#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/generators/gan_options.h"

namespace signet::fingerprint {

inline constexpr const char* kFingerprintTask = "fingerprint";

/// The networks of a fingerprinting model (paper B, section 3; papers.md 2.2). Meanings and ranges stand in
/// the walk in fingerprint_options.cpp; the defaults are the paper's at 128 px.
struct FingerprintOptions {
    int side = 128;
    int bits = 128;
    int latent = 512;
    int style = 512;
    std::string variant = "published";
    int mappingLayers = 8;
    double mappingRate = 0.01;
    bool signedBits = false;
    int featureBase = 8192, featureMost = 512;
    int decoderBase = 8192, decoderMost = 512;
    int modulatedFrom = 4, modulatedTo = 1024;

    bool operator==(const FingerprintOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static FingerprintOptions fromJson(const Json& json);
};

/// Everything that decides the training of a fingerprinting model. The defaults are the paper's and its
/// code's (papers.md 2.3, 2.4).
struct FingerprintTrainingOptions : generators::GanOptions {
    FingerprintTrainingOptions();

    FingerprintOptions network;

    double adversarial = 1, latentWeight = 1, bitsWeight = 2, consistency = 2;
    int codes = 0;
    std::string immunise = "none";

    double bitsFirst = 0;
    double firstBitsWeight = 10, firstOtherWeight = 0.1;
    double firstRate = 1;
    int firstBits = 0;
    double turnStep = 1;

    int validationImages = 500;

    void validate() const;
    Json toJson() const;
    /// Unknown keys and values out of range are errors that name the key and its range (BadOption).
    static FingerprintTrainingOptions fromJson(const Json& json);
    static std::vector<OptionDescription> describe();
};

}  // namespace signet::fingerprint
