#include "core/removal/white_box.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <utility>

#include "core/base/error.h"
#include "core/examine/keyed_detector.h"
#include "core/signature/carrier_reading.h"
#include "core/signature/drawn_views.h"
#include "core/signature/working_size.h"

namespace signet::removal {

using torch::Tensor;

namespace {

constexpr double kLeastLength = 1e-12;  ///< of a folded tile

std::array<int, 2> sizeInProportion(const image::Image& picture, int shortSide) {
    const image::Planes planes = signature::inProportion(picture, shortSide);
    return {planes.width, planes.height};
}

/// logits: [1,n]; wanted: [1,n] of 0 and 1.
Tensor crossEntropy(const Tensor& logits, const Tensor& wanted) {
    return torch::binary_cross_entropy_with_logits(logits, wanted.to(logits.device()));
}

class NetworksWhiteBox final : public WhiteBox {
public:
    explicit NetworksWhiteBox(std::unique_ptr<signature::Networks> networks)
        : m_networks(std::move(networks)),
          m_compact(dynamic_cast<signature::CompactNetworks*>(m_networks.get())) {}

    std::array<int, 2> inputSize(const image::Image& picture) const override {
        const int side = m_networks->detectSide();
        return m_networks->keepsProportions() ? sizeInProportion(picture, side) : std::array{side, side};
    }

    ViewLoss lossOf(std::span<const std::uint8_t> code, Aim aim) override {
        const bool forges = aim == Aim::Spoofing;
        Tensor wanted = torch::zeros({1, m_networks->options().bits});
        for (std::size_t bit = 0; forges && bit < code.size(); ++bit)
            wanted[0][static_cast<std::int64_t>(bit)] = static_cast<float>(code[bit]);
        return [this, wanted, forges](const Tensor& view, const Tensor& toPicture) {
            return m_compact ? compactLoss(view, toPicture, wanted, forges)
                             : crossEntropy(m_networks->read(view, 1).logits(), wanted);
        };
    }

private:
    /// Of what CompactNetworks::read adds up for the geometry that is known.
    Tensor compactLoss(const Tensor& view, const Tensor& toPicture, const Tensor& wanted, bool forges) {
        const Tensor present = torch::full({1, 1}, forges ? 1.0 : 0.0);
        const Tensor located = m_compact->locate(view).select(1, 0).mean().view({1, 1});
        if (!m_networks->options().hasCode()) return crossEntropy(located, present);
        const auto reading = m_compact->readAligned(view, toPicture);
        const Tensor presence = crossEntropy(located + reading.presence.view({1, 1}), present);
        return forges ? presence + crossEntropy(reading.bits, wanted) : presence;
    }

    std::unique_ptr<signature::Networks> m_networks;
    signature::CompactNetworks* m_compact;  ///< the same, or null
};

class KeyedWhiteBox final : public WhiteBox {
public:
    KeyedWhiteBox(signature::KeyedNetworks networks, const signature::SecretKey& key)
        : m_networks(std::move(networks)),
          m_modes(signature::bandModes(m_networks.options().carrier)),
          m_key(m_networks.options().carrier.band(), key) {}

    std::array<int, 2> inputSize(const image::Image& picture) const override {
        return sizeInProportion(picture, 2 * m_networks.options().carrier.chips);
    }

    ViewLoss lossOf(std::span<const std::uint8_t> code, Aim aim) override {
        const auto codeword = m_key.code.encode(signature::PayloadCode::payloadOf(code));
        const std::vector<float> coefficients = m_key.patterns.carrier(codeword);
        const Tensor carrier = torch::tensor(at::ArrayRef<float>(coefficients)).unsqueeze(1);  // [N,1]
        return [this, carrier, aim](const Tensor& view, const Tensor& toPicture) {
            const Tensor cosine = cosineWith(carrier, view, toPicture);
            return aim == Aim::Removal ? cosine.square() : -cosine;
        };
    }

private:
    Tensor cosineWith(const Tensor& carrier, const Tensor& view, const Tensor& toPicture) {
        const Tensor estimate = m_networks.estimate(view);
        const std::int64_t rows = estimate.size(2), columns = estimate.size(3);
        const Tensor homography =
            torch::cat({toPicture, torch::tensor({0.0F, 0.0F, 1.0F}).view({1, 1, 3})}, 1);
        // In half pictures from the top left corner, which have as many chips as half views.
        const Tensor halves = signature::chipPlaces(homography, torch::zeros({1, 2, 3}), rows, columns, 2);
        const Tensor chips = torch::tensor({static_cast<float>(columns), static_cast<float>(rows)}) / 2;
        const Tensor tile =
            signature::fold(estimate, halves * chips.view({1, 2, 1}), m_networks.options().carrier.tile);
        const Tensor found = torch::matmul(tile, m_modes.t().to(tile.device()));  // [1,N]
        return torch::matmul(found, carrier.to(tile.device())).sum() / found.norm().clamp_min(kLeastLength);
    }

    signature::KeyedNetworks m_networks;
    Tensor m_modes;  ///< [N, tile * tile]
    signature::CarrierKey m_key;
};

}  // namespace

std::unique_ptr<WhiteBox> whiteBoxOf(std::unique_ptr<signature::Networks> networks) {
    return std::make_unique<NetworksWhiteBox>(std::move(networks));
}

std::unique_ptr<WhiteBox> whiteBoxOf(signature::KeyedNetworks networks, const signature::SecretKey& key) {
    return std::make_unique<KeyedWhiteBox>(std::move(networks), key);
}

std::unique_ptr<WhiteBox> whiteBoxOf(const models::Manifest& model, torch::Device device) {
    if (model.kind() != models::Kind::Signature)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is a model of kind \"{}\": --white-box attacks a signature's detector",
                                model.name, toString(model.kind())));
    const bool keyed = examine::isKeyed(model);
    const models::WeightFile& file = model.weightsFor(keyed ? "extractor" : "detector");
    const auto path = model.pathOf(file);
    if (!keyed) return whiteBoxOf(signature::Networks::ofModel(model.options, path, file.sha256, device));
    return whiteBoxOf(signature::KeyedNetworks::ofModel(model.options, path, file.sha256, device),
                      signature::SecretKey::publicDefault());
}

}  // namespace signet::removal
