#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace signet::nn {

// Random tensors whose part for one image depends on (seed, the image's number in the whole batch) alone: a
// batch that is split over processes draws what it would draw in one piece.

/// Standard normal numbers shaped like x, [B,...]; firstImage is the number of x's first image.
torch::Tensor normalLike(const torch::Tensor& x, std::uint64_t seed, std::int64_t firstImage);

/// Dropout with such masks. Without reseeding, each call repeats its mask (as recomputation in backward
/// wants it).
struct ImageDropoutImpl : torch::nn::Module {
    explicit ImageDropoutImpl(double probability) : m_probability(probability) {}
    torch::Tensor forward(const torch::Tensor& x);
    void reseed(std::uint64_t seed, std::int64_t firstImage);

private:
    double m_probability;
    std::uint64_t m_seed = 0;
    std::int64_t m_firstImage = 0;
};
TORCH_MODULE(ImageDropout);

/// Gives every ImageDropout under module a seed of its own made of seed.
void reseedDropout(torch::nn::Module& module, std::uint64_t seed, std::int64_t firstImage);

}  // namespace signet::nn
