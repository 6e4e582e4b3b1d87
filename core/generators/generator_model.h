#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/progress.h"
#include "core/generators/draw_settings.h"
#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::generators {

class Generator;

/// Which pictures are drawn. Picture i of a seed is the same whatever it is drawn together with.
struct SampleRequest {
    std::uint64_t seed = 0;
    std::uint64_t first = 0;  ///< number of the first picture
    std::uint64_t count = 1;
    int batch = 16;  ///< pictures at a time
    DrawSettings settings = {};
    /// The pictures lie on the way from number `first` to this one of the seed, evenly, both ends among them;
    /// what is drawn beside the latent is that of `first`.
    std::optional<std::uint64_t> to = {};

    /// Throws BadOption.
    void validate() const;
};

/// "7-000003.png": what a file of picture `number` of a request is called; on the way from one to another
/// "7-000000-to-000005-000003.png".
std::string pictureFileName(const SampleRequest& request, std::uint64_t number);

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
    GeneratorModel(std::unique_ptr<Generator> generator, const std::string& device, int threads);
    ~GeneratorModel();
    GeneratorModel(GeneratorModel&&) noexcept;

    int side() const;  ///< of the pictures, px
    /// Draws pictures as they are asked for and keeps none. onStep: how many steps of those at hand a
    /// diffusion has done, of a cascade each of its parts. Returns how many were handed over: fewer where the
    /// work was stopped, which it may be within a picture.
    std::uint64_t sample(const SampleRequest& request, const WorkContext& context, const OnPicture& onPicture,
                         const ProgressSink& onStep = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::generators
