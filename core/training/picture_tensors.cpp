#include "core/training/picture_tensors.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/decode.h"

namespace signet::training {
namespace {

image::Image cutSquare(const image::Image& picture, int x, int y, int side, bool mirrored) {
    image::Image out = image::makeImage(side, side, 3);
    const std::size_t width = static_cast<std::size_t>(side);
    for (int row = 0; row < side; ++row) {
        const std::uint8_t* from = picture.data.data() + (static_cast<std::size_t>(y + row) *
                                                              static_cast<std::size_t>(picture.width) +
                                                          static_cast<std::size_t>(x)) *
                                                             3;
        std::uint8_t* to = out.data.data() + static_cast<std::size_t>(row) * width * 3;
        if (!mirrored) {
            std::memcpy(to, from, width * 3);
        } else {
            for (std::size_t i = 0; i < width; ++i) std::memcpy(to + 3 * i, from + 3 * (width - 1 - i), 3);
        }
    }
    return out;
}

image::Image readRgb8(const std::filesystem::path& file) {
    return image::toRgb8(image::decode(readFile(file)).image);
}

}  // namespace

torch::Tensor toTensor(const image::Planes& planes) {
    return torch::from_blob(const_cast<float*>(planes.data.data()), {1, 3, planes.height, planes.width},
                            torch::kFloat32)
        .clone();
}

torch::Tensor toTensor(const image::Image& image) {
    return toTensor(image::toPlanes(image, image.width, image.height));
}

torch::Tensor toSquare(const image::Image& image, int side) {
    return toTensor(image::toPlanes(image, side, side));
}

torch::Tensor toMiddle(const image::Image& image, int side) {
    const auto whole = toTensor(image::toPlanes(image, image.width, image.height));
    const auto middle = [&](const torch::Tensor& x, std::int64_t dimension) {
        const auto length = std::min<std::int64_t>(side, x.size(dimension));
        return x.narrow(dimension, (x.size(dimension) - length) / 2, length);
    };
    return middle(middle(whole, 2), 3).contiguous();
}

torch::Tensor readSquare(const std::filesystem::path& file, int side) {
    return toSquare(readRgb8(file), side);
}

image::Planes drawnSquare(const image::Image& picture, int side, StepRandom& random, SquareDraw draw) {
    const int shortSide = std::min(picture.width, picture.height);
    const int least = std::min(side, shortSide);
    int chosen = random.between(least, shortSide);
    if (!draw.resizes) chosen = least;
    int x = random.between(0, picture.width - chosen);
    int y = random.between(0, picture.height - chosen);
    if (!draw.crops) {
        chosen = shortSide;
        x = (picture.width - shortSide) / 2;
        y = (picture.height - shortSide) / 2;
    }
    const bool mirrored = random.chance(0.5) && draw.mirrors;
    return image::toPlanes(cutSquare(picture, x, y, chosen, mirrored), side, side);
}

std::vector<torch::Tensor> readSquares(const std::vector<std::filesystem::path>& files, int count, int side,
                                       bool resized) {
    const auto wanted = std::min(files.size(), static_cast<std::size_t>(std::max(0, count)));
    std::vector<torch::Tensor> pictures;
    for (std::size_t i = 0; i < wanted; ++i) {
        try {
            const auto picture = readRgb8(files[i * files.size() / wanted]);
            pictures.push_back(resized ? toSquare(picture, side) : toMiddle(picture, side));
        } catch (const Error&) {  // left out
        }
    }
    return pictures;
}

torch::Tensor asSaved(const torch::Tensor& pictures) {
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1;
}

double psnrDb(const torch::Tensor& a, const torch::Tensor& b) {
    return 10 * std::log10(4 / std::max(1e-12, (a - b).square().mean().item<double>()));
}

image::Image toImage(const torch::Tensor& picture) {
    auto image = image::makeImage(static_cast<int>(picture.size(3)), static_cast<int>(picture.size(2)), 3);
    paste(image, picture, 0, 0);
    return image;
}

void paste(image::Image& grid, const torch::Tensor& picture, int x, int y) {
    const auto levels = ((picture[0] + 1) * 127.5)
                            .round()
                            .clamp(0, 255)
                            .to(torch::kCPU, torch::kUInt8)
                            .permute({1, 2, 0})
                            .contiguous();
    const auto height = static_cast<std::size_t>(levels.size(0));
    const auto width = static_cast<std::size_t>(levels.size(1));
    for (std::size_t row = 0; row < height; ++row) {
        const auto* from = levels.data_ptr<std::uint8_t>() + row * width * 3;
        const auto at = (static_cast<std::size_t>(y) + row) * static_cast<std::size_t>(grid.width) +
                        static_cast<std::size_t>(x);
        std::copy(from, from + width * 3, grid.data.begin() + static_cast<std::ptrdiff_t>(at * 3));
    }
}

}  // namespace signet::training
