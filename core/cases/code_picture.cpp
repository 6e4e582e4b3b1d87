#include "core/cases/code_picture.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/visible_text.h"
#include "core/image/decode.h"

namespace signet::cases {
namespace {

/// Nothing where there is none, or what stands in the database is none that this version reads.
std::optional<signature::PictureHash> pictureHashOf(const RegisteredCode& code) {
    try {
        if (!code.pictureHash.empty()) return signature::PictureHash::parse(code.pictureHash);
    } catch (const Error&) {
    }
    return std::nullopt;
}

}  // namespace

void setPicture(RegisteredCode& code, const std::filesystem::path& file) {
    const Bytes bytes = readFile(file);
    try {
        code.pictureHash = signature::hashOf(image::decode(bytes).image).text();
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", visibleName(file), error.what()));
    }
    code.pictureSha256 = sha256Hex(bytes);
}

signature::PictureComparison comparePictures(const signature::ReadSignature& read,
                                             std::span<const RegisteredCode> codes) {
    std::vector<signature::RegisteredPicture> pictures;
    pictures.reserve(codes.size());
    for (const RegisteredCode& code : codes)
        pictures.push_back({code.keyFingerprint, code.hex, pictureHashOf(code)});
    return signature::comparePictures(read, pictures);
}

}  // namespace signet::cases
