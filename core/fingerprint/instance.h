#pragma once

#include <torch/types.h>

#include <memory>

#include "core/fingerprint/fingerprint_networks.h"
#include "core/generators/generator.h"

namespace signet::fingerprint {

/// A generator that draws what the fingerprinting one draws with one fingerprint, and knows neither the
/// encoder nor the fingerprint: what the fingerprint modulates is baked into its filters, what it is at the
/// input end into a constant (paper B, section 3.4; which part is baked where in variants I to III and in the
/// backbones of table 6 is our own reading). In the published variant no filter is modulated any more.
/// code: [bits], 0 or 1. Takes part in no gradient.
std::unique_ptr<generators::Generator> instanceOf(FingerprintNetworks& networks, const torch::Tensor& code);

}  // namespace signet::fingerprint
