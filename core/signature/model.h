#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/image/resample.h"
#include "core/signature/embedding_options.h"

namespace signet::signature {

/// What the detector reads off one image.
struct Detection {
    double presenceLogit = 0;
    int rows = 0;
    int columns = 0;
    std::vector<float> cells;  ///< row-major logits; their mean is the share of presenceLogit with a place
    std::vector<float> bitLogits;                          ///< one a bit, empty for a presence model
    std::array<double, 6> imageToFrame{1, 0, 0, 0, 1, 0};  ///< [a b c; d e f], [-1,1] units
    int geometriesTried = 1;
};

/// A trained signature ready for use: weights verified, networks in evaluation mode on one device. Holds no
/// Torch type in its interface. Calls from several threads are served one after another.
class Model {
public:
    /// networkOptions: NetworkOptions as JSON. Throws HashMismatch, Corrupt, NotFound, Environment (device).
    Model(const Json& networkOptions, const std::filesystem::path& weights, const std::string& sha256,
          const std::string& device, int threads);
    ~Model();

    int bits() const;        ///< 1: presence only
    int detectSide() const;  ///< px: side of the square that the networks take, or their pictures' short side

    /// What is to be added to an image of any size. code: bits() values of 0/1, ignored for a presence model.
    image::Planes residual(const image::Image& image, std::span<const std::uint8_t> code,
                           const EmbeddingOptions& options = {});

    /// image: any size.
    Detection detect(const image::Image& image);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// e.g. "LibTorch 2.11.0, AVX512".
std::string runtimeDescription();

}  // namespace signet::signature
