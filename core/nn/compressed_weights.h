#pragma once

#include "core/nn/safetensors.h"

// What makes networks smaller after their training, on their state dicts: attacks on what the weights keep.
// Both are of the weights of convolutions and fully connected layers alone, as they are stored; biases,
// normalisations, embeddings, learned constants and buffers stay as they are. Nothing given is changed.
namespace signet::nn {

/// The share, 0..1, of the smallest numbers by magnitude of all layers together set to zero, as many as
/// rounding gives (global magnitude pruning; Han et al. 2015). Throws BadOption.
TensorMap prunedWeights(const TensorMap& state, double share);

inline constexpr int kFewestWeightBits = 2, kMostWeightBits = 16;

/// Every number rounded to one of 2^bits - 1 even steps of its output channel, which reach as far as the
/// channel's largest magnitude, both ways (symmetric quantisation to nearest; Krishnamoorthi 2018). bits:
/// kFewestWeightBits to kMostWeightBits. Throws BadOption.
TensorMap quantisedWeights(const TensorMap& state, int bits);

/// Whether an entry is the weights of a convolution, [out,in,...] or [1,out,in,h,w] of a modulated one, or of
/// a fully connected layer, [out,in].
bool isLayerWeight(const std::string& name, const torch::Tensor& tensor);

}  // namespace signet::nn
