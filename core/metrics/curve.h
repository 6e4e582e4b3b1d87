#pragma once

#include <deque>
#include <span>

#include "core/metrics/curve_points.h"
#include "core/metrics/ema.h"
#include "core/metrics/extrema_pyramid.h"

namespace signet::metrics {

inline constexpr double kMaxSmoothing = 0.99;

/// Which of a curve's two lines.
enum class CurveLine { Raw, Smoothed };

/// One curve of a plot: all its points, their debiased moving average, and an index of both that thins any
/// range for drawing without losing an extremum. About 43 bytes a point. Not thread-safe; points().snapshot()
/// may go to another thread.
///
/// The average is computed on all points, never on thinned ones. Appending keeps it up to date; a change of
/// the smoothing recomputes it in steps of the caller's choice (setSmoothing, then smoothSome until true), so
/// that a GUI thread stays responsive.
class Curve {
public:
    const CurvePoints& points() const { return m_points; }
    std::size_t size() const { return m_points.size(); }
    double raw(std::size_t index) const { return m_points.value(index); }
    /// index < smoothedSize()
    double smoothed(std::size_t index) const { return m_smoothed[index]; }
    /// How many points the average has reached; size() except while it is recomputed.
    std::size_t smoothedSize() const { return m_smoothed.size(); }
    double smoothing() const { return m_ema.smoothing(); }

    /// Amortised O(1) a point. A step that is not larger than the last one is a repeat after a resume: the
    /// points from that step on are superseded and removed. Returns how many.
    std::size_t append(std::span<const CurvePoint> points);

    /// Removes the points after step.
    void truncateAfter(std::uint64_t step);

    /// Forgets the average; smoothSome computes it anew. Throws BadOption outside 0 to kMaxSmoothing.
    void setSmoothing(double smoothing);
    /// Takes the average at most maxPoints further; true when it has reached the last point.
    bool smoothSome(std::size_t maxPoints);

    /// The points to draw, as rising indices: for each column [edges[c], edges[c+1]) (the last one includes
    /// its upper edge) the lowest and the highest point, or all points if there are at most two a column;
    /// before and after them the neighbours outside, and always the last point inside. A column without any
    /// finite value gives one such point, the gap to draw. edges rises, at least two.
    std::vector<std::uint32_t> thin(CurveLine line, CurveAxis axis, std::span<const double> edges) const;

    /// One index for each column in which some raw value is 0 or below: what a logarithmic axis puts on its
    /// floor.
    std::vector<std::uint32_t> thinNonPositive(CurveAxis axis, std::span<const double> edges) const;

    /// Extremes of the points [first, last).
    Extrema extrema(CurveLine line, std::size_t first, std::size_t last) const;
    std::size_t countNonPositive(std::size_t first, std::size_t last) const;
    std::size_t countNonFinite(std::size_t first, std::size_t last) const;

    /// The last point at or before step; none if all are later.
    std::optional<std::size_t> indexAtStep(std::uint64_t step) const;

private:
    std::size_t lineSize(CurveLine line) const;
    void truncate(std::size_t count);

    CurvePoints m_points;
    ExtremaPyramid m_rawExtrema;
    std::vector<std::uint32_t> m_nonPositive;  // rising indices of raw values
    std::vector<std::uint32_t> m_nonFinite;
    Ema m_ema;
    std::deque<double> m_smoothed;  // in blocks: grows without moving, as the points do
    ExtremaPyramid m_smoothedExtrema;
};

}  // namespace signet::metrics
