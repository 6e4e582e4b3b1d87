#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "core/image/image.h"
#include "core/models/manifest.h"
#include "core/signature/keyed_networks.h"
#include "core/signature/networks.h"
#include "core/signature/secret_key.h"

namespace signet::removal {

/// What a picture is moved towards.
enum class Aim {
    Removal,   ///< nothing is found in it
    Spoofing,  ///< a code is read in it, or of a presence model the signature found
};

/// What is to be made smaller of a view of a picture, a scalar with the view's gradient. view: [1,3,h,w] in
/// [-1,1]; toPicture: [1,2,3], from places of the view to places of the picture that it shows, in [-1,1]
/// units (attacks::paperMap).
using ViewLoss = std::function<torch::Tensor(const torch::Tensor& view, const torch::Tensor& toPicture)>;

/// A signature's detector to someone who has its weights: what it sees, with the gradient of the picture. For
/// one thread.
class WhiteBox {
public:
    virtual ~WhiteBox() = default;
    /// Width and height of what its networks are given of a picture, px.
    virtual std::array<int, 2> inputSize(const image::Image& picture) const = 0;
    /// code: values of 0 and 1 that the picture is signed with, or that is to be forged. The loss lives no
    /// longer than this.
    virtual ViewLoss lossOf(std::span<const std::uint8_t> code, Aim aim) = 0;
};

/// Cross entropy with the code, to remove with that of unsigned pictures, where all bits are 0 (paper A) or
/// the presence is. The compact networks, which look for the geometry without a gradient, are told it.
std::unique_ptr<WhiteBox> whiteBoxOf(std::unique_ptr<signature::Networks> networks);

/// The cosine of the folded tile of the extractor's estimate, by the known geometry, with the carrier of key
/// and code: to remove its square, since the opposite of a carrier has as much energy among the key's
/// patterns (CarrierReading); to forge its negative.
std::unique_ptr<WhiteBox> whiteBoxOf(signature::KeyedNetworks networks, const signature::SecretKey& key);

/// Of a trained signature; a keyed one with the public key. Throws BadOption for a model of another kind,
/// HashMismatch, Corrupt, NotFound.
std::unique_ptr<WhiteBox> whiteBoxOf(const models::Manifest& model, torch::Device device);

}  // namespace signet::removal
