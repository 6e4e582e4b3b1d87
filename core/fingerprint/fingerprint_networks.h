#pragma once

#include <torch/types.h>

#include "core/fingerprint/fingerprint_options.h"
#include "core/nn/batch_norm.h"
#include "core/nn/residual_gan.h"
#include "core/nn/safetensors.h"
#include "core/nn/stylegan2.h"

namespace signet::fingerprint {

/// What a bit is that is neither 0 nor 1.
inline constexpr double kNeitherBit = 0.5;

/// Encoder E, generator G and decoder F of paper B, with StyleGAN2's generator or one of its table 6. What is
/// trained beside them, the discriminator, is not a model's. Not thread-safe.
class FingerprintNetworks {
public:
    /// Random weights, by torch's generator.
    explicit FingerprintNetworks(FingerprintOptions options);

    /// What goes into the generator: the vector at its input end (undefined for a constant) and the styles.
    struct Inputs {
        torch::Tensor input;   ///< [B,n]
        torch::Tensor styles;  ///< [B,layers,n]; of a backbone of table 6 one for all layers, [B,1,n]
    };
    /// z: [B,latent], standard normal; codes: [B,bits], 0 or 1.
    Inputs inputs(const torch::Tensor& z, const torch::Tensor& codes);
    /// [B,3,side,side], nominally in [-1,1], not clamped. noise: without effect in a backbone of table 6.
    torch::Tensor draw(const Inputs& inputs, const nn::NoiseSource& noise);
    torch::Tensor draw(const torch::Tensor& z, const torch::Tensor& codes, const nn::NoiseSource& noise) {
        return draw(inputs(z, codes), noise);
    }

    struct Decoded {
        torch::Tensor latent;  ///< [B,latent]
        torch::Tensor logits;  ///< [B,bits]: of the bits being 1
    };
    /// pictures: [B,3,side,side] in [-1,1].
    Decoded decode(const torch::Tensor& pictures);

    const FingerprintOptions& options() const { return m_options; }
    nn::Mapping& encoder() { return m_encoder; }
    /// Null with a backbone of table 6.
    nn::Synthesis& generator() { return m_generator; }
    /// Null with StyleGAN2's.
    nn::ResidualGenerator& residualGenerator() { return m_residual; }
    nn::ResidualCritic& decoder() { return m_decoder; }
    torch::Device device() const;
    /// What the generator's side learns: encoder, generator, and the latent's mapping of variant II.
    nn::NamedParameters drawingParameters() const;
    void to(torch::Device device);
    /// The weight, in state(), of the layer that takes the bits, in its last columns.
    const char* layerOfBits() const;
    /// Has a bit, as a signed one, change the encoder's first layer (in variant I the generator's) factor
    /// times as much.
    void scaleBits(double factor);
    /// Whether batch norm takes the statistics of what is drawn together, as in training, and counts them in
    /// the running ones; off at first. StyleGAN2 has none.
    void train(bool on);
    /// Statistics of batch norm are over these ranks from now on.
    void join(const c10::intrusive_ptr<nn::RankSum>& ranks);

    /// "encoder.<name>", "generator.<name>", "decoder.<name>"; of variants I and II "latent.<name>".
    nn::TensorMap state() const;
    /// Throws Corrupt where names or shapes are others; nothing is changed then.
    void load(const nn::TensorMap& state);

private:
    bool hasLatentMapping() const;
    torch::nn::Module& drawer() const;

    FingerprintOptions m_options;
    nn::Mapping m_encoder{nullptr}, m_latent{nullptr};
    nn::Synthesis m_generator{nullptr};  // one of the two
    nn::ResidualGenerator m_residual{nullptr};
    nn::ResidualCritic m_decoder{nullptr};
};

}  // namespace signet::fingerprint
