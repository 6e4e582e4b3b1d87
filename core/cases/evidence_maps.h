#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/cases/case_types.h"

namespace signet::cases {

/// The evidence maps that a record lists, as artifacts to be recorded with it; hashed. caseFolder: of the
/// case; folder: where the maps are, relative to it.
std::vector<Artifact> mapArtifacts(const examine::Record& record, const std::filesystem::path& caseFolder,
                                   const std::string& folder);

/// Whose evidence map an artifact is, as its examination's record lists it; where the record, made by an
/// earlier version, lists none: the model whose name the file carries before its ending. Empty: not known.
std::string modelOfMap(const Artifact& artifact, const examine::Record& record);

}  // namespace signet::cases
