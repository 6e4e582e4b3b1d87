#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/pimpl.h>

#include <vector>

namespace signet::nn {

/// guided-diffusion's U-Net as paper A uses it (fact sheet 1.2): residual blocks whose second GroupNorm is
/// scaled and shifted by an embedding, self-attention at the coarse levels, residual blocks that resample.
/// Names follow the published state dict (input_blocks.i.j, middle_block, output_blocks, out, time_embed,
/// label_emb).
struct UNetOptions {
    int imageSize = 256;  ///< side it is meant for; decides nothing but documentation
    int baseWidth = 64;
    std::vector<int> multipliers{1, 1, 2, 2, 4, 4};
    int blocksPerLevel = 2;  ///< on the way down; one more on the way up
    std::vector<int> attentionFactors{8, 16,
                                      32};  ///< down-sampling factors at which attention follows each block
    int headWidth = 64;
    double dropout = 0.1;
    int codeBits = 0;       ///< > 1: the code enters through label_emb (a two-layer MLP)
    double timestep = 100;  ///< the constant "timestep" of the embedding
};

struct UNetImpl : torch::nn::Module {
    explicit UNetImpl(const UNetOptions& options);

    /// x: [B,3,H,W] in [-1,1], H and W multiples of 2^(levels-1). code: [B,codeBits] of 0/1, ignored without
    /// code bits. Returns [B,3,H,W] before tanh; exactly 0 at initialisation.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& code);

    UNetOptions options;
    bool checkpointing = false;  ///< training: blocks are computed again for the gradient, see checkpoint.h
    torch::nn::Sequential time_embed{nullptr}, label_emb{nullptr}, out{nullptr};
    torch::nn::ModuleList input_blocks{nullptr}, middle_block{nullptr}, output_blocks{nullptr};
};
TORCH_MODULE(UNet);

}  // namespace signet::nn
