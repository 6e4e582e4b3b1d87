#include "core/signature/polar_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "core/base/error.h"

namespace signet::signature {
namespace {

constexpr int kLevels = std::countr_zero(static_cast<unsigned>(kPolarLength));

/// Positions of u, the least reliable first.
constexpr std::array<std::uint8_t, kPolarLength> kReliability{
    0,   1,  2,   4,   8,   16,  32,  3,   5,   64,  9,   6,   17,  10,  18,  12,  33,  65, 20,  34, 24,  36,
    7,   66, 11,  40,  68,  19,  13,  48,  14,  72,  21,  35,  26,  80,  37,  25,  22,  38, 96,  67, 41,  28,
    69,  42, 49,  74,  70,  44,  81,  50,  73,  15,  52,  23,  76,  82,  56,  27,  97,  39, 84,  29, 43,  98,
    88,  30, 71,  45,  100, 51,  46,  75,  104, 53,  77,  54,  83,  57,  112, 78,  85,  58, 99,  86, 60,  89,
    101, 31, 90,  102, 105, 92,  47,  106, 55,  113, 79,  108, 59,  114, 87,  116, 61,  91, 120, 62, 103, 93,
    107, 94, 109, 115, 110, 117, 118, 121, 122, 63,  124, 95,  111, 119, 123, 125, 126, 127};

constexpr std::array<bool, kPolarLength> kIsFree = [] {
    std::array<bool, kPolarLength> isFree{};
    for (std::size_t i = kPolarLength - kPolarBits; i < kPolarLength; ++i) isFree[kReliability[i]] = true;
    return isFree;
}();

/// A path through the code tree up to one bit of u.
struct Path {
    /// log-likelihood ratios of the node under way at each level: 2^s of them from element 2^s on
    std::array<float, kPolarLength> llr;
    std::array<std::uint64_t, kLevels> left;  ///< the codeword of the left child at each level, bit j first
    std::uint64_t information = 0;
    float metric = 0;

    /// Computes llr[1], that of bit i of u, from the channel's and the bits before.
    void descend(std::span<const float> channel, unsigned i) {
        const auto above = [&](int level) {
            return level == kLevels - 1 ? channel.data() : llr.data() + (std::size_t{2} << level);
        };
        const int turn = i == 0 ? kLevels : std::countr_zero(i);  // the level whose right child begins here
        if (turn < kLevels) {
            const float* from = above(turn);
            const std::size_t n = std::size_t{1} << turn;
            const std::uint64_t bits = left[static_cast<std::size_t>(turn)];
            for (std::size_t j = 0; j < n; ++j)
                llr[n + j] = from[n + j] + ((bits >> j & 1) != 0 ? -from[j] : from[j]);
        }
        for (int level = turn - 1; level >= 0; --level) {
            const float* from = above(level);
            const std::size_t n = std::size_t{1} << level;
            for (std::size_t j = 0; j < n; ++j) {
                const float a = from[j], b = from[n + j];
                const float smaller = std::min(std::abs(a), std::abs(b));
                llr[n + j] = (a < 0) != (b < 0) ? -smaller : smaller;
            }
        }
    }

    /// Sets bit i of u and joins the children that are complete by it.
    void ascend(unsigned i, bool bit) {
        std::uint64_t word = bit ? 1 : 0;
        std::size_t level = 0;
        for (; level < kLevels - 1 && (i >> level & 1) != 0; ++level)
            word = (left[level] ^ word) | word << (1u << level);
        left[level] = word;
    }
};

/// The metrics with which a path goes on, and the path it comes from.
struct Branch {
    float metric;
    std::uint32_t parent;
    bool bit;
    bool operator<(const Branch& other) const {
        return std::tie(metric, parent, bit) < std::tie(other.metric, other.parent, other.bit);
    }
};

void check(std::span<const float> llr, int listSize) {
    if (llr.size() != kPolarLength)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} soft bits; the code has {}", llr.size(), kPolarLength));
    if (!std::all_of(llr.begin(), llr.end(), [](float l) { return std::isfinite(l); }))
        throw Error(ErrorCode::BadOption, "a soft bit is not a finite number");
    if (listSize < 1 || listSize > 1024)
        throw Error(ErrorCode::BadOption, fmt::format("a list of {}; 1 to 1024 are possible", listSize));
}

}  // namespace

std::array<std::uint8_t, kPolarLength> polarEncode(std::uint64_t information) {
    std::array<std::uint8_t, kPolarLength> word{};
    int next = kPolarBits;
    for (std::size_t i = 0; i < kPolarLength; ++i)
        if (kIsFree[i]) word[i] = information >> --next & 1;
    for (std::size_t half = 1; half < kPolarLength; half *= 2) {
        for (std::size_t i = 0; i < kPolarLength; ++i)
            if ((i & half) == 0) word[i] ^= word[i + half];
    }
    return word;
}

std::vector<PolarPath> polarListDecode(std::span<const float> llr, int listSize) {
    check(llr, listSize);
    const auto most = static_cast<std::size_t>(listSize);
    std::vector<Path> paths(1), next;
    std::vector<Branch> branches;
    for (unsigned i = 0; i < kPolarLength; ++i) {
        branches.clear();
        for (std::uint32_t p = 0; p < paths.size(); ++p) {
            Path& path = paths[p];
            path.descend(llr, i);
            const float l = path.llr[1];
            branches.push_back({path.metric + std::max(-l, 0.0f), p, false});
            if (kIsFree[i]) branches.push_back({path.metric + std::max(l, 0.0f), p, true});
        }
        if (!kIsFree[i]) {
            for (const Branch& branch : branches) {
                paths[branch.parent].metric = branch.metric;
                paths[branch.parent].ascend(i, false);
            }
            continue;
        }
        if (branches.size() > most) {
            std::nth_element(branches.begin(), branches.begin() + listSize, branches.end());
            branches.resize(most);
        }
        next.clear();
        for (const Branch& branch : branches) {
            Path& path = next.emplace_back(paths[branch.parent]);
            path.metric = branch.metric;
            path.information = path.information << 1 | (branch.bit ? 1 : 0);
            path.ascend(i, branch.bit);
        }
        paths.swap(next);
    }
    std::vector<PolarPath> found;
    found.reserve(paths.size());
    for (const Path& path : paths) found.push_back({path.information, path.metric});
    std::sort(found.begin(), found.end(), [](const PolarPath& a, const PolarPath& b) {
        return std::tie(a.metric, a.information) < std::tie(b.metric, b.information);
    });
    return found;
}

}  // namespace signet::signature
