#include "core/signature/key_stream.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/base/error.h"

namespace signet::signature {
namespace {

void check(bool done) {
    if (!done) throw Error(ErrorCode::Environment, "OpenSSL has no HMAC-SHA-256 or no ChaCha20 here");
}

}  // namespace

void KeyStream::FreeContext::operator()(evp_cipher_ctx_st* context) const {
    EVP_CIPHER_CTX_free(context);
}

KeyStream::KeyStream(const SecretKey& key, std::string_view domain, std::uint64_t counter)
    : m_context(EVP_CIPHER_CTX_new()) {
    std::array<std::uint8_t, SecretKey::kBytes> derived{};
    std::size_t length = 0;
    check(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.bytes().data(), key.bytes().size(),
                    reinterpret_cast<const unsigned char*>(domain.data()), domain.size(), derived.data(),
                    derived.size(), &length) != nullptr &&
          length == derived.size());
    std::array<std::uint8_t, 16> start{};  // OpenSSL's initialisation vector: block counter, nonce
    for (std::size_t i = 0; i < 8; ++i) start[8 + i] = static_cast<std::uint8_t>(counter >> (8 * i));
    const bool ready = m_context && EVP_EncryptInit_ex(m_context.get(), EVP_chacha20(), nullptr,
                                                       derived.data(), start.data()) == 1;
    OPENSSL_cleanse(derived.data(), derived.size());
    check(ready);
}

KeyStream::~KeyStream() {
    OPENSSL_cleanse(m_block.data(), m_block.size());
}

void KeyStream::refill() {
    static constexpr std::array<std::uint8_t, std::tuple_size_v<decltype(m_block)>> kZeros{};
    int length = 0;
    check(EVP_EncryptUpdate(m_context.get(), m_block.data(), &length, kZeros.data(),
                            static_cast<int>(kZeros.size())) == 1 &&
          length == static_cast<int>(m_block.size()));
    m_used = 0;
}

void KeyStream::fill(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        if (m_used == m_block.size()) refill();
        const std::size_t part = std::min(bytes.size(), m_block.size() - m_used);
        std::copy_n(m_block.begin() + static_cast<std::ptrdiff_t>(m_used), part, bytes.begin());
        m_used += part;
        bytes = bytes.subspan(part);
    }
}

std::uint64_t KeyStream::bits() {
    std::array<std::uint8_t, 8> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
    return value;
}

std::uint64_t KeyStream::below(std::uint64_t n) {
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / n * n;
    for (;;) {
        const std::uint64_t value = bits();
        if (value < limit) return value % n;
    }
}

double KeyStream::normal() {
    if (m_hasNormal) {
        m_hasNormal = false;
        return m_nextNormal;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    m_nextNormal = radius * std::sin(angle);
    m_hasNormal = true;
    return radius * std::cos(angle);
}

std::vector<SecretKey> randomKeys(std::size_t n, std::uint64_t seed) {
    KeyStream stream(SecretKey::publicDefault(), "signet random keys", seed);
    std::vector<SecretKey> keys;
    keys.reserve(n);
    std::array<std::uint8_t, SecretKey::kBytes> bytes{};
    for (std::size_t i = 0; i < n; ++i) {
        stream.fill(bytes);
        keys.emplace_back(bytes);
    }
    return keys;
}

}  // namespace signet::signature
