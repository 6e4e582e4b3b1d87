#include "core/metrics/curve.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"

namespace signet::metrics {
namespace {

std::size_t countBetween(const std::vector<std::uint32_t>& indices, std::size_t first, std::size_t last) {
    if (first >= last) return 0;
    const auto begin = std::lower_bound(indices.begin(), indices.end(), first);
    return static_cast<std::size_t>(std::lower_bound(begin, indices.end(), last) - begin);
}

void dropFrom(std::vector<std::uint32_t>& indices, std::size_t count) {
    indices.erase(std::lower_bound(indices.begin(), indices.end(), count), indices.end());
}

}  // namespace

std::size_t Curve::append(std::span<const CurvePoint> points) {
    std::size_t superseded = 0;
    for (const CurvePoint& point : points) {
        const auto step = static_cast<double>(point.step);
        if (size() > 0 && step <= m_points.x(CurveAxis::Step, size() - 1)) {
            const std::size_t kept = m_points.firstFrom(CurveAxis::Step, step);
            superseded += size() - kept;
            truncate(kept);
        }
        const auto index = static_cast<std::uint32_t>(size());
        const bool upToDate = m_smoothed.size() == size();
        m_points.push(point);
        if (!std::isfinite(point.value))
            m_nonFinite.push_back(index);
        else if (point.value <= 0)
            m_nonPositive.push_back(index);
        m_rawExtrema.extend(size(), [this](std::size_t i) { return raw(i); });
        if (upToDate) smoothSome(1);
    }
    return superseded;
}

void Curve::truncateAfter(std::uint64_t step) {
    truncate(m_points.firstAfter(CurveAxis::Step, static_cast<double>(step)));
}

void Curve::truncate(std::size_t count) {
    if (count >= size()) return;
    m_points.truncate(count);
    m_rawExtrema.truncate(count);
    dropFrom(m_nonPositive, count);
    dropFrom(m_nonFinite, count);
    if (count >= m_smoothed.size()) return;
    m_smoothed.resize(count);
    m_smoothedExtrema.truncate(count);
    std::size_t lastFinite = count;  // one behind it
    while (lastFinite > 0 && !std::isfinite(m_smoothed[lastFinite - 1])) --lastFinite;
    m_ema = lastFinite == 0
                ? Ema(smoothing())
                : Ema::resumed(smoothing(), count - m_nonFinite.size(), m_smoothed[lastFinite - 1]);
}

void Curve::setSmoothing(double smoothing) {
    if (!(smoothing >= 0 && smoothing <= kMaxSmoothing)) {
        throw Error(ErrorCode::BadOption,
                    fmt::format("smoothing {} is outside 0 to {}", smoothing, kMaxSmoothing));
    }
    if (smoothing == this->smoothing()) return;
    m_ema = Ema(smoothing);
    m_smoothed.clear();
    m_smoothedExtrema = {};
}

bool Curve::smoothSome(std::size_t maxPoints) {
    const std::size_t end = std::min(size(), m_smoothed.size() + maxPoints);
    while (m_smoothed.size() < end) m_smoothed.push_back(m_ema.next(raw(m_smoothed.size())));
    m_smoothedExtrema.extend(end, [this](std::size_t i) { return m_smoothed[i]; });
    return end == size();
}

std::size_t Curve::lineSize(CurveLine line) const {
    return line == CurveLine::Raw ? size() : m_smoothed.size();
}

Extrema Curve::extrema(CurveLine line, std::size_t first, std::size_t last) const {
    last = std::min(last, lineSize(line));
    if (line == CurveLine::Raw)
        return m_rawExtrema.query(first, last, [this](std::size_t i) { return raw(i); });
    return m_smoothedExtrema.query(first, last, [this](std::size_t i) { return m_smoothed[i]; });
}

std::vector<std::uint32_t> Curve::thin(CurveLine line, CurveAxis axis, std::span<const double> edges) const {
    const std::size_t size = lineSize(line);
    const std::size_t first = std::min(size, m_points.firstFrom(axis, edges.front()));
    const std::size_t last = std::min(size, m_points.firstAfter(axis, edges.back(), first));
    const std::size_t columns = edges.size() - 1;
    std::vector<std::uint32_t> drawn;
    drawn.reserve(std::min(last - first, 2 * columns) + 3);
    const auto draw = [&drawn](std::size_t index) {
        const auto narrow = static_cast<std::uint32_t>(index);
        if (drawn.empty() || drawn.back() < narrow) drawn.push_back(narrow);
    };
    if (first > 0) draw(first - 1);
    if (last - first <= 2 * columns) {
        for (std::size_t i = first; i < last; ++i) draw(i);
    } else {
        std::size_t begin = first;
        std::size_t before = 0;
        for (std::size_t c = 1; c <= columns; ++c) {
            // points mostly come at an even pace: this column holds about as many as the one before
            const std::size_t end =
                c == columns ? last
                             : std::min(last, m_points.firstNear(axis, edges[c], begin, begin + before));
            before = end - begin;
            if (end - begin <= 2) {
                for (std::size_t i = begin; i < end; ++i) draw(i);
            } else if (const Extrema found = extrema(line, begin, end); found.empty()) {
                draw(begin);
            } else {
                draw(std::min(found.lowest, found.highest));
                draw(std::max(found.lowest, found.highest));
            }
            begin = end;
        }
        draw(last - 1);
    }
    if (last < size) draw(last);
    return drawn;
}

std::vector<std::uint32_t> Curve::thinNonPositive(CurveAxis axis, std::span<const double> edges) const {
    const auto from = [this](std::size_t index) {
        return std::lower_bound(m_nonPositive.begin(), m_nonPositive.end(), index);
    };
    const auto end = from(m_points.firstAfter(axis, edges.back()));
    std::vector<std::uint32_t> drawn;
    auto next = from(m_points.firstFrom(axis, edges.front()));
    while (next < end) {
        drawn.push_back(*next);
        const auto edge = std::upper_bound(edges.begin(), edges.end(), m_points.x(axis, *next));
        if (edge == edges.end()) break;
        next = from(m_points.firstFrom(axis, *edge, *next));
    }
    return drawn;
}

std::size_t Curve::countNonPositive(std::size_t first, std::size_t last) const {
    return countBetween(m_nonPositive, first, last);
}

std::size_t Curve::countNonFinite(std::size_t first, std::size_t last) const {
    return countBetween(m_nonFinite, first, last);
}

std::optional<std::size_t> Curve::indexAtStep(std::uint64_t step) const {
    const std::size_t after = m_points.firstAfter(CurveAxis::Step, static_cast<double>(step));
    if (after == 0) return std::nullopt;
    return after - 1;
}

}  // namespace signet::metrics
