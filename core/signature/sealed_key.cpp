#include "core/signature/sealed_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include <bit>
#include <memory>
#include <span>

#include "core/base/error.h"

namespace signet::signature {
namespace {

constexpr std::size_t kLeastCharacters = 8;
constexpr std::uint64_t kLeastN = 1u << 14, kMostN = 1u << 20;
constexpr std::uint32_t kR = 8, kMostP = 4;
constexpr std::uint64_t kMostMemory = 128ull * kR * (kMostN + kMostP + 2);  // what scrypt takes at those

void check(bool done) {
    if (!done)
        throw Error(
            ErrorCode::Environment,
            "OpenSSL cannot work with passphrases here: scrypt, AES-256-GCM or the memory is missing");
}

const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

int lengthOf(std::string_view text) {
    return static_cast<int>(text.size());
}

/// The AES key of a passphrase, overwritten at the end.
class DerivedKey {
public:
    DerivedKey(const SealedKey& sealed, std::string_view passphrase) {
        const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "SCRYPT", nullptr),
                                                                    &EVP_KDF_free);
        check(kdf != nullptr);
        const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kdf.get()),
                                                                                &EVP_KDF_CTX_free);
        SealedKey cost = sealed;  // OSSL_PARAM points at what is not const
        std::uint64_t memory = kMostMemory;
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, const_cast<char*>(passphrase.data()),
                                              passphrase.size()),
            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, cost.salt.data(), cost.salt.size()),
            OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &cost.n),
            OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &cost.r),
            OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &cost.p),
            OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
            OSSL_PARAM_construct_end()};
        check(context && EVP_KDF_derive(context.get(), m_bytes.data(), m_bytes.size(), parameters) == 1);
    }
    ~DerivedKey() { OPENSSL_cleanse(m_bytes.data(), m_bytes.size()); }
    DerivedKey(const DerivedKey&) = delete;
    DerivedKey& operator=(const DerivedKey&) = delete;
    const unsigned char* data() const { return m_bytes.data(); }

private:
    std::array<std::uint8_t, 32> m_bytes{};
};

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

}  // namespace

SealedKey sealKey(const SecretKey& key, std::string_view passphrase, std::string_view context) {
    if (passphrase.size() < kLeastCharacters)
        throw Error(ErrorCode::BadOption, "a passphrase needs at least 8 characters");
    SealedKey sealed;
    check(RAND_bytes(sealed.salt.data(), static_cast<int>(sealed.salt.size())) == 1 &&
          RAND_bytes(sealed.nonce.data(), static_cast<int>(sealed.nonce.size())) == 1);
    const DerivedKey derived(sealed, passphrase);
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int length = 0;
    check(cipher &&
          EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, derived.data(), sealed.nonce.data()) ==
              1 &&
          EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytesOf(context), lengthOf(context)) == 1 &&
          EVP_EncryptUpdate(cipher.get(), sealed.ciphertext.data(), &length, key.bytes().data(),
                            static_cast<int>(key.bytes().size())) == 1 &&
          EVP_EncryptFinal_ex(cipher.get(), sealed.ciphertext.data() + length, &length) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(sealed.tag.size()),
                              sealed.tag.data()) == 1);
    return sealed;
}

SecretKey unsealKey(const SealedKey& sealed, std::string_view passphrase, std::string_view context) {
    if (!std::has_single_bit(sealed.n) || sealed.n < kLeastN || sealed.n > kMostN || sealed.r != kR ||
        sealed.p < 1 || sealed.p > kMostP)
        throw Error(ErrorCode::Corrupt,
                    "a sealed key asks for a cost of scrypt that this program does not pay");
    const DerivedKey derived(sealed, passphrase);
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    std::array<std::uint8_t, SecretKey::kBytes> bytes{};
    std::array<std::uint8_t, 16> tag = sealed.tag;
    int length = 0;
    check(cipher &&
          EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, derived.data(), sealed.nonce.data()) ==
              1 &&
          EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytesOf(context), lengthOf(context)) == 1 &&
          EVP_DecryptUpdate(cipher.get(), bytes.data(), &length, sealed.ciphertext.data(),
                            static_cast<int>(sealed.ciphertext.size())) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                              tag.data()) == 1);
    const bool authentic = EVP_DecryptFinal_ex(cipher.get(), bytes.data() + length, &length) == 1;
    const SecretKey key(bytes);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    if (!authentic)
        throw Error(ErrorCode::NoPermission,
                    "the key does not open: the passphrase is another one, or its file was altered");
    return key;
}

}  // namespace signet::signature
