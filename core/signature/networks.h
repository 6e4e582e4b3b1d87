#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/nn/compact.h"
#include "core/nn/resnet.h"
#include "core/nn/safetensors.h"
#include "core/nn/unet.h"
#include "core/signature/embedding_options.h"

namespace signet::signature {

/// Which networks a signature model is made of. Meanings and ranges stand in the walk in networks.cpp.
struct NetworkOptions {
    std::string arch = "compact";
    int bits = 1;
    int workSide = 96;  ///< px
    std::array<int, 3> injectorWidths{32, 48, 64};
    std::array<int, 3> detectorWidths{24, 48, 96};
    double nominalPsnrDb = 45;  ///< of the residual at strength 1, before rounding
    double level = 0.4;         ///< visibility() of the residual at strength 1, grey levels

    // Of the paper's networks; the defaults are the paper's.
    int injectorWidth = 64;
    std::vector<int> injectorMultipliers{1, 1, 2, 2, 4, 4};
    int injectorBlocks = 2;
    std::vector<int> injectorAttention{8, 16, 32};
    double injectorDropout = 0.1;
    int injectorGroups = 32;
    std::string conditioning = "code";
    double inputNoise = 0;
    std::array<int, 4> detectorBlocks{3, 4, 6, 3};
    int detectorWidth = 64;

    /// Throws BadOption naming the option and its range.
    void validate() const;
    bool hasCode() const { return bits > 1; }
    /// Equal but for what training changes: nominal PSNR and level.
    bool sameNetworks(const NetworkOptions& other) const;
    Json toJson() const;
    static NetworkOptions fromJson(const Json& json);
    /// Its fields with keys "network.<key>".
    static std::vector<OptionDescription> describe();
};

/// What a detector reads off a batch of images.
struct Reading {
    torch::Tensor presence;  ///< [B] logits: > 0 means that the network sees a signature
    torch::Tensor cells;     ///< [B,h,w] what each cell of the image contributes; the mean is the share of
                             ///< presence that has a place: all of it but for a compact code reader's
    torch::Tensor bits;      ///< [B,n] logits, undefined without a code
    torch::Tensor imageToFrame;  ///< [B,2,3] the geometry found, [-1,1] units
    int geometriesTried = 1;     ///< geometries tried for each image

    /// [B,n] of the bits; of a presence model [B,1].
    torch::Tensor logits() const { return bits.defined() ? bits : presence.unsqueeze(1); }
};

/// Injector and detector of one signature. Not thread-safe.
class Networks {
public:
    static std::unique_ptr<Networks> create(const NetworkOptions& options);
    /// Those of a trained model: weights verified, in evaluation on the device; no gradient of the parameters
    /// is wanted. networkOptions: NetworkOptions as JSON. Throws HashMismatch, Corrupt, NotFound, BadOption.
    static std::unique_ptr<Networks> ofModel(const Json& networkOptions, const std::filesystem::path& weights,
                                             const std::string& sha256, torch::Device device);
    virtual ~Networks() = default;

    /// image: [B,3,detectSide,detectSide] in [-1,1]; code: [B,bits] of 0/1. Returns the residual at strength
    /// 1, [B,3,workSide,workSide] in [-1,1] units, to be enlarged to the image's own size and added.
    virtual torch::Tensor residual(const torch::Tensor& image, const torch::Tensor& code) = 0;

    /// What signing adds to an image, [1,3,workSide,workSide]: the residual times strength, changed (if
    /// informed, and where the architecture knows how) so that it reads from this very image. image:
    /// [1,3,detectSide,detectSide] in [-1,1]; code: [1,bits].
    virtual torch::Tensor embed(const torch::Tensor& image, const torch::Tensor& code,
                                const EmbeddingOptions& options) = 0;

    /// image: [B,3,detectSide,detectSide] in [-1,1]; aspect: width/height before it was made square.
    virtual Reading read(const torch::Tensor& image, double aspect) = 0;

    virtual int detectSide() const = 0;
    /// Images have their own proportions, detectSide on the short side (inProportion()), and their residual
    /// and cells too. Else they are made square.
    virtual bool keepsProportions() const { return false; }
    virtual torch::nn::Module& injector() = 0;
    virtual torch::nn::Module& detector() = 0;

