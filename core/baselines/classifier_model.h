#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/image/image.h"

namespace signet::baselines {

/// A trained classifier ready for use: weights verified, in evaluation on one device. Holds no Torch type in
/// its interface. Calls from several threads are served one after another.
class ClassifierModel {
public:
    /// Throws HashMismatch, Corrupt, NotFound, BadOption, Environment (device).
    ClassifierModel(const std::filesystem::path& modelFolder, const std::string& device, int threads);
    ~ClassifierModel();

    int side() const;  ///< of its square input, px
    /// Of an image of any size, which is brought to side x side: log odds of the second class, see
    /// Classifier::logit.
    double logit(const image::Image& image);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::baselines
