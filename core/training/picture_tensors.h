#pragma once

#include <torch/types.h>

#include <filesystem>
#include <vector>

#include "core/base/random.h"
#include "core/image/image.h"
#include "core/image/resample.h"

namespace signet::training {

/// How much larger than it is a signature is shown beside the picture.
inline constexpr double kShownGain = 10;

/// A copy of planes as [1,3,height,width] float32.
torch::Tensor toTensor(const image::Planes& planes);
/// An image in its own size, [1,3,height,width] in [-1,1] on the CPU.
torch::Tensor toTensor(const image::Image& image);

/// An image as an examination sees it: brought to side x side whatever its shape, [1,3,side,side] in [-1,1]
/// on the CPU.
torch::Tensor toSquare(const image::Image& image, int side);

/// The same of a file. Throws what reading and decoding throw.
torch::Tensor readSquare(const std::filesystem::path& file, int side);

/// The middle of an image, its pixels as they are, at most side x side of them: [1,3,H,W] in [-1,1] on the
/// CPU.
torch::Tensor toMiddle(const image::Image& image, int side);

/// How many uniform numbers drawnSquare() takes.
inline constexpr int kSquareDraws = 4;

/// A square of an 8-bit RGB picture, side x side: what it shows of it has a side that is uniform between
/// `side` (or the picture's short side, if smaller) and the short side and a place that is uniform, and is
/// mirrored with probability 1/2.
struct SquareDraw {
    bool crops = true;    ///< else the square in the middle, as large as the picture has it
    bool mirrors = true;  ///< else never
    bool resizes = true;  ///< else it shows the smallest such part: larger pictures' pixels stay as they are
};
image::Planes drawnSquare(const image::Image& picture, int side, StepRandom& random, SquareDraw draw = {});

/// count of the files, evenly spread over them and at most all, as squares or, not resized, as their middles.
/// One that cannot be read is left out: the loader names it.
std::vector<torch::Tensor> readSquares(const std::vector<std::filesystem::path>& files, int count, int side,
                                       bool resized = true);

/// Pictures in [-1,1], clamped and rounded to what 8 bits a pixel can say, as a file has them; [-1,1].
torch::Tensor asSaved(const torch::Tensor& pictures);

/// PSNR of two pictures in [-1,1], dB; at most 126 dB.
double psnrDb(const torch::Tensor& a, const torch::Tensor& b);

/// An 8-bit RGB image of a picture, [1,3,H,W] in [-1,1] on any device.
image::Image toImage(const torch::Tensor& picture);

/// Puts a picture, [1,3,H,W] in [-1,1] on any device, at x, y into an 8-bit RGB image.
void paste(image::Image& grid, const torch::Tensor& picture, int x, int y);

}  // namespace signet::training
