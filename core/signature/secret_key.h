#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace signet::signature {

/// The secret of a keyed signature: 256 bits. Its memory is overwritten when it ends.
class SecretKey {
public:
    static constexpr std::size_t kBytes = 32;

    explicit SecretKey(std::span<const std::uint8_t, kBytes> bytes);
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey();

    /// A new key from the random source of the system (OpenSSL's private generator, seeded by the kernel).
    /// Throws Environment where there is none.
    static SecretKey random();

    /// The key of signatures that everybody may read and write: SHA-256 of kPublicKeyText.
    static const SecretKey& publicDefault();
    static constexpr const char* kPublicKeyText = "Signet: the public key, version 1";
    bool isPublic() const { return *this == publicDefault(); }

    /// Names the key without telling anything of it: the first 16 hexadecimal digits of SHA-256 over
    /// "Signet: key fingerprint, version 1", a zero byte and the key.
    std::string fingerprint() const;
    /// Whether text has the form of one.
    static bool isFingerprint(std::string_view text);

    std::span<const std::uint8_t, kBytes> bytes() const { return m_bytes; }

    /// Takes the same time wherever they differ.
    bool operator==(const SecretKey& other) const;

private:
    std::array<std::uint8_t, kBytes> m_bytes;
};

}  // namespace signet::signature
