#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace signet::metrics {

/// One measured value of a training run.
struct CurvePoint {
    std::uint64_t step = 0;    ///< optimiser steps done
    std::uint64_t images = 0;  ///< training images seen
    double seconds = 0;        ///< process time: without queue and pauses
    double value = 0;          ///< NaN and infinities are kept and drawn as gaps
};

enum class CurveAxis { Step, Images, Seconds };

struct ValueRange {
    double lowest = 0;
    double highest = 0;
};

/// The points of a curve by rising step; images and seconds never fall. 32 bytes a point, in chunks: a point
/// never moves, so that appending has no slow moments and a snapshot costs next to nothing. Not thread-safe,
/// but a snapshot may be read by another thread meanwhile.
class CurvePoints {
public:
    CurvePoints() = default;
    CurvePoints(const CurvePoints&) = delete;
    CurvePoints& operator=(const CurvePoints&) = delete;
    CurvePoints(CurvePoints&&) = default;
    CurvePoints& operator=(CurvePoints&&) = default;

    std::size_t size() const { return m_size; }

    /// point.step must be larger than the last one's. Images and seconds smaller than the last point's, or
    /// seconds that are no number, are raised to it.
    void push(const CurvePoint& point);

    /// Keeps the first count points.
    void truncate(std::size_t count);

    double x(CurveAxis axis, std::size_t index) const { return at(static_cast<std::size_t>(axis), index); }
    double value(std::size_t index) const { return at(kValue, index); }
    CurvePoint point(std::size_t index) const;

    /// The first index in [from, size()) whose x is not below (or, after, above) x; size() if there is none.
    std::size_t firstFrom(CurveAxis axis, double x, std::size_t from = 0) const;
    /// firstFrom where the answer is probably near guess (at least from): a few looks instead of log2(n).
    std::size_t firstNear(CurveAxis axis, double x, std::size_t from, std::size_t guess) const;
    std::size_t firstAfter(CurveAxis axis, double x, std::size_t from = 0) const;

    /// The nearest-rank percentiles lower and upper (0 to 100) of the finite values in [first, last), rounded
    /// outwards by at most a millionth of themselves; none where no value is finite. Two passes, no copy; of
    /// more than kMaxRanked values every second (third, ...), which moves a rank by less than 0.1 %.
    static constexpr std::size_t kMaxRanked = 1 << 18;
    std::optional<ValueRange> percentileRange(std::size_t first, std::size_t last, double lower,
                                              double upper) const;

    /// The points as they are now; not changed by what happens here later.
    std::shared_ptr<const CurvePoints> snapshot() const;

private:
    static constexpr std::size_t kChunk = 2048;
    static constexpr std::size_t kValue = 3;
    using Chunk = std::array<std::array<double, kChunk>, 4>;  // step, images, seconds, value

    double at(std::size_t column, std::size_t index) const {
        return (*m_chunks[index / kChunk])[column][index % kChunk];
    }

    std::size_t m_size = 0;
    std::vector<std::shared_ptr<Chunk>> m_chunks;
};

}  // namespace signet::metrics
