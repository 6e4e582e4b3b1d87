#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace signet::signature {

// The polar code (Arikan 2009) of 128 bits that carry 48, in natural order: x = u F, F the 7th Kronecker
// power of [1 0; 1 1] over GF(2). Free are the 48 most reliable positions of u by the sequence of 3GPP
// TS 38.212, table 5.3.1.2-1 (its entries below 128); the others are 0.

inline constexpr int kPolarLength = 128;
inline constexpr int kPolarBits = 48;

/// The codeword of 48 bits; the uppermost of them stands at the lowest free position.
std::array<std::uint8_t, kPolarLength> polarEncode(std::uint64_t information);

/// A codeword that a list decoder proposes.
struct PolarPath {
    std::uint64_t information = 0;  ///< its 48 bits, as polarEncode takes them
    float metric = 0;               ///< sum of |llr| where the codeword contradicts the sign of llr
};

/// Successive-cancellation list decoding (Tal and Vardy 2015) on log-likelihood ratios (Balatsoukas-Stimming
/// et al. 2015) in the min-sum form, whose result does not depend on the scale of llr: at most listSize
/// codewords, the likeliest first. llr: 128 finite numbers, ln P(bit is 0) / P(bit is 1) up to a positive
/// factor. Throws BadOption on another count, a number that is not finite, and unless 1 <= listSize <= 1024.
std::vector<PolarPath> polarListDecode(std::span<const float> llr, int listSize);

}  // namespace signet::signature
