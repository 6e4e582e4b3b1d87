#include "core/signature/signed_register.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>

#include "core/base/append_file.h"
#include "core/base/error.h"
#include "core/base/file_lock.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/base/visible_text.h"
#include "core/signature/payload_code.h"
#include "core/signature/secret_key.h"

namespace fs = std::filesystem;

namespace signet::signature {
namespace {

constexpr const char* kFile = "signed.jsonl";
constexpr std::size_t kLongestLine = 64 * 1024;  ///< the hash of the longest picture has 18,441 characters
constexpr std::chrono::seconds kPatience{10};

std::string codeText(std::string_view code) {
    return hexFromBits(bitsFromHex(code, PayloadCode::kPayloadBits));
}

bool isSha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check(const SignedPicture& picture) {
    const auto require = [](bool holds, const char* what) {
        if (!holds) throw Error(ErrorCode::BadOption, fmt::format("a signed picture without {}", what));
    };
    require(SecretKey::isFingerprint(picture.registered.keyFingerprint), "the fingerprint of its key");
    require(picture.registered.hash.has_value(), "its hash");
    require(picture.width > 0 && picture.height > 0, "a size");
    require(isSha256(picture.sha256), "the SHA-256 of its file");
}

std::string lineOf(const SignedPicture& picture) {
    const Json record{{"utc", picture.utc},
                      {"key", picture.registered.keyFingerprint},
                      {"code", picture.registered.code},
                      {"hash", picture.registered.hash->text()},
                      {"width", picture.width},
                      {"height", picture.height},
                      {"sha256", picture.sha256},
                      {"file", toUtf8(picture.fileName)},
                      {"model", picture.model}};
    return record.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

/// Throws Error and Json::exception.
SignedPicture parseLine(const std::string& line) {
    const Json record = Json::parse(line);
    const auto text = [&](const char* name) { return record.at(name).get<std::string>(); };
    SignedPicture picture{
        .utc = text("utc"),
        .registered = {text("key"), codeText(text("code")), PictureHash::parse(text("hash"))},
        .width = strictValue<int>(record.at("width"), "width"),
        .height = strictValue<int>(record.at("height"), "height"),
        .sha256 = text("sha256"),
        .fileName = text("file"),
        .model = text("model")};
    check(picture);
    return picture;
}

bool endsWithinLine(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream || stream.tellg() <= 0) return false;
    stream.seekg(-1, std::ios::end);
    return stream.get() != '\n';
}

}  // namespace

SignedRegister::SignedRegister(const fs::path& workspace) : m_file(workspace / kFile) {}

void SignedRegister::add(SignedPicture picture) const {
    check(picture);
    picture.registered.code = codeText(picture.registered.code);
    if (picture.utc.empty()) picture.utc = utcNow();
    std::error_code error;
    fs::create_directories(m_file.parent_path(), error);
    if (error) throwFileError(error.value(), m_file.parent_path(), "write");
    fs::path lockFile = m_file;
    lockFile += ".lock";
    const FileLock lock(lockFile, "the register of what was signed", kPatience);
    AppendFile file(m_file, Readers::OwnerOnly);
    file.append((endsWithinLine(m_file) ? "\n" : "") + lineOf(picture));
}

std::optional<SignedRegister::Stamp> SignedRegister::stampOfFile() const {
    std::error_code error;
    Stamp stamp;
    stamp.bytes = fs::file_size(m_file, error);
    if (!error) stamp.written = fs::last_write_time(m_file, error);
    return error ? std::nullopt : std::optional(stamp);
}

SignedRegister::Content SignedRegister::contentOfFile() const {
    Content content;
    int number = 0, bad = 0, firstBad = 0;
    bool torn = false;
    const auto take = [&](const std::string& line, bool ended) {
        if (line.empty()) return;
        ++number;
        try {
            content.pictures.push_back(parseLine(line));
            return;
        } catch (const Json::exception&) {
        } catch (const Error&) {
        }
        if (!ended)
            torn = true;
        else if (bad++ == 0)
            firstBad = number;
    };
    try {
        eachLine(m_file, take, {.bytes = kLongestLine, .cuts = true});
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound) throw;  // nothing was signed yet
    }
    if (bad > 0)
        content.warnings.push_back(fmt::format(
            "{} of {} lines of {} cannot be read, the first is number {}: what was signed then is not known",
            bad, number, visibleName(m_file), firstBad));
    if (torn)
        content.warnings.push_back(
            fmt::format("the last line of {} is not whole: who wrote it was interrupted, or "
                        "is still writing",
                        visibleName(m_file)));
    return content;
}

std::shared_ptr<const SignedRegister::Content> SignedRegister::content(
    std::vector<std::string>* warnings) const {
    const std::lock_guard lock(m_mutex);
    // Asked before reading: what is added meanwhile makes it another one.
    const std::optional<Stamp> stamp = stampOfFile();
    if (!m_content || stamp != m_stamp) {
        m_content = std::make_shared<const Content>(contentOfFile());
        m_stamp = stamp;
    }
    if (warnings) warnings->insert(warnings->end(), m_content->warnings.begin(), m_content->warnings.end());
    return m_content;
}

std::vector<SignedPicture> SignedRegister::all(std::vector<std::string>* warnings) const {
    return content(warnings)->pictures;
}

std::vector<SignedPicture> SignedRegister::find(std::string_view keyFingerprint, std::string_view code,
                                                std::vector<std::string>* warnings) const {
    const std::string wanted = codeText(code);
    const std::shared_ptr<const Content> known = content(warnings);
    std::vector<SignedPicture> found;
    std::copy_if(known->pictures.begin(), known->pictures.end(), std::back_inserter(found),
                 [&](const SignedPicture& picture) {
                     return picture.registered.keyFingerprint == keyFingerprint &&
                            picture.registered.code == wanted;
                 });
    return found;
}

}  // namespace signet::signature
