#pragma once

#include <string>
#include <vector>

#include "core/examine/evaluation_row.h"

namespace signet::examine {

/// Parts of a model's card that not every model has; each is empty where nothing of it was measured, or of
/// other weights.

/// What all rows together say, and each family of images.
std::string togetherText(const std::vector<EvaluationRow>& rows);

/// Images without the signature (kUnsignedFile). Throws Corrupt.
std::string unsignedText(const models::Manifest& manifest);

/// Forged signatures (kForgeryFile). Throws Corrupt.
std::string forgeryText(const models::Manifest& manifest);

/// What attackers leave (kRemovalFile). Throws Corrupt.
std::string removalText(const models::Manifest& manifest);

/// In how many of the pictures that a generator draws a signature's detector finds it (kDrawnFile). Throws
/// Corrupt.
std::string drawnText(const models::Manifest& manifest);

}  // namespace signet::examine
