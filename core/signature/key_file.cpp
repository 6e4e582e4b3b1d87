#include "core/signature/key_file.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/visible_text.h"

namespace fs = std::filesystem;

namespace signet::signature {
namespace {

constexpr const char* kFormat = "signet key";
constexpr int kVersion = 1;
constexpr const char* kKdf = "scrypt";
constexpr const char* kCipher = "aes-256-gcm";
constexpr std::uint64_t kMostBytes = 64ull * 1024;
constexpr unsigned kOthers = 077;

/// What is said openly and sealed with the key.
std::string contextOf(const std::string& fingerprint) {
    return fmt::format("{} {} {}", kFormat, kVersion, fingerprint);
}

void checkFingerprint(const SecretKey& key, const KeyInfo& info) {
    if (key.fingerprint() != info.fingerprint)
        throw Error(
            ErrorCode::Corrupt,
            fmt::format("the key {} has not the fingerprint {} that its file says: the file was altered",
                        visibleName(info.name), visibleName(info.fingerprint)));
}

/// A secret text, overwritten at the end.
struct Wiped {
    std::string text;
    explicit Wiped(std::string secret) : text(std::move(secret)) {}
    ~Wiped() { OPENSSL_cleanse(text.data(), text.size()); }
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
};

template <std::size_t N>
std::array<std::uint8_t, N> bytesOf(const Json& hex) {
    std::string bytes = bytesFromHex(hex.get<std::string>());
    if (bytes.size() != N)
        throw Error(ErrorCode::BadOption, fmt::format("{} bytes where there must be {}", bytes.size(), N));
    std::array<std::uint8_t, N> out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return out;
}

Json sealedRecord(const SealedKey& sealed) {
    return {
        {"kdf",
         {{"name", kKdf}, {"n", sealed.n}, {"r", sealed.r}, {"p", sealed.p}, {"salt", toHex(sealed.salt)}}},
        {"cipher",
         {{"name", kCipher},
          {"nonce", toHex(sealed.nonce)},
          {"ciphertext", toHex(sealed.ciphertext)},
          {"tag", toHex(sealed.tag)}}}};
}

SealedKey readSealed(const Json& record) {
    const Json& kdf = record.at("kdf");
    const Json& cipher = record.at("cipher");
    if (kdf.at("name") != kKdf || cipher.at("name") != kCipher)
        throw Error(ErrorCode::Unsupported, "protected in a way that this version of Signet does not know");
    return {.n = strictValue<std::uint64_t>(kdf.at("n"), "n"),
            .r = strictValue<std::uint32_t>(kdf.at("r"), "r"),
            .p = strictValue<std::uint32_t>(kdf.at("p"), "p"),
            .salt = bytesOf<16>(kdf.at("salt")),
            .nonce = bytesOf<12>(cipher.at("nonce")),
            .ciphertext = bytesOf<SecretKey::kBytes>(cipher.at("ciphertext")),
            .tag = bytesOf<16>(cipher.at("tag"))};
}

void refuseOtherReaders(const fs::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) throwFileError(errno, path, "open");
    if ((info.st_mode & kOthers) == 0) return;
    const std::string name = visibleName(path);
    throw Error(
        ErrorCode::NoPermission,
        fmt::format("others may read or write the key file {} (mode {:o}): if nobody has, run chmod 600 {}; "
                    "else make a new key",
                    name, info.st_mode & 0777, name));
}

}  // namespace

KeyFile::KeyFile(KeyInfo info, std::variant<SecretKey, SealedKey> key)
    : m_info(std::move(info)), m_key(std::move(key)) {
    m_info.isProtected = std::holds_alternative<SealedKey>(m_key);
}

KeyFile::KeyFile(const SecretKey& key, std::string name, std::string createdUtc,
                 const std::optional<std::string>& passphrase)
    : m_info{std::move(name), std::move(createdUtc), key.fingerprint(), passphrase.has_value()}, m_key(key) {
    if (passphrase) m_key = sealKey(key, *passphrase, contextOf(m_info.fingerprint));
}

KeyFile KeyFile::read(const fs::path& path) {
    refuseOtherReaders(path);
    const Wiped file{readTextFile(path, kMostBytes)};
    const auto corrupt = [&](const std::string& why) {
        return Error(ErrorCode::Corrupt, fmt::format("{} is no key file: {}", visibleName(path), why));
    };
    try {
        const Json record = Json::parse(file.text);
        if (record.at("format") != kFormat) throw corrupt("its format is another");
        if (strictValue<int>(record.at("version"), "version") > kVersion)
            throw Error(ErrorCode::Unsupported,
                        fmt::format("{} was written by a newer Signet: use that", visibleName(path)));
        KeyInfo info{.name = record.at("name").get<std::string>(),
                     .createdUtc = record.at("created_utc").get<std::string>(),
                     .fingerprint = record.at("fingerprint").get<std::string>()};
        if (!SecretKey::isFingerprint(info.fingerprint)) throw corrupt("its fingerprint is none");
        if (!record.contains("key")) return KeyFile(std::move(info), readSealed(record));
        const SecretKey key(bytesOf<SecretKey::kBytes>(record.at("key")));
        checkFingerprint(key, info);
        return KeyFile(std::move(info), key);
    } catch (const Json::exception&) {  // its text may quote the file's
        throw corrupt("it is not the JSON of one");
    } catch (const Error& error) {
        if (error.code() == ErrorCode::BadOption) throw corrupt("a field has no value of its kind");
        throw;
    }
}

void KeyFile::write(const fs::path& path, IfExists ifExists) const {
    Json record = {{"format", kFormat},
                   {"version", kVersion},
                   {"name", m_info.name},
                   {"created_utc", m_info.createdUtc},
                   {"fingerprint", m_info.fingerprint}};
    if (const auto* sealed = std::get_if<SealedKey>(&m_key))
        record.update(sealedRecord(*sealed));
    else
        record["key"] = toHex(std::get<SecretKey>(m_key).bytes());
    const Wiped file{record.dump(2) + "\n"};
    writeFileAtomically(path, file.text, ifExists, Readers::OwnerOnly);
    flushFolder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

SecretKey KeyFile::open(const AskPassphrase& ask) const {
    if (const auto* key = std::get_if<SecretKey>(&m_key)) return *key;
    const Wiped passphrase{ask(m_info)};
    const SecretKey key =
        unsealKey(std::get<SealedKey>(m_key), passphrase.text, contextOf(m_info.fingerprint));
    checkFingerprint(key, m_info);
    return key;
}

}  // namespace signet::signature
