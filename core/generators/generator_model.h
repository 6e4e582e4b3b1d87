#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/progress.h"
#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::generators {

class StyleGenerator;

/// Which pictures are drawn. Picture i of a seed is the same whatever it is drawn together with.
struct SampleRequest {
    std::uint64_t seed = 0;
    std::uint64_t first = 0;  ///< number of the first picture
    std::uint64_t count = 1;
    int batch = 16;  ///< pictures at a time
    double truncation =
        1;  ///< 0..1: how far a style lies from the mean one; where nothing is mapped without effect

    /// Throws BadOption.
    void validate() const;
};

/// Hands over picture `number` of the seed, 8-bit RGB.
using OnPicture = std::function<void(std::uint64_t number, image::Image picture)>;

/// A generator ready for use, on one device. Holds no Torch type in its interface. Calls from several threads
/// are served one after another.
class GeneratorModel {
public:
    /// Loads and verifies a model of the kinds "generator" and "instance". Throws BadOption for another kind,
    /// HashMismatch, Corrupt, NotFound, Environment (device).
    GeneratorModel(const models::Manifest& manifest, const std::string& device, int threads);
    /// Of networks that are there.
    GeneratorModel(std::unique_ptr<StyleGenerator> generator, const std::string& device, int threads);
    ~GeneratorModel();
    GeneratorModel(GeneratorModel&&) noexcept;

    int side() const;  ///< of the pictures, px
    /// Whether SampleRequest::truncation has an effect.
    bool isMapped() const;
    /// Draws pictures as they are asked for and keeps none. Returns how many were handed over: fewer where
    /// the work was stopped.
    std::uint64_t sample(const SampleRequest& request, const WorkContext& context,
                         const OnPicture& onPicture);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::generators
