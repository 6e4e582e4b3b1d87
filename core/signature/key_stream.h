#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/signature/secret_key.h"

struct evp_cipher_ctx_st;

namespace signet::signature {

/// Random numbers that a key determines, the same on every machine: the key stream of ChaCha20 (Bernstein
/// 2008: 64 bits of block counter from 0 on, 64 bits of nonce) under HMAC-SHA-256(key, domain), with counter
/// as the nonce (little-endian). Streams of different domains or counters tell nothing of each other. For one
/// thread at a time.
class KeyStream {
public:
    /// domain says what the numbers are for. Throws Environment where OpenSSL lacks the cipher.
    KeyStream(const SecretKey& key, std::string_view domain, std::uint64_t counter = 0);
    ~KeyStream();
    KeyStream(const KeyStream&) = delete;
    KeyStream& operator=(const KeyStream&) = delete;

    /// The next bytes of the stream.
    void fill(std::span<std::uint8_t> bytes);
    /// The next eight bytes, little-endian.
    std::uint64_t bits();
    /// [0, 1): the upper 53 of the next 64 bits.
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
    /// 0 .. n-1, all equally likely: the remainder of the next 64 bits that lie below the largest multiple of
    /// n. n > 0.
    std::uint64_t below(std::uint64_t n);
    /// Standard normal, by Box and Muller: u = 1 - uniform(), then v = uniform() give
    /// sqrt(-2 ln u) cos(2 pi v), and sqrt(-2 ln u) sin(2 pi v) at the next call.
    double normal();

private:
    void refill();

    struct FreeContext {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    std::unique_ptr<evp_cipher_ctx_st, FreeContext> m_context;
    std::array<std::uint8_t, 1024> m_block{};
    std::size_t m_used = m_block.size();
    double m_nextNormal = 0;
    bool m_hasNormal = false;
};

/// The first n of an endless list of keys that seed determines, for comparing a key with others drawn at
/// random such that an examination can be repeated bit for bit. Everybody can compute them: they guard
/// nothing.
std::vector<SecretKey> randomKeys(std::size_t n, std::uint64_t seed);

}  // namespace signet::signature
