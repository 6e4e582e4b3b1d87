#pragma once

#include <string>

#include "app/cli/common.h"

namespace signet::cli {

/// `signet case verify` of a portable export: head is its manifest's SHA-256 (may be empty).
void verifyExport(Session& session, const std::string& path, const std::string& head);

}  // namespace signet::cli
