#pragma once

#include <memory>
#include <string>

#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::removal {

/// A trained remover ready for use: weights verified, on one device. Holds no Torch type in its interface.
/// Calls from several threads are served one after another.
class RemoverModel {
public:
    /// Throws BadOption for a model of another kind, HashMismatch, Corrupt, NotFound, Environment (device).
    RemoverModel(const models::Manifest& manifest, const std::string& device, int threads);
    ~RemoverModel();

    /// A picture of any size with what the network takes for a signature taken off; rounded to its depth.
    image::Image remove(const image::Image& picture);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::removal
