#include "core/base/hashing.h"

#include <openssl/evp.h>

#include <array>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace signet {
namespace {

/// One digest under way.
class Digest {
public:
    explicit Digest(const EVP_MD* kind) : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        check(m_context && EVP_DigestInit_ex(m_context.get(), kind, nullptr) == 1);
    }
    void add(std::span<const std::uint8_t> bytes) {
        check(EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) == 1);
    }
    std::string finish() {
        std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
        unsigned length = 0;
        check(EVP_DigestFinal_ex(m_context.get(), digest.data(), &length) == 1);
        return toHex(std::span(digest).first(length));
    }

private:
    static void check(bool done) {
        if (!done) throw Error(ErrorCode::Environment, "OpenSSL cannot compute this digest here");
    }

    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};

}  // namespace

std::string sha256Hex(std::span<const std::uint8_t> bytes) {
    Digest digest(EVP_sha256());
    digest.add(bytes);
    return digest.finish();
}

std::string sha256Hex(std::string_view text) {
    return sha256Hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

struct StreamHash::Impl {
    Digest sha256{EVP_sha256()};
    Digest md5{EVP_md5()};
    std::uint64_t bytes = 0;
};

StreamHash::StreamHash() : m_impl(std::make_unique<Impl>()) {}
StreamHash::~StreamHash() = default;

void StreamHash::add(std::span<const std::uint8_t> part) {
    m_impl->sha256.add(part);
    m_impl->md5.add(part);
    m_impl->bytes += part.size();
}

StreamHash::Digests StreamHash::finish() {
    return {m_impl->sha256.finish(), m_impl->md5.finish(), m_impl->bytes};
}

StreamHash::Digests hashFile(const std::filesystem::path& path) {
    StreamHash hash;
    readParts(path, [&](std::span<const std::uint8_t> part) {
        hash.add(part);
        return true;
    });
    return hash.finish();
}

}  // namespace signet
