#pragma once

#include <cstddef>
#include <exception>
#include <optional>

#include "core/examine/examine.h"
#include "core/examine/loaded_models.h"
#include "core/nn/kept_heap.h"
#include "core/signature/signed_register.h"

namespace signet::examine {

struct Examiner::Impl {
    explicit Impl(Options options) : models(std::move(options)) {
        if (const auto& workspace = models.options().workspace; !workspace.empty())
            signedPictures.emplace(workspace);
    }
    nn::KeptHeap heap{std::size_t{16} << 20};  ///< bytes: what networks work in, not large pictures
    LoadedModels models;
    std::optional<signature::SignedRegister> signedPictures;  ///< of the workspace; nothing: there is none
};

/// What a record says about an exception that ended it.
Record::Failure failureOf(const std::exception& exception);

/// Decoding that may deliver fewer pixels, but no short side under side px (0: full size).
inline image::DecodeOptions reducedTo(int side) {
    image::DecodeOptions options;
    options.reduceToShortSide = side;
    return options;
}

/// Throws TooSmall for an image with a side under kSmallestSide.
void refuseSmall(int width, int height);

}  // namespace signet::examine
