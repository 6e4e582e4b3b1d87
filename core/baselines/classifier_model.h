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

    int side() const;      ///< of its square input, or of the middle that it sees, px
    bool resizes() const;  ///< else it sees pixels as they are: an image must come in full size
    /// Of an image of any size, as the model's input is (kSquareInput and the following): log odds of the
    /// second class, see Classifier::logit. A whole image with both sides over 1536 px is seen in tiles of
    /// 1024 px, of which the mean by area is taken (Gragnaniello et al. 2021).
    double logit(const image::Image& image);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::baselines
