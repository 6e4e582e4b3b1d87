#include <torch/torch.h>

#include "core/signature/geometry.h"
#include "core/signature/networks.h"

namespace signet::signature {
namespace {

constexpr int kRefinements = 2;
constexpr double kAffineLimit = 3;  ///< entries of a located map beyond this are misreadings

using torch::Tensor;
using torch::indexing::Slice;

/// One candidate geometry, refined, with what the reader says there.
struct Candidate {
    Tensor imageToFrame;
    nn::CodeReading reading;
    Tensor merit;  ///< [B] how clearly a signature is read there: presence share + mean absolute bit logit
};

}  // namespace

CompactDetectorImpl::CompactDetectorImpl(const NetworkOptions& options) {
    locator = register_module("locator", nn::Locator(options.detectorWidths, options.hasCode()));
    if (options.hasCode())
        reader = register_module("reader", nn::CodeReader(options.detectorWidths, options.bits));
}

CompactNetworks::CompactNetworks(NetworkOptions options)
    : Networks(std::move(options)),
      m_injector(nn::CompactInjectorOptions{.bits = m_options.hasCode() ? m_options.bits : 0,
                                            .widths = m_options.injectorWidths}),
      m_detector(m_options) {
    for (auto* module : {static_cast<torch::nn::Module*>(m_injector.get()),
                         static_cast<torch::nn::Module*>(m_detector.get())}) {
        for (auto& parameter : module->parameters()) {
            if (parameter.dim() == 4)
                parameter.set_data(parameter.data().contiguous(at::MemoryFormat::ChannelsLast));
        }
    }
}

Tensor CompactNetworks::residual(const Tensor& x, const Tensor& code) {
    const auto raw = m_injector(x.contiguous(at::MemoryFormat::ChannelsLast), code).to(torch::kFloat32);
    // The residual's root mean square is set, so its PSNR is exact: 20 log10(2 / rms) in [-1,1] units.
    const auto rms = raw.square().mean({1, 2, 3}, true).sqrt() + 1e-8;
    return raw / rms * (2 * std::pow(10.0, -m_options.nominalPsnrDb / 20));
}

Tensor CompactNetworks::locate(const Tensor& image) {
    return m_detector->locator(torch::avg_pool2d(image, 2).contiguous(at::MemoryFormat::ChannelsLast))
        .to(torch::kFloat32);
}

nn::CodeReading CompactNetworks::readAligned(const Tensor& image, const Tensor& imageToFrame,
                                             bool coordinates) {
    auto input = alignToFrame(image, imageToFrame, m_options.workSide);
    if (!coordinates) input.slice(1, 4, 6).zero_();
    auto reading = m_detector->reader(input.contiguous(at::MemoryFormat::ChannelsLast));
    return {reading.bits.to(torch::kFloat32), reading.presence.to(torch::kFloat32),
            reading.offsets.to(torch::kFloat32)};
}

Tensor CompactNetworks::refine(const Tensor& imageToFrame, const Tensor& offsets) {
    // The reader says by how much a frame cell is off; as absolute places these are what fitAffine takes.
    const auto rows = offsets.size(2);
    const auto columns = offsets.size(3);
    const auto centres =
        cellCentres(rows, columns).index({Slice(0, 2)}).view({1, 2, rows, columns}).to(offsets.device());
    const auto places = torch::cat(
        {torch::zeros_like(offsets.slice(1, 0, 1)), offsets.slice(1, 0, 2) + centres, offsets.slice(1, 2, 3)},
        1);
    return composeAffine(fitAffine(places), imageToFrame.to(torch::kCPU)).clamp(-kAffineLimit, kAffineLimit);
}

Reading CompactNetworks::read(const Tensor& image) {
    const torch::NoGradGuard guard;
    const auto located = locate(image);
    const auto cells = located.select(1, 0);
    Reading result{cells.mean({1, 2}), cells, {}, identityAffine(image.size(0)), 1};
    if (!m_options.hasCode()) return result;

    const auto follow = [&](Tensor imageToFrame) {
        auto reading = readAligned(image, imageToFrame);
        for (int i = 0; i < kRefinements; ++i) {
            imageToFrame = refine(imageToFrame, reading.offsets);
            reading = readAligned(image, imageToFrame);
        }
        return Candidate{imageToFrame, reading, reading.presence + reading.bits.abs().mean(1)};
    };
    const Candidate found = follow(fitAffine(located).clamp(-kAffineLimit, kAffineLimit));
    const Candidate plain = follow(identityAffine(image.size(0)));
    const auto better = (found.merit > plain.merit).to(torch::kCPU);
    const auto choose = [&](const Tensor& a, const Tensor& b) {
        std::vector<std::int64_t> shape(static_cast<std::size_t>(a.dim()), 1);
        shape[0] = a.size(0);
        return torch::where(better.to(a.device()).view(shape), a, b);
    };
    result.presence = result.presence + choose(found.reading.presence, plain.reading.presence);
    result.bits = choose(found.reading.bits, plain.reading.bits);
    result.imageToFrame = choose(found.imageToFrame, plain.imageToFrame);
    result.hypotheses = 2;
    return result;
}

}  // namespace signet::signature
