#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/examine/loaded_models.h"
#include "core/image/image.h"
#include "core/signature/embedding_options.h"
#include "core/signature/secret_key.h"

namespace signet::examine {

/// One photograph prepared for measuring: reduced, and the same signed with a code of its own.
struct Trial {
    image::Image plain;
    image::Image marked;
    std::vector<std::uint8_t> code;
    double psnrDb = 0;
};

/// The square in the middle of a picture reduced to a short side of `side` px.
image::Image centreSquare(const image::Image& image, int side);

/// A picture as it is measured: 8-bit RGB, reduced to a square of side px (0: as it is). Throws
/// signet::Error, TooSmall among them.
image::Image plainPicture(const std::filesystem::path& path, int side);

/// A code that depends on seed alone, never all zeros; all ones of one bit.
std::vector<std::uint8_t> drawnCode(int bits, std::uint64_t seed);

/// A secret key that depends on the two numbers alone.
signature::SecretKey drawnKey(std::uint64_t seed, std::uint64_t number);

/// plain signed with this code. key: of a keyed signature. Throws signet::Error.
Trial signedTrial(LoadedModel& model, image::Image plain, std::vector<std::uint8_t> code,
                  const signature::EmbeddingOptions& embedding, int threads,
                  const signature::SecretKey& key = signature::SecretKey::publicDefault());

/// plainPicture, signed with the code of this seed. Throws signet::Error.
Trial makeTrial(LoadedModel& model, const std::filesystem::path& path, int side,
                const signature::EmbeddingOptions& embedding, std::uint64_t seed, int threads);

}  // namespace signet::examine
