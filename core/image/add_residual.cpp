#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <system_error>
#include <thread>

#include "core/base/error.h"
#include "core/image/resample.h"
#include "core/image/simd.h"

namespace signet::image {
namespace {

constexpr std::size_t kMinSamplesAThread = 1u << 18;
constexpr std::size_t kBlock = 4096;  ///< samples whose squared 8-bit differences fit into 32 bits

constexpr float kMostChange = 65536.0f;  ///< beyond it a sample is black or white anyway

/// Bilinear position on one axis: value = a + (b - a) * fraction with a at first, b at second.
struct Position {
    int first;
    int second;
    float fraction;
};

Position positionOf(int i, int from, int to) {
    const double centre = std::clamp((i + 0.5) * from / to - 0.5, 0.0, from - 1.0);
    const int first = static_cast<int>(centre);
    return {first, std::min(first + 1, from - 1), static_cast<float>(centre - first)};
}

/// A row of the residual at the image's width and in the image's units, interleaved like the image: alpha
/// gets 0, grey the mean of the planes.
void expandRow(const Planes& residual, int y, const std::vector<Position>& columns, int channels, float gain,
               std::vector<float>& out) {
    const std::size_t plane =
        static_cast<std::size_t>(residual.width) * static_cast<std::size_t>(residual.height);
    const float* row =
        residual.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(residual.width);
    float* to = out.data();
    for (const Position& at : columns) {
        float value[3];
        for (std::size_t c = 0; c < 3; ++c) {
            const float a = row[c * plane + static_cast<std::size_t>(at.first)];
            const float b = row[c * plane + static_cast<std::size_t>(at.second)];
            const float change = gain * (a + (b - a) * at.fraction);
            value[c] = std::isfinite(change) ? std::clamp(change, -kMostChange, kMostChange) : 0.0f;
        }
        if (channels == 1) {
            *to++ = (value[0] + value[1] + value[2]) / 3.0f;
            continue;
        }
        *to++ = value[0];
        *to++ = value[1];
        *to++ = value[2];
        if (channels == 4) *to++ = 0.0f;
    }
}

/// The change of one sample, rounded to nearest; without branches, so that the row loops become SIMD code.
inline int roundedChange(float upper, float lower, float fraction) {
    const float change = upper + (lower - upper) * fraction;
    return static_cast<int>(change + std::copysign(0.5f, change));
}

/// to = from + the rounded change, clamped; returns the sum of squared changes of at most kBlock samples.
SIGNET_SIMD std::uint32_t addBlock(const std::uint8_t* __restrict from, const float* __restrict upper,
                                   const float* __restrict lower, float fraction, std::size_t count,
                                   std::uint8_t* __restrict to) {
    std::uint32_t squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int before = from[i];
        const int after = std::clamp(before + roundedChange(upper[i], lower[i], fraction), 0, 255);
        to[i] = static_cast<std::uint8_t>(after);
        squares += static_cast<std::uint32_t>((after - before) * (after - before));
    }
    return squares;
}

SIGNET_SIMD std::uint64_t addBlock(const std::uint16_t* __restrict from, const float* __restrict upper,
                                   const float* __restrict lower, float fraction, std::size_t count,
                                   std::uint16_t* __restrict to) {
    std::uint64_t squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int before = from[i];
        const int after = std::clamp(before + roundedChange(upper[i], lower[i], fraction), 0, 65535);
        to[i] = static_cast<std::uint16_t>(after);
        const auto change = static_cast<std::uint32_t>(std::abs(after - before));
        squares += static_cast<std::uint64_t>(change) * change;
    }
    return squares;
}

/// What every band of rows shares.
struct Job {
    const Planes& residual;
    std::vector<Position> columns;
    int height;
    int channels;
    float gain;  ///< residual units to sample units, times the strength
};

/// Rows begin..end; returns the sum of squared changes in sample units.
template <typename Sample>
std::uint64_t addRows(const Job& job, int begin, int end, std::vector<float>& upper,
                      std::vector<float>& lower, const Sample* from, Sample* to) {
    const std::size_t stride = upper.size();
    int upperRow = -1, lowerRow = -1;
    std::uint64_t squares = 0;
    for (int y = begin; y < end; ++y) {
        const Position at = positionOf(y, job.residual.height, job.height);
        if (at.first != upperRow) {
            if (at.first == lowerRow) {
                upper.swap(lower);
                std::swap(upperRow, lowerRow);
            } else {
                expandRow(job.residual, at.first, job.columns, job.channels, job.gain, upper);
                upperRow = at.first;
            }
        }
        if (at.second != lowerRow) {
            expandRow(job.residual, at.second, job.columns, job.channels, job.gain, lower);
            lowerRow = at.second;
        }
        const std::size_t row = static_cast<std::size_t>(y) * stride;
        for (std::size_t x = 0; x < stride; x += kBlock)
            squares += addBlock(from + row + x, upper.data() + x, lower.data() + x, at.fraction,
                                std::min(kBlock, stride - x), to + row + x);
    }
    return squares;
}

}  // namespace

Image addResidual(const Image& image, const Planes& residual, float strength, int threads,
                  double* squaredError) {
    const std::size_t plane =
        static_cast<std::size_t>(residual.width) * static_cast<std::size_t>(residual.height);
    if (plane == 0 || residual.data.size() != 3 * plane)
        throw Error(ErrorCode::Internal, "a residual is inconsistent");
    const float full = image.depth == 16 ? 65535.0f : 255.0f;
    Job job{residual, {}, image.height, image.channels, strength * full / 2.0f};
    job.columns.reserve(static_cast<std::size_t>(image.width));
    for (int x = 0; x < image.width; ++x) job.columns.push_back(positionOf(x, residual.width, image.width));

    const int useful = static_cast<int>(std::min<std::size_t>(image.sampleCount() / kMinSamplesAThread, 256));
    const int bands = std::clamp(std::min(threads, useful), 1, std::max(image.height, 1));
    Image out = makeImage(image.width, image.height, image.channels, image.depth);
    const std::size_t stride = job.columns.size() * static_cast<std::size_t>(image.channels);
    // all memory is taken here: an exception in a worker could not be caught
    std::vector<std::vector<float>> rows(2 * static_cast<std::size_t>(bands), std::vector<float>(stride));
    std::atomic<std::uint64_t> squares{0};
    const auto work = [&](int band) {
        const int begin = static_cast<int>(static_cast<std::int64_t>(image.height) * band / bands);
        const int end = static_cast<int>(static_cast<std::int64_t>(image.height) * (band + 1) / bands);
        std::vector<float>& upper = rows[2 * static_cast<std::size_t>(band)];
        std::vector<float>& lower = rows[2 * static_cast<std::size_t>(band) + 1];
        squares += image.depth == 16
                       ? addRows(job, begin, end, upper, lower, image.samples16(), out.samples16())
                       : addRows(job, begin, end, upper, lower, image.data.data(), out.data.data());
    };
    {
        std::vector<std::jthread> workers;
        workers.reserve(static_cast<std::size_t>(bands));
        for (int band = 1; band < bands; ++band) {
            try {
                workers.emplace_back(work, band);
            } catch (const std::system_error&) {  // no more threads: do it here
                work(band);
            }
        }
        work(0);
    }
    if (squaredError) {
        const double unit = image.depth == 16 ? 257.0 * 257.0 : 1.0;
        const double repeats = image.channels == 1 ? 3.0 : 1.0;  // grey stands for three equal samples
        *squaredError = static_cast<double>(squares.load()) / unit * repeats;
    }
    return out;
}

}  // namespace signet::image
