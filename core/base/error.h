#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace signet {

/// What went wrong, as scripts see it in the "error.code" of a record.
enum class ErrorCode {
    NotFound,      ///< file or folder is not there, or vanished
    NoPermission,  ///< the operating system refused
    Unsupported,   ///< a format or variant this program does not read
    Corrupt,       ///< the bytes contradict their format
    TooLarge,      ///< over a limit on pixels, memory or file size
    TooSmall,      ///< under the smallest image an answer is given for
    Exists,        ///< the output exists and may not be replaced
    DiskFull,      ///< no space left while writing
    BadOption,     ///< an option is unknown or out of its range
    HashMismatch,  ///< a file's SHA-256 is not the one recorded for it
    NotVerified,   ///< the signed file was written but does not read back
    Environment,   ///< the machine lacks something (model, library, device)
    Cancelled,     ///< stopped on request
    Internal,      ///< a bug
};

/// Stable snake_case name of a code, e.g. "too_large".
std::string_view toString(ErrorCode code);

/// The one exception type of the project. message says what happened and what to do about it.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message) : std::runtime_error(message), m_code(code) {}
    ErrorCode code() const { return m_code; }

private:
    ErrorCode m_code;
};

}  // namespace signet
