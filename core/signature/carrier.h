#pragma once

#include <torch/types.h>

#include <cstdint>

namespace signet::signature {

class PatternBand;

/// How a keyed signature is laid over a picture: in the picture's own proportions, `chips` chips on its short
/// side, by a tile of tile x tile chips that repeats from the top left corner on. The tile is a sum of real
/// Fourier modes of its torus whose frequency lies in a band, so that the folded tile of a picture that knows
/// nothing of the key has the same distribution in every direction of the band.
struct CarrierShape {
    int chips = 96;
    int tile = 32;
    double lowest = 2, highest = 11;  ///< of the band, cycles a tile

    bool operator==(const CarrierShape&) const = default;
    /// Throws BadOption, see PatternBand.
    PatternBand band() const;
};

/// The functions of the carrier's band (PatternBand), [N, tile * tile] float32.
torch::Tensor bandModes(const CarrierShape& shape);

/// Patterns of random keys, for training: `bits + 1` orthonormal vectors in the band, uniformly distributed
/// (QR of a Gaussian matrix), [images, N, bits + 1]; the first is the synchronisation pattern. What is drawn
/// for an image depends on (seed, firstImage + its number) alone.
torch::Tensor drawPatterns(std::int64_t images, std::int64_t modes, int bits, std::uint64_t seed,
                           std::int64_t firstImage);

/// The carrier of each code in its patterns, of unit length: [B,N]. signs: [B,bits] of -1/+1.
torch::Tensor carrierOf(const torch::Tensor& patterns, const torch::Tensor& signs);

/// The tiles of band coefficients [B,N], repeated over rows x
/// columns chips: [B,1,rows,columns].
torch::Tensor layOut(const torch::Tensor& coefficients, const torch::Tensor& modes, const CarrierShape& shape,
                     std::int64_t rows, std::int64_t columns);

/// The chips of an estimate [B,1,h,w] summed over the tiles they lie in, each shared out to the four nearest
/// places of the tile: [B, tile * tile]. places: where they lie in the frame, x and y in chips, [B,2,h * w]
/// on the CPU; the frame's first chip has its centre at (0.5, 0.5). The gradient goes to the estimate.
torch::Tensor fold(const torch::Tensor& estimate, const torch::Tensor& places, int tile);

}  // namespace signet::signature
