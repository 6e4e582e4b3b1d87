#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "core/nn/unet_blocks.h"

namespace signet::nn {

/// guided-diffusion's U-Net (Dhariwal & Nichol 2021; evaluation.md 4.2) with what latent-diffusion's differs
/// in (4.3): residual blocks that an embedding of the timestep steers, self-attention or transformers at the
/// coarse levels. Paper A's injector is one with a constant timestep (papers.md 1.2). Names follow the
/// published state dicts (input_blocks.i.j, middle_block, output_blocks, out, time_embed, label_emb).
struct UNetOptions {
    int imageSize = 256;  ///< side it is meant for; decides nothing but documentation
    int inChannels = 3, outChannels = 3;
    int baseWidth = 64;
    std::vector<int> multipliers{1, 1, 2, 2, 4, 4};
    int blocksPerLevel = 2;  ///< on the way down; one more on the way up
    std::vector<int> attentionFactors{8, 16,
                                      32};  ///< down-sampling factors at which attention follows each block
    int headWidth = 64;                     ///< of attention: channels a head
    int heads = 0;                          ///< > 0: as many at every level instead
    bool headsFirst = false;                ///< see AttentionBlockImpl
    int context = 0;                        ///< > 0: transformers that attend to vectors of so many numbers
    Conditioning conditioning = Conditioning::ScaleShift;
    bool resamplingBlocks = true;  ///< residual blocks change the size between levels; else convolutions do
    double dropout = 0.1;
    int groups = kPublishedGroups;  ///< of group normalisations
    int codeBits = 0;               ///< > 1: a code enters through label_emb (a two-layer MLP)
    int classes = 0;                ///< > 0: one of so many classes enters through label_emb (a vector each)
    double timestep = 100;          ///< where none is given

    bool operator==(const UNetOptions&) const = default;
};

/// What steers a pass beside the picture.
struct UNetConditions {
    torch::Tensor timesteps = {};  ///< [B]; undefined: UNetOptions::timestep
    torch::Tensor code = {};       ///< [B,codeBits] of 0/1; not read without code bits
    torch::Tensor classes = {};    ///< [B], int64; not read without classes
    torch::Tensor context = {};    ///< [B,T,context]; not read without a context
};

struct UNetImpl : torch::nn::Module {
    explicit UNetImpl(const UNetOptions& options);

    /// x: [B,inChannels,H,W], H and W multiples of 2^(levels-1). Returns [B,outChannels,H,W]; exactly 0 at
    /// initialisation.
    torch::Tensor forward(const torch::Tensor& x, const UNetConditions& conditions = {});

    UNetOptions options;
    bool checkpointing = false;  ///< training: blocks are computed again for the gradient, see checkpoint.h
    torch::nn::Sequential time_embed{nullptr}, out{nullptr};
    torch::nn::ModuleList input_blocks{nullptr}, middle_block{nullptr}, output_blocks{nullptr};

private:
    torch::Tensor embeddingOf(const torch::Tensor& x, const UNetConditions& conditions);

    torch::nn::Sequential m_codeEmbedding{nullptr};  ///< "label_emb", either
    torch::nn::Embedding m_classEmbedding{nullptr};
};
TORCH_MODULE(UNet);

/// [cos(t f_i), sin(t f_i)], f_i = 10000^(-i / (n / 2)): [B] -> [B,n] (Vaswani et al. 2017, in
/// guided-diffusion's order).
torch::Tensor timestepEmbedding(const torch::Tensor& timesteps, int n);

}  // namespace signet::nn
