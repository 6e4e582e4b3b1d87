#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/generators/generator_model.h"
#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::fingerprint {

/// Hands over a picture, 8-bit RGB, and the code (0 or 1 a bit) it carries.
using OnDrawn = std::function<void(const std::vector<std::uint8_t>& code, const image::Image& picture)>;

/// A trained fingerprinting model ready for use: it reads the fingerprint of pictures and makes instances.
/// Weights verified, on one device. Holds no Torch type in its interface. Calls from several threads are
/// served one after another.
class FingerprintModel {
public:
    /// Throws BadOption for another kind, HashMismatch, Corrupt, NotFound, Environment (device).
    FingerprintModel(models::Manifest manifest, const std::string& device, int threads);
    ~FingerprintModel();
    FingerprintModel(FingerprintModel&&) noexcept;

    const models::Manifest& manifest() const;
    int bits() const;
    int side() const;  ///< of what it draws and reads, px

    /// Of a picture of any size, brought to side x side whatever its shape: logits of the bits being 1. What
    /// no instance drew is decoded to bits as well: whether they are anybody's is for a search to say.
    std::vector<float> decode(const image::Image& picture);
    /// Draws pictures, each of a latent and a code of its own, as instances of these codes would: picture i
    /// of a seed is always the same. Fewer where the work is stopped.
    void draw(std::uint64_t seed, std::int64_t count, const WorkContext& context, const OnDrawn& onDrawn);
    /// What an instance of this code draws. code: 0 or 1, as many as bits(). Throws BadOption for another
    /// length.
    generators::GeneratorModel instance(std::span<const std::uint8_t> code);
    /// Writes the weights and manifest of an instance of that name into folder, which is made. Neither the
    /// encoder nor the code is in them. Returns the manifest; holder, issuedUtc: see models::InstanceFields.
    models::Manifest writeInstance(std::span<const std::uint8_t> code, const std::filesystem::path& folder,
                                   const std::string& name, const std::string& holder,
                                   const std::string& issuedUtc);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The code that logits say, one a bit.
std::vector<std::uint8_t> codeOf(std::span<const float> logits);

}  // namespace signet::fingerprint
