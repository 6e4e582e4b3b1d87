#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/generators/draw_settings.h"
#include "core/models/manifest.h"
#include "core/nn/safetensors.h"

namespace signet::generators {

/// [B,numbers], standard normal, a row of each generator.
torch::Tensor latentsOf(const std::vector<at::Generator>& random, int numbers);

/// Networks that draw pictures of random numbers, whatever their form, with all that decides the pictures.
/// Several threads may draw at once, while nothing else is done with it.
class Generator {
public:
    virtual ~Generator() = default;

    /// A picture of each generator of random numbers (of the CPU), which with the settings alone decides it:
    /// [B,3,side,side], nominally in [-1,1], not clamped; not to be used where the work was stopped. Throws
    /// BadOption for settings that the model cannot be drawn with.
    torch::Tensor draw(const std::vector<at::Generator>& random, const DrawSettings& settings,
                       const WorkContext& context) {
        return drawFrom(latentsOf(random, latent()), random, settings, context);
    }
    /// The same of given latents, [B,latent()], standard normal or between such: what else is drawn is drawn
    /// of the generators.
    virtual torch::Tensor drawFrom(const torch::Tensor& latents, const std::vector<at::Generator>& random,
                                   const DrawSettings& settings, const WorkContext& context) = 0;

    /// Pictures drawn anew from what a share of a diffusion's timesteps, 0..1, leaves of them
    /// (DenoiserNetwork::regenerated): [B,3,side,side] in [-1,1] units -> the same, not clamped; not to be
    /// used where the work was stopped. random: a generator of the CPU for each. Throws BadOption where it is
    /// no diffusion, or draws pictures of its classes only.
    virtual torch::Tensor regenerated(const torch::Tensor& pictures, double share,
                                      const std::vector<at::Generator>& random, const WorkContext& context);

    /// Its form, as manifests name it.
    virtual const char* arch() const = 0;
    /// What decides its networks, as manifests keep it.
    virtual Json networkOptions() const = 0;
    virtual int side() const = 0;    ///< of the pictures, px
    virtual int latent() const = 0;  ///< numbers in its random input
    virtual std::int64_t parameterCount() const = 0;

    virtual void to(torch::Device device) = 0;
    /// Tensors by name.
    virtual nn::TensorMap state() const = 0;
    /// Throws Corrupt where names or shapes are others; nothing is changed then.
    virtual void load(const nn::TensorMap& state) = 0;
};

/// Of the form `arch`, with random weights. Throws Corrupt for a form that is not known, BadOption.
std::unique_ptr<Generator> makeGenerator(const std::string& arch, const Json& networkOptions);

/// The weights of a model that draws, verified. Throws HashMismatch, Corrupt, NotFound.
nn::TensorMap generatorWeights(const models::Manifest& manifest);
/// A model of kind "generator" or "instance", on the CPU. Throws BadOption for another kind, and the same.
std::unique_ptr<Generator> loadGenerator(const models::Manifest& manifest);

/// Latents on the way from one to another, a row for each share of it, 0..1: along the great circle, so that
/// what lies between is as long as a standard normal latent (Shoemake 1985, slerp). one, other: [1,n].
torch::Tensor latentsBetween(const torch::Tensor& one, const torch::Tensor& other,
                             const std::vector<double>& shares);

}  // namespace signet::generators
