#include "core/signature/secret_key.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"

namespace signet::signature {
namespace {

constexpr std::string_view kFingerprintDomain = "Signet: key fingerprint, version 1";
constexpr std::size_t kFingerprintDigits = 16;

}  // namespace

SecretKey::SecretKey(std::span<const std::uint8_t, kBytes> bytes) {
    std::copy(bytes.begin(), bytes.end(), m_bytes.begin());
}

SecretKey::~SecretKey() {
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
}

SecretKey SecretKey::random() {
    std::array<std::uint8_t, kBytes> bytes{};
    if (RAND_priv_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw Error(ErrorCode::Environment,
                    "the system's random source gives no numbers: no key can be made");
    const SecretKey key(bytes);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return key;
}

const SecretKey& SecretKey::publicDefault() {
    static const SecretKey key = [] {
        const std::string digest = bytesFromHex(sha256Hex(std::string_view(kPublicKeyText)));
        std::array<std::uint8_t, kBytes> bytes{};
        std::copy(digest.begin(), digest.end(), bytes.begin());
        return SecretKey(bytes);
    }();
    return key;
}

std::string SecretKey::fingerprint() const {
    std::vector<std::uint8_t> text(kFingerprintDomain.begin(), kFingerprintDomain.end());
    text.reserve(text.size() + 1 + kBytes);  // no copy of the key stays behind in a block that was outgrown
    text.push_back(0);
    text.insert(text.end(), m_bytes.begin(), m_bytes.end());
    const std::string digest = sha256Hex(text);
    OPENSSL_cleanse(text.data(), text.size());
    return digest.substr(0, kFingerprintDigits);
}

bool SecretKey::isFingerprint(std::string_view text) {
    return text.size() == kFingerprintDigits &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool SecretKey::operator==(const SecretKey& other) const {
    return CRYPTO_memcmp(m_bytes.data(), other.m_bytes.data(), kBytes) == 0;
}

}  // namespace signet::signature
