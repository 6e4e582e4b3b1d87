#pragma once

#include <string>

#include "core/base/json.h"
#include "core/cases/verify.h"

namespace signet::report {

// What a case records as keys and JSON, in words for people.

/// The settings of an examination: {"models": ["a", "b"], "tiles": false} is "models a and b; parts of the
/// image (tiles) not looked at". A setting this version does not know is given by its name and value.
std::string settingsInWords(const Json& params);

/// How an image is stored and how it was decoded, from the record of its examination: "640 × 480 px, JPEG, 8
/// bits a channel, RGB" and "libjpeg-turbo 2.1.5, at full size, upright as stored". Empty in a record
/// without.
struct ImageWords {
    std::string image;
    std::string decoding;
};
ImageWords imageInWords(const examine::Record& record);

/// "exhibit 3" for the subject "evidence:3" of an audit entry.
std::string subjectInWords(const std::string& subject);
/// The same of a problem; a file is told by its name (shownName).
std::string subjectInWords(const cases::Problem& problem);

/// What a finding says, visible(). What a verification noted names a file, whose name makes no lines of its
/// own.
std::string commentOf(const cases::Finding& finding);

}  // namespace signet::report
