#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "core/baselines/artificial_fingerprint_options.h"
#include "core/nn/safetensors.h"

namespace signet::baselines {

/// Makes a picture anew with a fingerprint in it: a U-Net of five sizes that sees, beside the picture, the
/// bits as a 16x16 map of three channels, and puts out the whole picture, not a difference (Yu et al. 2021,
/// "Artificial fingerprinting for generative models", after StegaStamp). Names of its layers as published;
/// with the published widths 1,069,315 parameters for 128 px and 100 bits.
struct StampEncoderImpl : torch::nn::Module {
    /// Random weights, by torch's generator.
    explicit StampEncoderImpl(const ArtificialFingerprintOptions& options);
    /// pictures: [B,3,side,side] in [0,1]; codes: [B,bits] of 0 and 1. Returns [B,3,side,side] in (0,1).
    torch::Tensor forward(const torch::Tensor& pictures, const torch::Tensor& codes);

    torch::nn::Linear secret_dense{nullptr};
    torch::nn::Conv2d conv1{nullptr}, conv2{nullptr}, conv3{nullptr}, conv4{nullptr}, conv5{nullptr};
    torch::nn::Conv2d up6{nullptr}, conv6{nullptr}, up7{nullptr}, conv7{nullptr}, up8{nullptr},
        conv8{nullptr}, up9{nullptr}, conv9{nullptr}, conv10{nullptr}, residual{nullptr};
};
TORCH_MODULE(StampEncoder);

/// Reads the bits: seven convolutions down to side/32, a hidden layer. Names as published; with the published
/// widths 1,424,324 parameters for 128 px and 100 bits.
struct StampDecoderImpl : torch::nn::Module {
    /// Random weights, by torch's generator.
    explicit StampDecoderImpl(const ArtificialFingerprintOptions& options);
    /// pictures: [B,3,side,side] in [0,1]. Returns [B,bits]: logits of the bits being 1.
    torch::Tensor forward(const torch::Tensor& pictures);

    torch::nn::Sequential decoder{nullptr}, dense{nullptr};
};
TORCH_MODULE(StampDecoder);

/// Both, as one model. Weights begin as He et al. 2015 have them, with biases of 0: nothing is said of how
/// the published ones began, and with LibTorch's own beginning next to nothing of the bits would reach the
/// end of twenty layers without normalisation. Not thread-safe.
class ArtificialFingerprintNetworks {
public:
    /// Throws BadOption.
    explicit ArtificialFingerprintNetworks(ArtificialFingerprintOptions options);

    /// pictures: [B,3,side,side] in [-1,1]; codes: [B,bits] of 0 and 1. Returns the pictures with the codes
    /// in them, [B,3,side,side] in (-1,1), not rounded to grey levels.
    torch::Tensor stamp(const torch::Tensor& pictures, const torch::Tensor& codes);
    /// pictures: [B,3,side,side] in [-1,1]. Returns [B,bits]: logits of the bits being 1.
    torch::Tensor decode(const torch::Tensor& pictures);

    const ArtificialFingerprintOptions& options() const { return m_options; }
    StampEncoder& encoder() { return m_encoder; }
    StampDecoder& decoder() { return m_decoder; }
    nn::NamedParameters parameters() const;
    void to(torch::Device device);

    /// "encoder.<name>", "decoder.<name>".
    nn::TensorMap state() const;
    /// Throws Corrupt where names or shapes are others; nothing is changed then.
    void load(const nn::TensorMap& state);

private:
    ArtificialFingerprintOptions m_options;
    StampEncoder m_encoder;
    StampDecoder m_decoder;
};

}  // namespace signet::baselines
