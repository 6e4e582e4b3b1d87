#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <future>
#include <numbers>
#include <utility>
#include <vector>

#include "core/nn/channels_last.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/signature/geometry.h"
#include "core/signature/informed_embedding.h"
#include "core/signature/networks.h"

namespace signet::signature {
namespace {

constexpr double kAffineLimit = 3;         ///< entries of a located map beyond this are misreadings
constexpr std::int64_t kLeastAThread = 4;  ///< geometries worth a thread of their own
constexpr double kClearReading =
    4.0;  ///< the reader's share of the presence logit from which no further geometry is tried
/// The locator's share from which the rarer geometries are tried as well: few images without a signature
/// reach it, so that these are examined as fast as before.
constexpr double kPerhapsSeen = -7.0;

using torch::Tensor;
using torch::indexing::Slice;

/// [K,2,3] maps with these linear parts [a b; c d] and no offset.
Tensor centredMaps(const std::vector<std::array<double, 4>>& maps) {
    auto result = torch::zeros({static_cast<std::int64_t>(maps.size()), 2, 3});
    for (std::size_t i = 0; i < maps.size(); ++i) {
        const auto k = static_cast<std::int64_t>(i);
        result[k][0][0] = maps[i][0];
        result[k][0][1] = maps[i][1];
        result[k][1][0] = maps[i][2];
        result[k][1][1] = maps[i][3];
    }
    return result;
}

/// Turned about the centre, mirrored before with mirror = -1: a rotation in pixels seen in the normalised
/// coordinates of an image of width/height = aspect, S^-1 R S with S = diag(width, height).
std::array<double, 4> turned(double degrees, double aspect, int mirror = 1) {
    const double angle = degrees * std::numbers::pi / 180;
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {mirror * c, -mirror * s / aspect, s * aspect, c};
}

/// Geometries tried when the image as it is and as located does not read clearly: mirrored, turned, cut about
/// the centre and enlarged. The reader tolerates a misplacement of 0.03 to 0.04, which sets the steps.
/// [K,2,3] image-to-frame maps.
Tensor searchedGeometries(double aspect) {
    std::vector<std::array<double, 4>> maps{{-1, 0, 0, 1}};
    for (int degrees = 4; degrees <= 16; degrees += 4) {
        for (const int sign : {-1, 1}) maps.push_back(turned(sign * degrees, aspect));
    }
    for (const double side : {0.93, 0.86, 0.79, 0.72}) maps.push_back({side, 0, 0, side});
    return centredMaps(maps);
}

/// What is tried besides where the locator may see a signature that still does not read: turned further, and
/// mirrored and turned.
Tensor rarerGeometries(double aspect) {
    std::vector<std::array<double, 4>> maps;
    for (int degrees = 4; degrees <= 28; degrees += 4) {
        for (const int sign : {-1, 1}) {
            if (degrees > 16) maps.push_back(turned(sign * degrees, aspect));
            maps.push_back(turned(sign * degrees, aspect, -1));
        }
    }
    return centredMaps(maps);
}

/// The best of some geometries of one image, with what is read there.
struct Candidate {
    Tensor imageToFrame;  ///< [1,2,3]
    nn::CodeReading reading;
    double clarity =
        0;  ///< the reader's share of the presence logit: it is trained to be low where the geometry is wrong

    bool clearerThan(const Candidate& other) const { return clarity > other.clarity; }
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
                         static_cast<torch::nn::Module*>(m_detector.get())})
        nn::keepChannelsLast(*module);
}

Tensor CompactNetworks::residual(const Tensor& image, const Tensor& code) {
    const auto raw = m_injector(nn::channelsLast(torch::avg_pool2d(image, 2)), code).to(torch::kFloat32);
    // The residual's root mean square is set, so its PSNR is exact: 20 log10(2 / rms) in [-1,1] units.
    const auto rms = raw.square().mean({1, 2, 3}, true).sqrt() + 1e-8;
    return raw / rms * (2 * std::pow(10.0, -m_options.nominalPsnrDb / 20));
}

Tensor CompactNetworks::embed(const Tensor& image, const Tensor& code, const EmbeddingOptions& options) {
    const auto plain = residual(image, code) * options.strength;
    return options.informed ? informResidual(*this, image, plain, code) : plain;
}

Tensor CompactNetworks::locate(const Tensor& image) {
    return locateReduced(torch::avg_pool2d(image, 2));
}

Tensor CompactNetworks::locateReduced(const Tensor& small) {
    return m_detector->locator(nn::channelsLast(small)).to(torch::kFloat32);
}

