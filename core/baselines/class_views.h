#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/attacks/tensor_attacks.h"
#include "core/base/random.h"
#include "core/image/image.h"
#include "core/training/photo_set.h"
#include "core/training/process_group.h"
#include "core/training/run_options.h"

// What trainings of classifiers have in common: the pictures they validate on, and attacks on those they
// learn from.
namespace signet::baselines {

/// A photograph that is validated on.
struct ClassView {
    torch::Tensor image;  ///< [1,3,side,side] in [-1,1], or a smaller picture as it is
    int label;            ///< its class
};

/// Of each class images / classes photographs and at least one, spread evenly over its files: squares or, not
/// resized, their middles. Those that cannot be read are left out.
std::vector<ClassView> readClassViews(const training::PhotoSet& photos, int classes, int images, int side,
                                      bool resized = true);

/// Those that a grid of samples shows: eight, of the classes in turn.
std::vector<const ClassView*> shownViews(const std::vector<ClassView>& views, int classes);

/// An 8-bit RGB picture of them, one below the other.
image::Image gridOf(const std::vector<const ClassView*>& views, int side);

/// A batch of which a share has passed a compression, blur, noise, resizing or change of colour each
/// (attacks::kPhotometricAttacks), drawn for a few pictures at a time and alike on all ranks. images: this
/// rank's part of the run's batch, [B,3,H,W] in [-1,1].
torch::Tensor attackedShare(const torch::Tensor& images, double share, const training::RunOptions& run,
                            const training::ProcessGroup& group, StepRandom& random);

/// What one picture passes in a training.
struct Augmentation {
    int quarterTurns = 0;  ///< counter-clockwise, before the rest
    std::vector<attacks::PhotometricDraw> chain;
};
/// Each step with the probability share, independently of the others. kBlurJpeg: Wang et al. 2020, a Gaussian
/// blur of a sigma uniform between 0 and 3 side / 256 px and JPEG of a quality uniform in 30..100, each after
/// the crop. kStrong, our own recipe in the spirit of Gragnaniello et al. 2021, whose training code is not
/// public: quarter turns, an opaque plate over 5 to 20 % of the area, changes of brightness, contrast and
/// colour, these blurs, resizing by 0.4 to 0.95 and back, noise and JPEG, in this order.
Augmentation drawAugmentation(const std::string& augmentation, double share, std::int64_t side,
                              StepRandom& random);

/// A batch in which what a share passes is of kOneAttack (attackedShare) or drawn for each picture
/// (drawAugmentation), alike on all ranks; the rest as there. Pictures are square.
torch::Tensor augmented(const torch::Tensor& images, const std::string& augmentation, double share,
                        const training::RunOptions& run, const training::ProcessGroup& group,
                        StepRandom& random);

}  // namespace signet::baselines