    const NetworkOptions& options() const { return m_options; }
    void setNominalPsnrDb(double db) { m_options.nominalPsnrDb = db; }
    void train(bool on);
    void to(torch::Device device);

    /// "injector.<name>" and "detector.<name>" of both state dicts.
    nn::TensorMap state();
    void load(const nn::TensorMap& state);

protected:
    explicit Networks(NetworkOptions options) : m_options(std::move(options)) {}
    NetworkOptions m_options;
};

/// Paper A's W (guided-diffusion U-Net, whole image through tanh) and F (ResNet-34).
class PaperNetworks : public Networks {
public:
    explicit PaperNetworks(NetworkOptions options);
    torch::Tensor residual(const torch::Tensor& image, const torch::Tensor& code) override;
    torch::Tensor embed(const torch::Tensor& image, const torch::Tensor& code,
                        const EmbeddingOptions& options) override;
    Reading read(const torch::Tensor& image, double aspect) override;
    int detectSide() const override { return m_options.workSide; }
    torch::nn::Module& injector() override { return *m_unet; }
    torch::nn::Module& detector() override { return *m_resnet; }

    /// tanh(U(x)): the signed image, [B,3,S,S]; exactly mid-grey at initialisation. x: the picture, with
    /// noise added where a step has some.
    torch::Tensor signImage(const torch::Tensor& x, const torch::Tensor& code);
    nn::ResNet& resnet() { return m_resnet; }
    /// Both networks compute their activations again for the gradient instead of keeping them.
    void setCheckpointing(bool on) { m_unet->checkpointing = m_resnet->checkpointing = on; }

private:
    nn::UNet m_unet;
    nn::ResNet m_resnet;
};

/// The U-Net of an injector of these options; with a code it takes one. M, the restoration attacker, is the
/// same without a code (paper A, section 3.3; papers.md 1.5).
nn::UNetOptions injectorUNet(const NetworkOptions& options, bool withCode);

/// Locator and (with a code) reader under one state dict.
struct CompactDetectorImpl : torch::nn::Module {
    explicit CompactDetectorImpl(const NetworkOptions& options);
    nn::Locator locator{nullptr};
    nn::CodeReader reader{nullptr};
};
TORCH_MODULE(CompactDetector);

/// Compact injector and detector. The detector works in two moves: the locator finds where in the signature's
/// own frame each part of the image lies, the reader reads the code from the image laid back into that frame
/// and corrects the alignment.
class CompactNetworks : public Networks {
public:
    explicit CompactNetworks(NetworkOptions options);
    torch::Tensor residual(const torch::Tensor& image, const torch::Tensor& code) override;
    torch::Tensor embed(const torch::Tensor& image, const torch::Tensor& code,
                        const EmbeddingOptions& options) override;
    Reading read(const torch::Tensor& image, double aspect) override;
    int detectSide() const override { return 2 * m_options.workSide; }
    torch::nn::Module& injector() override { return *m_injector; }
    torch::nn::Module& detector() override { return *m_detector; }

    /// [B,1 or 4,h,w] of the locator for an image of detectSide, or for one reduced to workSide.
    torch::Tensor locate(const torch::Tensor& image);
    torch::Tensor locateReduced(const torch::Tensor& small);
    /// The reader on an image laid into the frame by imageToFrame. coordinates = false blanks the frame's
    /// coordinates: while the first bits are learned they only distract (bit loss stays at 0.693).
    nn::CodeReading readAligned(const torch::Tensor& image, const torch::Tensor& imageToFrame,
                                bool coordinates = true);
    /// The reader on an image [B,3,workSide,workSide] that lies in the frame already.
    nn::CodeReading readFrame(const torch::Tensor& image);
    /// imageToFrame corrected by the offsets the reader found for it.
    static torch::Tensor refine(const torch::Tensor& imageToFrame, const torch::Tensor& offsets);

    /// Threads the geometries of one image are shared out to; 1 by default.
    void setSearchThreads(int threads) { m_searchThreads = threads; }

private:
    nn::CodeReading readInput(const torch::Tensor& input);
    nn::CodeReading readCandidates(const torch::Tensor& image, const torch::Tensor& candidates);

    int m_searchThreads = 1;
    nn::CompactInjector m_injector;
    CompactDetector m_detector;
};

}  // namespace signet::signature
