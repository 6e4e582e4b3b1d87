#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace signet::metrics {

/// Where the extremes of a range of values are. NaN and infinities are no extremes.
struct Extrema {
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t lowest = kNone;
    std::uint32_t highest = kNone;
    std::uint32_t lowestPositive = kNone;  ///< smallest value above 0: the lower end of a logarithmic axis

    bool empty() const { return lowest == kNone; }

    /// at(index) gives a value.
    template <class ValueAt>
    void include(std::uint32_t index, const ValueAt& at) {
        const double value = at(index);
        if (!std::isfinite(value)) return;
        if (empty() || value < at(lowest)) lowest = index;
        if (highest == kNone || value > at(highest)) highest = index;
        if (value > 0 && (lowestPositive == kNone || value < at(lowestPositive))) lowestPositive = index;
    }
    template <class ValueAt>
    void include(const Extrema& other, const ValueAt& at) {
        if (other.empty()) return;
        include(other.lowest, at);
        include(other.highest, at);
        if (other.lowestPositive != kNone) include(other.lowestPositive, at);
    }
};

/// Extremes of any range of a growing series in O(log n), 0.8 bytes a value. The series stays with its owner
/// and is read through at(index). Level k holds one node for each 16^(k+1) values, made when they are
/// complete, so that a value costs O(1) amortised. At most 2^32 - 1 values.
class ExtremaPyramid {
public:
    static constexpr std::size_t kRadix = 16;

    std::size_t count() const { return m_count; }

    /// Takes in the values from count() up to newCount.
    template <class ValueAt>
    void extend(std::size_t newCount, const ValueAt& at) {
        while (m_count < newCount) {
            if (++m_count % kRadix != 0) continue;
            Extrema node;
            for (std::size_t i = m_count - kRadix; i < m_count; ++i)
                node.include(static_cast<std::uint32_t>(i), at);
            push(0, node, at);
        }
    }

    /// Forgets the values from newCount on.
    void truncate(std::size_t newCount) {
        if (newCount >= m_count) return;
        m_count = newCount;
        for (auto& level : m_levels) level.resize(newCount /= kRadix);
    }

    /// Extremes of the values [first, last), last <= count().
    template <class ValueAt>
    Extrema query(std::size_t first, std::size_t last, const ValueAt& at) const {
        Extrema found;
        while (first < last) {
            std::size_t span = 1;
            std::size_t level = 0;  // of nodes of span * kRadix values
            while (level < m_levels.size() && first % (span * kRadix) == 0 && first + span * kRadix <= last) {
                span *= kRadix;
                ++level;
            }
            if (level == 0)
                found.include(static_cast<std::uint32_t>(first), at);
            else
                found.include(m_levels[level - 1][first / span], at);
            first += span;
        }
        return found;
    }

private:
    template <class ValueAt>
    void push(std::size_t level, const Extrema& node, const ValueAt& at) {
        if (level == m_levels.size()) m_levels.emplace_back();
        m_levels[level].push_back(node);
        const std::size_t size = m_levels[level].size();
        if (size % kRadix != 0) return;
        Extrema parent;
        for (std::size_t i = size - kRadix; i < size; ++i) parent.include(m_levels[level][i], at);
        push(level + 1, parent, at);
    }

    std::size_t m_count = 0;
    std::vector<std::vector<Extrema>> m_levels;
};

}  // namespace signet::metrics
