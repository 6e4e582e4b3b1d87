#pragma once

#include "core/fingerprint/fingerprint_networks.h"

namespace signet::fingerprint {

/// The state of other networks, on the CPU, brought to the form of these, as far as they differ in what paper
/// B varies and a training may start from: the number of bits (the first ones that both have are kept; those
/// that only `networks` have are theirs, as strong as the others) and the levels that are modulated (a filter
/// that is not any more is what a fingerprint makes of it whose bits are neither 0 nor 1). What differs
/// otherwise is left, and load() refuses it.
nn::TensorMap adopted(FingerprintNetworks& networks, nn::TensorMap state);

}  // namespace signet::fingerprint
