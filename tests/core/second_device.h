#pragma once

#include <torch/types.h>

/// A stand-in for a GPU, for tests on machines without one. Its memory is the host's and its operators are
/// the CPU's, but like a GPU's they refuse tensors that lie elsewhere (single numbers aside).
namespace signet::tests {

torch::Device secondDevice();

}  // namespace signet::tests
