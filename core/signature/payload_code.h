#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/signature/polar_code.h"
#include "core/signature/secret_key.h"

namespace signet::signature {

/// CRC-16/IBM-3740 (CCITT-FALSE): polynomial 0x1021, start 0xFFFF, nothing reflected; 0x29B1 for "123456789".
std::uint16_t crc16(std::span<const std::uint8_t> bytes);

/// A payload of 32 bits as 128 signs, and back from what is left of them. The payload and the CRC-16 of its
/// four bytes (most significant first) are the 48 bits of the polar code; its codeword is permuted and masked
/// as the key says, so that a code is neither regular nor to be read without the key.
///
/// Mapping: KeyStream(key, "signet payload"); for i = 127 ... 1, place i is exchanged with place below(i + 1)
/// in the list 0 ... 127, then the lowest bits of the next 128 numbers below(2) are the mask. Sign i is minus
/// where bit list[i] of the codeword and mask bit i differ. Immutable: for any thread.
class PayloadCode {
public:
    static constexpr int kPayloadBits = 32;
    static constexpr int kLength = kPolarLength;
    static constexpr int kListSize = 32;
    using Signs = std::array<std::int8_t, kLength>;  ///< +1 and -1

    explicit PayloadCode(const SecretKey& key);

    /// The 32 bits of a payload, values of 0 and 1, most significant first.
    static std::vector<std::uint8_t> bitsOf(std::uint32_t payload);
    /// The payload of these bits. Throws BadOption where they are not 32.
    static std::uint32_t payloadOf(std::span<const std::uint8_t> bits);

    Signs encode(std::uint32_t payload) const;

    struct Decoded {
        std::uint32_t payload = 0;
        int correctedErrors = 0;  ///< signs that were read wrongly
        /// How much likelier it is than the best other codeword of the list: sum of |llr| that speaks for it,
        /// less that for the other, in means of |llr|. Negative where another was likelier.
        double margin = 0;
        int listRank = 0;  ///< how many codewords were likelier, their check wrong
        /// Cosine of the angle between llr and the codeword's signs, 0 .. 1. What is read from noise has 0.59
        /// in the middle, 0.624 at most of 70 (of 150,000 frames); what is read rightly at -2 dB more than
        /// that in 99.9 %.
        double agreement = 0;
    };

    /// The likeliest codeword of the list whose check holds, else nothing. llr: 128 finite numbers,
    /// ln P(+1) / P(-1) up to a positive factor (a correlation will do). Noise passes with about the
    /// probability listSize / 65536. Throws BadOption as polarListDecode does.
    std::optional<Decoded> decode(std::span<const float> llr, int listSize = kListSize) const;

private:
    std::array<std::uint8_t, kLength> m_place;
    std::array<std::uint8_t, kLength> m_mask;
};

}  // namespace signet::signature
