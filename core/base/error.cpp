#include "core/base/error.h"

namespace signet {

std::string_view toString(ErrorCode code) {
    switch (code) {
        case ErrorCode::NotFound:
            return "not_found";
        case ErrorCode::NoPermission:
            return "no_permission";
        case ErrorCode::Unsupported:
            return "unsupported";
        case ErrorCode::Corrupt:
            return "corrupt";
        case ErrorCode::TooLarge:
            return "too_large";
        case ErrorCode::TooSmall:
            return "too_small";
        case ErrorCode::Exists:
            return "exists";
        case ErrorCode::DiskFull:
            return "disk_full";
        case ErrorCode::BadOption:
            return "bad_option";
        case ErrorCode::HashMismatch:
            return "hash_mismatch";
        case ErrorCode::NotVerified:
            return "not_verified";
        case ErrorCode::Environment:
            return "environment";
        case ErrorCode::Cancelled:
            return "cancelled";
        case ErrorCode::Internal:
            return "internal";
    }
    return "internal";
}

}  // namespace signet
