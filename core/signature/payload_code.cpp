#include "core/signature/payload_code.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/signature/key_stream.h"

namespace signet::signature {
namespace {

constexpr int kCheckBits = 16;

std::uint16_t checkOf(std::uint32_t payload) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(payload >> (24 - 8 * i));
    return crc16(bytes);
}

}  // namespace

std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
    unsigned crc = 0xFFFF;
    for (const std::uint8_t byte : bytes) {
        crc ^= static_cast<unsigned>(byte) << 8;
        for (int bit = 0; bit < 8; ++bit) crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) & 0xFFFF;
    }
    return static_cast<std::uint16_t>(crc);
}

PayloadCode::PayloadCode(const SecretKey& key) {
    KeyStream stream(key, "signet payload");
    std::iota(m_place.begin(), m_place.end(), std::uint8_t{0});
    for (std::size_t i = m_place.size() - 1; i > 0; --i) std::swap(m_place[i], m_place[stream.below(i + 1)]);
    for (std::uint8_t& bit : m_mask) bit = static_cast<std::uint8_t>(stream.below(2));
}

std::vector<std::uint8_t> PayloadCode::bitsOf(std::uint32_t payload) {
    std::vector<std::uint8_t> bits;
    for (int place = kPayloadBits - 1; place >= 0; --place) bits.push_back(payload >> place & 1U);
    return bits;
}

std::uint32_t PayloadCode::payloadOf(std::span<const std::uint8_t> bits) {
    if (bits.size() != kPayloadBits)
        throw Error(ErrorCode::BadOption,
                    fmt::format("a payload of {} bits; {} are needed", bits.size(), kPayloadBits));
    std::uint32_t payload = 0;
    for (const std::uint8_t bit : bits) payload = payload << 1 | (bit & 1U);
    return payload;
}

PayloadCode::Signs PayloadCode::encode(std::uint32_t payload) const {
    const auto word = polarEncode(std::uint64_t{payload} << kCheckBits | checkOf(payload));
    Signs signs{};
    for (std::size_t i = 0; i < signs.size(); ++i) signs[i] = word[m_place[i]] == m_mask[i] ? 1 : -1;
    return signs;
}

std::optional<PayloadCode::Decoded> PayloadCode::decode(std::span<const float> llr, int listSize) const {
    std::vector<float> ordered(llr.begin(), llr.end());
    if (llr.size() == m_place.size()) {
        for (std::size_t i = 0; i < llr.size(); ++i) ordered[m_place[i]] = m_mask[i] != 0 ? -llr[i] : llr[i];
    }
    const std::vector<PolarPath> list = polarListDecode(ordered, listSize);
    double sum = 0, squares = 0;
    for (const float l : llr) {
        sum += std::abs(l);
        squares += double{l} * l;
    }
    if (!(squares > 0)) return std::nullopt;  // nothing was read at all
    for (std::size_t rank = 0; rank < list.size(); ++rank) {
        const auto payload = static_cast<std::uint32_t>(list[rank].information >> kCheckBits);
        if ((list[rank].information & 0xFFFF) != checkOf(payload)) continue;
        Decoded decoded{.payload = payload, .listRank = static_cast<int>(rank)};
        const Signs signs = encode(payload);
        double along = 0;
        for (std::size_t i = 0; i < signs.size(); ++i) {
            along += double{llr[i]} * signs[i];
            if (llr[i] * static_cast<float>(signs[i]) < 0) ++decoded.correctedErrors;
        }
        decoded.agreement = along / std::sqrt(squares * kLength);
        if (list.size() > 1) {
            const PolarPath& other = list[rank == 0 ? 1 : 0];
            decoded.margin = (other.metric - list[rank].metric) / (sum / kLength);
        }
        return decoded;
    }
    return std::nullopt;
}

}  // namespace signet::signature
