#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/base/json.h"
#include "core/image/resample.h"
#include "core/signature/carrier_estimate.h"
#include "core/signature/embedding_options.h"
#include "core/signature/pattern_set.h"

namespace signet::signature {

/// Manifest::arch of a keyed signature.
inline constexpr const char* kKeyedArch = "keyed";

/// A trained keyed signature ready for use: weights verified, networks in evaluation mode on one device.
/// Holds no Torch type in its interface. It knows neither keys nor codes: what it writes is a carrier in the
/// coefficients of its band, what it reads an estimate of one. Calls from several threads are served one
/// after another.
class KeyedModel {
public:
    /// networkOptions: KeyedOptions as JSON. Throws HashMismatch, Corrupt, NotFound, Environment (device).
    KeyedModel(const Json& networkOptions, const std::filesystem::path& weights, const std::string& sha256,
               const std::string& device, int threads);
    ~KeyedModel();

    const PatternBand& band() const;  ///< of the carrier
    int chips() const;                ///< on the short side of a picture
    int inputSide() const;            ///< px of the short side that the networks take

    /// What a picture of any size says of the carrier it may hold, chips() on its short side, or closer times
    /// as many. Pictures longer than 16 times their short side are squeezed to that.
    CarrierEstimate estimate(const image::Image& picture, double closer = 1);

    /// What is to be added to a picture: one value a chip, the picture's proportions. carrier: coefficients
    /// [band().dimensions()] of length 1 (PatternSet::carrier). Options.informed: as strongly as the
    /// picture needs (asStrongAsNeeded()). No gradient steps: the injector was trained on the picture
    /// together with the extractor, and they only raised what reads anyway.
    image::Planes residual(const image::Image& picture, std::span<const float> carrier,
                           const EmbeddingOptions& options = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::signature
