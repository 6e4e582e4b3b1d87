#pragma once

#include <string>

#include "core/cases/case_types.h"

namespace signet::registry {

using cases::RowId;

inline constexpr const char* kActive = "active";
inline constexpr const char* kRevoked = "revoked";

/// A fingerprinted generator that was issued to somebody. Only its status ever changes.
struct Instance {
    RowId id = 0;
    std::string codeHex;
    int bits = 0;
    std::string model;        ///< name of the fingerprinting model
    std::string modelSha256;  ///< of its weights
    std::string holder;
    std::string generatorSha256;  ///< of the weights that were handed over; empty: not known
    std::string issuedUtc;
    std::string notes;
    bool revoked = false;
    std::string reason;  ///< of the last change of its status
};

}  // namespace signet::registry
