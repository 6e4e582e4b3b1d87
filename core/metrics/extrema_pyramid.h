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
            Search search(at);
            for (std::size_t i = m_count - kRadix; i < m_count; ++i)
                search.include(static_cast<std::uint32_t>(i));
            push(0, search.found(), at);
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
        Search search(at);
        while (first < last) {
            std::size_t span = 1;
            std::size_t level = 0;  // of nodes of span * kRadix values
            while (level < m_levels.size() && first % (span * kRadix) == 0 && first + span * kRadix <= last) {
                span *= kRadix;
                ++level;
            }
            if (level == 0)
                search.include(static_cast<std::uint32_t>(first));
            else
                search.include(m_levels[level - 1][first / span]);
            first += span;
        }
        return search.found();
    }

private:
    /// Extremes so far, with their values at hand.
    template <class ValueAt>
    class Search {
    public:
        explicit Search(const ValueAt& at) : m_at(at) {}

        void include(std::uint32_t index) {
            const double value = m_at(index);
            if (!std::isfinite(value)) return;
            takeLowest(index, value);
            takeHighest(index, value);
            if (value > 0) takeLowestPositive(index, value);
        }
        void include(const Extrema& node) {
            if (node.empty()) return;
            takeLowest(node.lowest, m_at(node.lowest));
            takeHighest(node.highest, m_at(node.highest));
            if (node.lowestPositive != Extrema::kNone)
                takeLowestPositive(node.lowestPositive, m_at(node.lowestPositive));
        }
        const Extrema& found() const { return m_found; }

    private:
        static constexpr double kInfinity = std::numeric_limits<double>::infinity();

        void takeLowest(std::uint32_t index, double value) {
            if (!(value < m_lowest)) return;
            m_lowest = value;
            m_found.lowest = index;
        }
        void takeHighest(std::uint32_t index, double value) {
            if (!(value > m_highest)) return;
            m_highest = value;
            m_found.highest = index;
        }
        void takeLowestPositive(std::uint32_t index, double value) {
            if (!(value < m_lowestPositive)) return;
            m_lowestPositive = value;
            m_found.lowestPositive = index;
        }

        const ValueAt& m_at;
        Extrema m_found;
        double m_lowest = kInfinity;
        double m_highest = -kInfinity;
        double m_lowestPositive = kInfinity;
    };

    template <class ValueAt>
    void push(std::size_t level, const Extrema& node, const ValueAt& at) {
        if (level == m_levels.size()) m_levels.emplace_back();
        m_levels[level].push_back(node);
        const std::size_t size = m_levels[level].size();
        if (size % kRadix != 0) return;
        Search search(at);
        for (std::size_t i = size - kRadix; i < size; ++i) search.include(m_levels[level][i]);
        push(level + 1, search.found(), at);
    }

    std::size_t m_count = 0;
    std::vector<std::vector<Extrema>> m_levels;
};

}  // namespace signet::metrics
