#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::baselines {

/// Trained artificial fingerprints ready for use: weights verified, on one device. Holds no Torch type in its
/// interface. Calls from several threads are served one after another.
class ArtificialFingerprintModel {
public:
    /// Throws BadOption for a model of another kind, HashMismatch, Corrupt, NotFound, Environment (device).
    ArtificialFingerprintModel(models::Manifest manifest, const std::string& device, int threads);
    ~ArtificialFingerprintModel();
    ArtificialFingerprintModel(ArtificialFingerprintModel&&) noexcept;

    const models::Manifest& manifest() const;
    int bits() const;
    int side() const;  ///< of what its networks see and make, px

    /// picture, taken as 8-bit RGB, with a code in it: 8-bit RGB of the same size. One of side x side is what
    /// the encoder puts out, rounded; of another size (which is not the method's) the difference that the
    /// encoder makes to it at side x side is enlarged and added. code: 0 or 1, as many as bits(). Throws
    /// BadOption for another length.
    image::Image stamp(const image::Image& picture, std::span<const std::uint8_t> code);
    /// Of a picture of any size, brought to side x side whatever its shape: logits of the bits being 1.
    /// Pictures without a code are decoded to bits as well.
    std::vector<float> decode(const image::Image& picture);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::baselines
