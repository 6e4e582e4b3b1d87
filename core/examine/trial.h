#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/examine/loaded_models.h"
#include "core/image/image.h"
#include "core/signature/embedding_options.h"

namespace signet::examine {

/// One photograph prepared for measuring: reduced, and the same signed with a code of its own.
struct Trial {
    image::Image plain;
    image::Image marked;
    std::vector<std::uint8_t> code;
    double psnrDb = 0;
};

/// Reads a photograph, reduces it to a square of side px (0: as it is) and signs it; the code depends on seed
/// alone. Throws signet::Error.
Trial makeTrial(LoadedModel& model, const std::filesystem::path& path, int side,
                const signature::EmbeddingOptions& embedding, std::uint64_t seed, int threads);

}  // namespace signet::examine
