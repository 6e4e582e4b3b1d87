#pragma once

#include "core/nn/texture.h"
#include "core/signature/networks.h"

namespace signet::signature {

/// Presence of a signature that is a texture, made alike everywhere in a picture and seen alike in any part
/// of it, however it is turned. Nothing is squeezed to a square: pictures have their own proportions,
/// detectSide on the short side. The residual has a set visibility() instead of a PSNR.
class TextureNetworks : public Networks {
public:
    explicit TextureNetworks(NetworkOptions options);
    torch::Tensor residual(const torch::Tensor& image, const torch::Tensor& code) override;
    /// The residual as it is, informed or not: see KeyedModel::residual.
    torch::Tensor embed(const torch::Tensor& image, const torch::Tensor& code,
                        const EmbeddingOptions& options) override;
    Reading read(const torch::Tensor& image, double aspect) override;
    int detectSide() const override { return 2 * m_options.workSide; }
    bool keepsProportions() const override { return true; }
    torch::nn::Module& injector() override { return *m_injector; }
    torch::nn::Module& detector() override { return *m_detector; }

    /// What each cell of pictures [B,3,2h,2w] says for (> 0) or against a signature, [B,h/8,w/8] float32
    /// logits. None counts for more than 12, so that no spot of a drawing makes a signature; their mean is
    /// the presence.
    torch::Tensor evidence(const torch::Tensor& pictures);
    void setLevel(double level) { m_options.level = level; }

private:
    nn::TextureInjector m_injector;
    nn::TextureDetector m_detector;
};

}  // namespace signet::signature
