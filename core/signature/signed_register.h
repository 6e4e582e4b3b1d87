#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/signature/registered_picture.h"

namespace signet::signature {

/// A picture that this workspace signed with a key.
struct SignedPicture {
    std::string utc = {};          ///< empty: now, when it is added
    RegisteredPicture registered;  ///< key, code of 32 bits and hash are known
    int width = 0, height = 0;
    std::string sha256;    ///< of the signed file
    std::string fileName;  ///< of that file, without its folder
    std::string model;
};

/// What a workspace signed, so that a code that turns up on another picture is known for a copy: its file
/// signed.jsonl (mode 600, one JSON object a line: {utc, key, code, hash, width, height, sha256, file,
/// model}), which only grows. Never holds a key. Holds no file open; any number of processes may write. What
/// the file says is read once and kept (some 2 KB a picture), and read again when its size or its time is
/// another. Thread-safe.
class SignedRegister {
public:
    explicit SignedRegister(const std::filesystem::path& workspace);

    /// Whole or not at all; a line that a killed writer left unfinished is ended first. Throws BadOption on a
    /// fingerprint, code or digest that is none or a missing hash, Exists where another process holds the
    /// register for ten seconds, NoPermission, DiskFull.
    void add(SignedPicture picture) const;

    /// In the order they were signed; none where there is no file. Lines that cannot be read are left out and
    /// told of in warnings. Throws NoPermission.
    std::vector<SignedPicture> all(std::vector<std::string>* warnings = nullptr) const;

    /// Those of a key and a code (hexadecimal). Throws BadOption where it is none of 32 bits.
    std::vector<SignedPicture> find(std::string_view keyFingerprint, std::string_view code,
                                    std::vector<std::string>* warnings = nullptr) const;

private:
    /// Tells one state of the file from another.
    struct Stamp {
        std::uintmax_t bytes = 0;
        std::filesystem::file_time_type written;
        bool operator==(const Stamp&) const = default;
    };
    /// What the file says.
    struct Content {
        std::vector<SignedPicture> pictures;
        std::vector<std::string> warnings;
    };
    std::optional<Stamp> stampOfFile() const;
    Content contentOfFile() const;
    std::shared_ptr<const Content> content(std::vector<std::string>* warnings) const;

    std::filesystem::path m_file;
    mutable std::mutex m_mutex;
    mutable std::shared_ptr<const Content> m_content;  ///< null: not read yet
    mutable std::optional<Stamp> m_stamp;              ///< of the file then; nothing: there was none
};

}  // namespace signet::signature
