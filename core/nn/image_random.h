#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace signet::nn {

// Random tensors whose part for one image depends on (seed, the image's number in the whole batch) alone: a
// batch that is split over processes draws what it would draw in one piece.

/// Standard normal numbers shaped like x, [B,...], the same ones whatever x's device is; firstImage is the
/// number of x's first image.
torch::Tensor normalLike(const torch::Tensor& x, std::uint64_t seed, std::int64_t firstImage);

/// What decides a dropout's mask.
struct DropoutDraw {
    double probability = 0;  ///< 0: nothing is dropped
    std::uint64_t seed = 0;
    std::int64_t firstImage = 0;  ///< number of the first image
};

/// x with values dropped and the others divided by 1 - probability. The mask is drawn by x's device, since
/// x is large: another kind of device drops other values.
torch::Tensor dropout(const torch::Tensor& x, const DropoutDraw& draw);

/// Dropout whose mask stays the same until it is reseeded (recomputation in backward repeats it).
struct ImageDropoutImpl : torch::nn::Module {
    explicit ImageDropoutImpl(double probability) : m_draw{probability} {}
    torch::Tensor forward(const torch::Tensor& x) { return dropout(x, draw()); }
    /// 0..1; 0: nothing is dropped.
    void setProbability(double probability) { m_draw.probability = probability; }
    /// For those who drop out themselves; in evaluation nothing is dropped.
    DropoutDraw draw() const { return is_training() ? m_draw : DropoutDraw{}; }
    void reseed(std::uint64_t seed, std::int64_t firstImage);

private:
    DropoutDraw m_draw;
};
TORCH_MODULE(ImageDropout);

/// Gives every ImageDropout under module a seed of its own made of seed.
void reseedDropout(torch::nn::Module& module, std::uint64_t seed, std::int64_t firstImage);

}  // namespace signet::nn
