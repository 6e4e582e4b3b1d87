#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/generators/gan_options.h"
#include "core/generators/style_generator_options.h"

namespace signet::fingerprint {

inline constexpr const char* kFingerprintTask = "fingerprint";

/// The networks of a fingerprinting model (paper B, section 3; papers.md 2.2). Meanings and ranges stand in
/// the walk in fingerprint_options.cpp; the defaults are the paper's at 128 px. The backbones of its table 6
/// are for 32, 64 and 128 px and have no variants (nn/residual_gan.h); decoder and encoder are the same.
struct FingerprintOptions {
    std::string backbone = generators::kStyleGan2Arch;  ///< of files from before there were others too
    int side = 128;
    int bits = 128;
    int latent = 512;
    int style = 512;
    std::string variant = "published";
    int mappingLayers = 8;
    double mappingRate = 0.01;
    bool signedBits = false;
    int featureBase = 8192, featureMost = 512;
    int width = 0, criticWidth = 0;
    int decoderBase = 8192, decoderMost = 512;
    int modulatedFrom = 4, modulatedTo = 1024;

    /// A backbone of table 6, not StyleGAN2.
    bool isResidual() const { return backbone != generators::kStyleGan2Arch; }
    bool operator==(const FingerprintOptions&) const = default;
    /// Throws BadOption naming the option and its range.
    void validate() const;
    Json toJson() const;
    /// Throws BadOption.
    static FingerprintOptions fromJson(const Json& json);
};

/// Everything that decides the training of a fingerprinting model. The defaults are the paper's and its
/// code's (papers.md 2.3, 2.4) for StyleGAN2; path length and R1 are of StyleGAN2 alone and have to be 0 for
/// another backbone, of which the paper gives no more than the results.
struct FingerprintTrainingOptions : generators::GanOptions {
    FingerprintTrainingOptions();

    FingerprintOptions network;

    double decoderRate = 1;
    double adversarial = 1, latentWeight = 1, bitsWeight = 2, consistency = 2;
    int criticSteps = 1;
    double gradientPenalty = 10;
    int codes = 0;
    std::string immunise = "none";

    int picturesFirst = 0;
    double firstDifference = 0;
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
