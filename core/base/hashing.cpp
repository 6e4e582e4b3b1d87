#include "core/base/hashing.h"

#include <openssl/evp.h>

#include <array>

#include "core/base/error.h"
#include "core/base/text.h"

namespace signet {

std::string sha256Hex(std::span<const std::uint8_t> bytes) {
    std::array<std::uint8_t, 32> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw Error(ErrorCode::Environment, "OpenSSL cannot compute SHA-256 here");
    }
    return toHex(digest);
}

std::string sha256Hex(std::string_view text) {
    return sha256Hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace signet
