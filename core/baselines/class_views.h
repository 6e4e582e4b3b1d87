#pragma once

#include <torch/types.h>

#include <vector>

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
    torch::Tensor image;  ///< [1,3,side,side] in [-1,1]
    int label;            ///< its class
};

/// Of each class images / classes photographs and at least one, spread evenly over its files. Those that
/// cannot be read are left out.
std::vector<ClassView> readClassViews(const training::PhotoSet& photos, int classes, int images, int side);

/// Those that a grid of samples shows: eight, of the classes in turn.
std::vector<const ClassView*> shownViews(const std::vector<ClassView>& views, int classes);

/// An 8-bit RGB picture of them, one below the other.
image::Image gridOf(const std::vector<const ClassView*>& views, int side);

/// A batch of which a share has passed a compression, blur, noise, resizing or change of colour each
/// (attacks::kPhotometricAttacks), drawn for a few pictures at a time and alike on all ranks. images: this
/// rank's part of the run's batch, [B,3,H,W] in [-1,1].
torch::Tensor attackedShare(const torch::Tensor& images, double share, const training::RunOptions& run,
                            const training::ProcessGroup& group, StepRandom& random);

}  // namespace signet::baselines
