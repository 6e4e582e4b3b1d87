#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/signature/secret_key.h"

namespace signet::signature {

/// A key under a passphrase: AES-256-GCM with a key that scrypt (RFC 7914) makes of the passphrase. The
/// default cost, N = 2^17, r = 8, p = 1, takes 128 MiB and some 0.4 s a guess.
struct SealedKey {
    std::uint64_t n = 1u << 17;
    std::uint32_t r = 8;
    std::uint32_t p = 1;
    std::array<std::uint8_t, 16> salt{};
    std::array<std::uint8_t, 12> nonce{};
    std::array<std::uint8_t, SecretKey::kBytes> ciphertext{};
    std::array<std::uint8_t, 16> tag{};
};

/// context: what is said openly beside the key and may not be altered (GCM's additional data). Throws
/// BadOption on a passphrase of under 8 characters, Environment where OpenSSL lacks something.
SealedKey sealKey(const SecretKey& key, std::string_view passphrase, std::string_view context);

/// Throws NoPermission where the passphrase is another one or sealed or context were altered, Corrupt on a
/// cost outside n = 2^14 .. 2^20, r = 8, p = 1 .. 4 (1 GiB at most).
SecretKey unsealKey(const SealedKey& sealed, std::string_view passphrase, std::string_view context);

}  // namespace signet::signature
