#pragma once

#include <torch/nn/modules/embedding.h>
#include <torch/types.h>

#include <vector>

#include "core/generators/denoiser_options.h"
#include "core/generators/diffusion.h"
#include "core/nn/safetensors.h"
#include "core/nn/unet.h"

namespace signet::generators {

/// A diffusion's U-Net with what its classes are told by, and its noise.
class DenoiserNetwork {
public:
    /// Random weights, by torch's generator. beside: planes that are told beside what is denoised (an
    /// upsampler's small picture, enlarged).
    explicit DenoiserNetwork(DenoiserOptions options, int beside = 0);

    /// What the network says (see Denoiser). beside: [B,n,H,W] or undefined; classes: [B], int64, or
    /// undefined: none, which throws BadOption where the classes have no such one.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& timesteps, const torch::Tensor& beside,
                          const torch::Tensor& classes);
    /// With classifier-free guidance (Ho & Salimans 2021): noise(none) + guidance (noise(class) -
    /// noise(none)); at 1 the class's alone.
    Denoiser denoiser(const torch::Tensor& beside, const torch::Tensor& classes, double guidance);

    /// What is drawn from noise, [n,channels,side,side]; random: a generator of random numbers for each.
    torch::Tensor sample(const torch::Tensor& noise, const std::vector<at::Generator>& random,
                         const torch::Tensor& beside, const torch::Tensor& classes, double guidance,
                         const DiffusionDraw& draw, const WorkContext& context);
    /// x, [n,channels,side,side], drawn anew: with as much noise as a share of the timesteps adds, 0..1, and
    /// back as sample() draws, in the same share of its steps, spread evenly (SDEdit, Meng et al. 2022;
    /// DiffPure, Nie et al. 2022; evaluation.md 6.2). No class is told. x itself at share 0.
    torch::Tensor regenerated(const torch::Tensor& x, double share, const std::vector<at::Generator>& random,
                              const torch::Tensor& beside, const DiffusionDraw& draw,
                              const WorkContext& context);
    /// Such noise of latents, [n,channels * side * side], on the device.
    torch::Tensor noiseOf(const torch::Tensor& latents) const;
    /// Numbers in a latent.
    int latent() const { return m_options.channels * m_options.side * m_options.side; }

    /// Of a training: the whole schedule.
    Diffusion diffusion() const;
    Diffusion::Form form() const;

    const DenoiserOptions& options() const { return m_options; }
    int classCount() const { return m_options.classes + (m_options.noneClass ? 1 : 0); }
    nn::UNet& network() { return m_network; }
    nn::NamedParameters parameters(const std::string& prefix) const;
    std::int64_t parameterCount() const;
    torch::Device device() const;
    void to(torch::Device device);
    void train(bool on);
    /// The published names of the U-Net; the classes' vectors of a context as "classes.weight".
    nn::TensorMap state() const;
    /// Throws Corrupt where names or shapes are others.
    void check(const nn::TensorMap& state) const;
    /// The same; nothing is changed then.
    void load(const nn::TensorMap& state);

private:
    /// The U-Net's part of a state.
    nn::TensorMap ofNetwork(nn::TensorMap state) const;

    torch::Tensor toldClasses(const torch::Tensor& classes, const torch::Tensor& x) const;

    DenoiserOptions m_options;
    nn::UNet m_network{nullptr};
    torch::nn::Embedding m_classes{nullptr};  ///< of a context
};

}  // namespace signet::generators