nn::CodeReading CompactNetworks::readInput(const Tensor& input) {
    auto reading = m_detector->reader(nn::channelsLast(input));
    return {reading.bits.to(torch::kFloat32), reading.presence.to(torch::kFloat32),
            reading.offsets.to(torch::kFloat32)};
}

nn::CodeReading CompactNetworks::readFrame(const Tensor& image) {
    return readInput(inFrame(image));
}

nn::CodeReading CompactNetworks::readAligned(const Tensor& image, const Tensor& imageToFrame,
                                             bool coordinates) {
    auto input = alignToFrame(image, imageToFrame, m_options.workSide);
    if (!coordinates) input.slice(1, 4, 6).zero_();
    return readInput(input);
}

nn::CodeReading CompactNetworks::readCandidates(const Tensor& image, const Tensor& candidates) {
    // Threads of our own, each with single-threaded operators: the operators are too small for OpenMP, whose
    // spinning teams stall when another program takes a core.
    const auto count = candidates.size(0);
    const auto parts = std::clamp<std::int64_t>(count / kLeastAThread, 1, m_searchThreads);
    const auto read = [&](std::int64_t part) {
        nn::useThisThreadAlone();
        const torch::NoGradGuard guard;
        const nn::Bf16Guard bf16(nn::processorHasBf16());
        const auto maps = candidates.slice(0, part * count / parts, (part + 1) * count / parts);
        return readAligned(image.expand({maps.size(0), -1, -1, -1}), maps);
    };
    std::vector<std::future<nn::CodeReading>> others;
    for (std::int64_t part = 1; part < parts; ++part)
        others.push_back(std::async(std::launch::async, read, part));
    std::vector<Tensor> bits, presence, offsets;
    const auto append = [&](const nn::CodeReading& reading) {
        bits.push_back(reading.bits);
        presence.push_back(reading.presence);
        offsets.push_back(reading.offsets);
    };
    append(read(0));
    for (auto& other : others) append(other.get());
    return {torch::cat(bits), torch::cat(presence), torch::cat(offsets)};
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

Reading CompactNetworks::read(const Tensor& image, double aspect) {
    const torch::NoGradGuard guard;
    const auto located = locate(image);
    const auto cells = located.select(1, 0);
    Reading result{cells.mean({1, 2}), cells, {}, identityAffine(image.size(0)), 1};
    if (!m_options.hasCode()) return result;

    std::vector<Tensor> presence, bits, maps;
    for (std::int64_t i = 0; i < image.size(0); ++i) {
        const auto one = image.slice(0, i, i + 1);
        int tried = 0;
        const auto best = [&](const Tensor& candidates) {
            tried += static_cast<int>(candidates.size(0));
            const auto reading = readCandidates(one, candidates);
            const auto [clarity, index] = reading.presence.max(0);
            const auto k = index.item<std::int64_t>();
            const auto pick = [&](const Tensor& t) { return t.slice(0, k, k + 1); };
            return Candidate{pick(candidates),
                             {pick(reading.bits), pick(reading.presence), pick(reading.offsets)},
                             clarity.item<double>()};
        };
        const auto keepClearer = [](Candidate& kept, Candidate other) {
            if (other.clearerThan(kept)) kept = std::move(other);
        };
        Candidate chosen = best(torch::cat(
            {identityAffine(1), fitAffine(located.slice(0, i, i + 1)).clamp(-kAffineLimit, kAffineLimit)}));
        if (chosen.clarity < kClearReading) {
            keepClearer(chosen, best(searchedGeometries(aspect)));
            keepClearer(chosen, best(refine(chosen.imageToFrame, chosen.reading.offsets)));
        }
        if (chosen.clarity < kClearReading && cells.slice(0, i, i + 1).mean().item<double>() > kPerhapsSeen) {
            Candidate rarer = best(rarerGeometries(aspect));
            keepClearer(rarer, best(refine(rarer.imageToFrame, rarer.reading.offsets)));
            keepClearer(chosen, std::move(rarer));
        }
        // The search may compute in bf16; what is reported is read in float32.
        const auto reading = readAligned(one, chosen.imageToFrame);
        presence.push_back(reading.presence);
        bits.push_back(reading.bits);
        maps.push_back(chosen.imageToFrame);
        result.geometriesTried = std::max(result.geometriesTried, tried);
    }
    result.presence = result.presence + torch::cat(presence);
    result.bits = torch::cat(bits);
    result.imageToFrame = torch::cat(maps);
    return result;
}

}  // namespace signet::signature
