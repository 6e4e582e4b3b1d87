#pragma once

#include <memory>
#include <string>

#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::baselines {

/// A trained classifier that looks at single images; its header needs no Torch. Calls from several threads
/// are served one after another.
class ImageClassifier {
public:
    /// device as nn::deviceFromName takes it. Throws as Classifier::load does, and Environment (device).
    ImageClassifier(const models::Manifest& manifest, const std::string& device, int threads);
    ~ImageClassifier();

    int side() const;  ///< of the square its network takes, px
    /// The natural logarithm of the odds of the second class where both are equally frequent; image: of any
    /// size.
    double logit(const image::Image& image);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::baselines
