#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <utility>

#include "core/nn/autoencoder_options.h"

namespace signet::nn {

/// The nearest of a codebook's vectors for each place (VQ; van den Oord et al. 2017). Weights begin uniform
/// in
/// +-1/codes. "embedding.weight" [codes,C].
struct QuantiserImpl : torch::nn::Module {
    QuantiserImpl(int codes, int channels);
    struct Result {
        torch::Tensor latent;   ///< [B,C,h,w]: of the codebook; the gradient passes as if it were the input
        torch::Tensor loss;     ///< mean (sg(q) - z)^2 + 0.25 mean (q - sg(z))^2, as published: the weight
                                ///< stands at the other term than the text's
        torch::Tensor indices;  ///< [B*h*w], int64
    };
    /// z: [B,C,h,w]
    Result forward(const torch::Tensor& z);
    torch::Tensor codebook() const { return m_embedding->weight; }

private:
    torch::nn::Embedding m_embedding{nullptr};
};
TORCH_MODULE(Quantiser);

struct PictureEncoderImpl : torch::nn::Module {
    explicit PictureEncoderImpl(const AutoencoderOptions& options);
    /// [B,3,H,W] in [-1,1] -> [B,latentChannels (KL: twice that),H/f,W/f]
    torch::Tensor forward(const torch::Tensor& x);

private:
    torch::nn::Conv2d m_in{nullptr}, m_out{nullptr};
    torch::nn::ModuleList m_down{nullptr};
    torch::nn::ModuleDict m_middle{nullptr};
    torch::nn::GroupNorm m_norm{nullptr};
};
TORCH_MODULE(PictureEncoder);

struct PictureDecoderImpl : torch::nn::Module {
    explicit PictureDecoderImpl(const AutoencoderOptions& options);
    /// [B,latentChannels,h,w] -> [B,3,h f,w f], nominally in [-1,1], not clamped
    torch::Tensor forward(const torch::Tensor& z);
    /// Of the layer that gives the colours.
    torch::Tensor lastWeight() const { return m_out->weight; }

private:
    torch::nn::Conv2d m_in{nullptr}, m_out{nullptr};
    torch::nn::ModuleList m_up{nullptr};  ///< by level, the finest first
    torch::nn::ModuleDict m_middle{nullptr};
    torch::nn::GroupNorm m_norm{nullptr};
};
TORCH_MODULE(PictureDecoder);

/// latent-diffusion's first stage (Rombach et al. 2022; evaluation.md 4.3): an encoder that brings a picture
/// to a latent of fewer, smaller planes, and a decoder that brings it back. Names follow the published state
/// dicts (encoder, decoder, quantize, quant_conv, post_quant_conv).
struct AutoencoderImpl : torch::nn::Module {
    explicit AutoencoderImpl(const AutoencoderOptions& options);

    /// Before the codebook or the draw: [B,embedding,h,w], of a Gaussian latent [B,2 embedding,h,w], means
    /// and log variances.
    torch::Tensor encode(const torch::Tensor& pictures);
    /// The latent of pictures, [B,embedding,h,w]: before the codebook, of a Gaussian one its mean.
    torch::Tensor latentOf(const torch::Tensor& pictures);
    /// Of a latent as the decoder is trained on it (quantised, or drawn).
    torch::Tensor decode(const torch::Tensor& latent);
    /// As a sampler's result is decoded: snapped to the codebook first, where there is one.
    torch::Tensor decodeSampled(const torch::Tensor& latent);

    AutoencoderOptions options;
    PictureEncoder encoder{nullptr};
    PictureDecoder decoder{nullptr};
    Quantiser quantize{nullptr};  ///< null with a Gaussian latent
    torch::nn::Conv2d quant_conv{nullptr}, post_quant_conv{nullptr};
};
TORCH_MODULE(Autoencoder);

/// A Gaussian latent's draw, and its divergence from a standard normal one (Kingma & Welling 2014), in nats
/// summed over a picture, mean over pictures. parameters: [B,2C,h,w], log variances clamped to -30..20;
/// noise: [B,C,h,w], standard normal.
std::pair<torch::Tensor, torch::Tensor> drawnLatent(const torch::Tensor& parameters,
                                                    const torch::Tensor& noise);

}  // namespace signet::nn
