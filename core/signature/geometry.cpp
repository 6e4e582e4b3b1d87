#include "core/signature/geometry.h"

#include <torch/torch.h>

namespace signet::signature {

using torch::Tensor;
using torch::indexing::Slice;

namespace {
constexpr double kCauchyScale = 0.15;
constexpr int kReweightings = 2;
constexpr double kRidge = 1e-6;

Tensor linearPart(const Tensor& affine) {
    return affine.index({Slice(), Slice(), Slice(0, 2)});
}
/// The frame's x and y as two further channels of a square picture.
Tensor withCoordinates(const Tensor& pixels) {
    const auto size = pixels.size(2);
    const auto axis = (torch::arange(size, pixels.options()) + 0.5) * (2.0 / static_cast<double>(size)) - 1;
    const auto x = axis.view({1, 1, 1, size}).expand({pixels.size(0), 1, size, size});
    const auto y = axis.view({1, 1, size, 1}).expand({pixels.size(0), 1, size, size});
    return torch::cat({pixels, x, y}, 1);
}
Tensor offsetPart(const Tensor& affine) {
    return affine.index({Slice(), Slice(), Slice(2, 3)});
}
}  // namespace

Tensor identityAffine(std::int64_t batch) {
    return torch::eye(2, 3).unsqueeze(0).repeat({batch, 1, 1});
}

Tensor invertAffine(const Tensor& affine) {
    const auto a = linearPart(affine);
    const auto determinant = a.select(1, 0).select(1, 0) * a.select(1, 1).select(1, 1) -
                             a.select(1, 0).select(1, 1) * a.select(1, 1).select(1, 0);
    const auto safe = torch::where(determinant.abs() < 0.05,
                                   torch::where(determinant < 0, -0.05, 0.05).to(a.dtype()), determinant);
    const auto adjugate =
        torch::stack({torch::stack({a.select(1, 1).select(1, 1), -a.select(1, 0).select(1, 1)}, 1),
                      torch::stack({-a.select(1, 1).select(1, 0), a.select(1, 0).select(1, 0)}, 1)},
                     1);
    const auto inverse = adjugate / safe.view({-1, 1, 1});
    return torch::cat({inverse, -torch::matmul(inverse, offsetPart(affine))}, 2);
}

Tensor composeAffine(const Tensor& outer, const Tensor& inner) {
    return torch::cat({torch::matmul(linearPart(outer), linearPart(inner)),
                       torch::matmul(linearPart(outer), offsetPart(inner)) + offsetPart(outer)},
                      2);
}

Tensor warp(const Tensor& x, const Tensor& affine, std::int64_t size) {
    const auto grid =
        torch::affine_grid_generator(affine.to(x.device()), {x.size(0), x.size(1), size, size}, false);
    return torch::grid_sampler(x, grid, /*bilinear*/ 0, /*zeros*/ 0, false);
}

Tensor cellCentres(std::int64_t rows, std::int64_t columns) {
    const auto axis = [](std::int64_t n) {
        return (torch::arange(n, torch::kFloat32) + 0.5) * (2.0 / static_cast<double>(n)) - 1;
    };
    const auto y = axis(rows).view({-1, 1}).expand({rows, columns});
    const auto x = axis(columns).view({1, -1}).expand({rows, columns});
    return torch::stack({x, y, torch::ones({rows, columns})}).reshape({3, -1});
}

Tensor fitAffine(const Tensor& locator) {
    const torch::NoGradGuard guard;
    const auto batch = locator.size(0);
    const auto readings = locator.detach().to(torch::kCPU, torch::kFloat64);
    const auto target = readings.index({Slice(), Slice(1, 3)}).reshape({batch, 2, -1});
    const auto prior = torch::exp(-readings.select(1, 3).clamp(-6, 4)).reshape({batch, 1, -1});
    const auto centres = cellCentres(locator.size(2), locator.size(3))
                             .to(torch::kFloat64)
                             .unsqueeze(0)
                             .expand({batch, -1, -1});
    const auto ridge = kRidge * torch::eye(3, torch::kFloat64);
    auto weight = prior;
    Tensor affine;
    for (int i = 0;; ++i) {
        const auto weighted = centres * weight;
        const auto normal = torch::matmul(weighted, centres.transpose(1, 2)) + ridge;
        const auto moments = torch::matmul(target * weight, centres.transpose(1, 2));
        affine = torch::matmul(moments, torch::linalg_inv(normal));
        if (i == kReweightings) break;
        const auto residual = (torch::matmul(affine, centres) - target).norm(2, {1}, true);
        weight = prior / (1 + (residual / kCauchyScale).square());
    }
    return affine.to(torch::kFloat32);
}

Tensor alignToFrame(const Tensor& image, const Tensor& imageToFrame, std::int64_t size) {
    const auto frameToImage = invertAffine(imageToFrame);
    const auto cover = torch::ones({image.size(0), 1, image.size(2), image.size(3)}, image.options());
    return withCoordinates(warp(torch::cat({image, cover}, 1), frameToImage, size));
}

Tensor inFrame(const Tensor& image) {
    return withCoordinates(torch::cat(
        {image, torch::ones({image.size(0), 1, image.size(2), image.size(3)}, image.options())}, 1));
}

}  // namespace signet::signature
