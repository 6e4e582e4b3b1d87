#include "core/metrics/curve_points.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace signet::metrics {
namespace {

/// A key that orders as the finite doubles do.
std::uint64_t sortableKey(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    constexpr std::uint64_t kSign = 1ull << 63;
    return bits & kSign ? ~bits : bits | kSign;
}

double fromSortableKey(std::uint64_t key) {
    constexpr std::uint64_t kSign = 1ull << 63;
    return std::bit_cast<double>(key & kSign ? key & ~kSign : ~key);
}

using Counts = std::vector<std::uint32_t>;  // 2^16 of them, by 16 bits of the key

/// The bin that holds the value of this rank (from 0); rank becomes its rank inside the bin.
std::uint64_t binOfRank(const Counts& counts, std::uint64_t& rank) {
    std::uint64_t bin = 0;
    while (rank >= counts[bin]) rank -= counts[bin++];
    return bin;
}

/// The first index in [first, last) for which holds(index) is false; it holds for all before that one.
template <class Holds>
std::size_t firstFalse(std::size_t first, std::size_t last, const Holds& holds) {
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        if (holds(middle))
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

}  // namespace

void CurvePoints::push(const CurvePoint& point) {
    const std::size_t slot = m_size % kChunk;
    if (slot == 0) m_chunks.push_back(std::make_shared<Chunk>());
    double images = static_cast<double>(point.images);
    double seconds = std::isfinite(point.seconds) ? point.seconds : 0;
    if (m_size > 0) {
        images = std::max(images, x(CurveAxis::Images, m_size - 1));
        seconds = std::max(seconds, x(CurveAxis::Seconds, m_size - 1));
    }
    Chunk& chunk = *m_chunks.back();
    chunk[0][slot] = static_cast<double>(point.step);
    chunk[1][slot] = images;
    chunk[2][slot] = seconds;
    chunk[kValue][slot] = point.value;
    ++m_size;
}

void CurvePoints::truncate(std::size_t count) {
    if (count >= m_size) return;
    m_size = count;
    m_chunks.resize((count + kChunk - 1) / kChunk);
    // what follows overwrites points of this chunk that a snapshot may still be reading
    if (count % kChunk != 0) m_chunks.back() = std::make_shared<Chunk>(*m_chunks.back());
}

CurvePoint CurvePoints::point(std::size_t index) const {
    return {static_cast<std::uint64_t>(x(CurveAxis::Step, index)),
            static_cast<std::uint64_t>(x(CurveAxis::Images, index)), x(CurveAxis::Seconds, index),
            value(index)};
}

std::size_t CurvePoints::firstFrom(CurveAxis axis, double limit, std::size_t from) const {
    return firstFalse(std::min(from, m_size), m_size, [&](std::size_t i) { return x(axis, i) < limit; });
}

std::size_t CurvePoints::firstAfter(CurveAxis axis, double limit, std::size_t from) const {
    return firstFalse(std::min(from, m_size), m_size, [&](std::size_t i) { return x(axis, i) <= limit; });
}

std::size_t CurvePoints::firstNear(CurveAxis axis, double limit, std::size_t from, std::size_t guess) const {
    const auto below = [&](std::size_t i) { return x(axis, i) < limit; };
    // doubling strides away from the guess, until the answer lies between two looks
    std::size_t low = std::min(from, m_size);
    std::size_t high = m_size;
    std::size_t look = std::clamp(guess, low, high);
    if (look < high && below(look)) {
        for (std::size_t stride = 1; look < high && below(look); stride *= 2) {
            low = look + 1;
            look = low + stride;
        }
        high = std::min(high, look);
    } else {
        high = look;
        for (std::size_t stride = 1; low < high; stride *= 2) {
            look = high - std::min(stride, high - low);
            if (below(look)) {
                low = look + 1;
                break;
            }
            high = look;
        }
    }
    return firstFalse(low, high, below);
}

std::optional<ValueRange> CurvePoints::percentileRange(std::size_t first, std::size_t last, double lower,
                                                       double upper) const {
    last = std::min(last, m_size);
    if (first >= last) return std::nullopt;
    const std::size_t stride = (last - first + kMaxRanked - 1) / kMaxRanked;
    const auto forEachKey = [&](const auto& visit) {
        for (std::size_t i = first; i < last; i += stride)
            if (const double v = value(i); std::isfinite(v)) visit(sortableKey(v));
    };
    // Radix selection on the key: its upper 16 bits, then the next 16, which leaves 20 bits of mantissa.
    Counts coarse(1u << 16);
    std::uint64_t total = 0;
    forEachKey([&](std::uint64_t key) {
        ++coarse[key >> 48];
        ++total;
    });
    if (total == 0) return std::nullopt;
    const auto rankOf = [total](double percentile) {
        const double rank = std::ceil(percentile / 100 * static_cast<double>(total)) - 1;
        return static_cast<std::uint64_t>(std::clamp(rank, 0.0, static_cast<double>(total - 1)));
    };
    std::uint64_t lowRank = rankOf(lower);
    std::uint64_t highRank = rankOf(upper);
    const std::uint64_t lowBin = binOfRank(coarse, lowRank);
    const std::uint64_t highBin = binOfRank(coarse, highRank);
    Counts lowFine(1u << 16);
    Counts highFine(1u << 16);
    forEachKey([&](std::uint64_t key) {
        const std::uint64_t fine = (key >> 32) & 0xFFFF;
        if (key >> 48 == lowBin) ++lowFine[fine];
        if (key >> 48 == highBin) ++highFine[fine];
    });
    const std::uint64_t lowKey = lowBin << 48 | binOfRank(lowFine, lowRank) << 32;
    const std::uint64_t highKey = highBin << 48 | binOfRank(highFine, highRank) << 32 | 0xFFFFFFFF;
    return ValueRange{fromSortableKey(lowKey), fromSortableKey(highKey)};
}

std::shared_ptr<const CurvePoints> CurvePoints::snapshot() const {
    auto copy = std::make_shared<CurvePoints>();
    copy->m_size = m_size;
    copy->m_chunks = m_chunks;
    return copy;
}

}  // namespace signet::metrics
