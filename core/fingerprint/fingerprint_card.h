#pragma once

#include <cstdint>
#include <string>

#include "core/base/json.h"
#include "core/models/manifest.h"

namespace signet::fingerprint {

/// Pictures that must be drawn, and images of elsewhere read, for a model to be validated.
inline constexpr std::int64_t kValidatedPictures = 1000, kValidatedImages = 3000;

/// Keeps what `signet fingerprint evaluate` measured ("read_back", "null") in the model's folder, and says in
/// its manifest whether it is validated by it. Throws NoPermission, DiskFull.
void keepEvaluation(models::Manifest& manifest, const Json& evaluation);

/// The model's card from what was kept and the notes beside it (history.md, limits.md). Throws NotFound where
/// nothing is kept, Corrupt.
std::string fingerprintCard(const models::Manifest& manifest);

}  // namespace signet::fingerprint
