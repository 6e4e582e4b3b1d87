#pragma once

#include <filesystem>
#include <span>

#include "core/cases/case_types.h"
#include "core/signature/registered_picture.h"

namespace signet::cases {

/// Keeps with a code what the picture in a file looks like, and the file's SHA-256. The picture is the one
/// the code was written on, best as it was before; of several in a file the first. Throws as readFile and
/// image::decode do.
void setPicture(RegisteredCode& code, const std::filesystem::path& file);

/// Whether a code that was read belongs to what is seen, by the pictures of a case's registered codes; the
/// entry is that of codes. One registered without a picture leaves it open.
signature::PictureComparison comparePictures(const signature::ReadSignature& read,
                                             std::span<const RegisteredCode> codes);

}  // namespace signet::cases
