#pragma once

#include <filesystem>
#include <span>

#include "core/cases/case_types.h"

namespace signet::report {

/// Writes entries of an audit log as a table: number, time in UTC, actor, action, subject, details (JSON) and
/// the hashes. Whole or not at all; throws as streamFileAtomically.
void writeAuditCsv(const std::filesystem::path& path, std::span<const cases::AuditEntry> entries);

}  // namespace signet::report
