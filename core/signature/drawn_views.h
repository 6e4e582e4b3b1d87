#pragma once

#include <torch/types.h>

#include <span>

#include "core/attacks/tensor_attacks.h"
#include "core/base/random.h"

namespace signet::signature {

/// The images of a step over all processes that share it, and which of them are this one's.
struct ImageShare {
    std::int64_t all = 0, first = 0, own = 0;
};

/// How far the views of a training go.
struct ViewRanges {
    double smallest = 0.52, largest = 1.45;  ///< side of what a view shows, of the picture's
    double anyAngleShare = 0.3;              ///< turned by any angle
    double slightAngleShare = 0.3;           ///< turned by up to slightAngle degrees
    double slightAngle = 30;
    double mirrorShare = 0.5;
    double stretchShare = 0.3;
    double stretch = 1.33;  ///< up to this factor between the sides; the others up to 1.05
    double perspective = 0.08;
    double perspectiveShare = 0.2;
    double wholeShare = 0.2;  ///< that show the picture as it is
};

/// Maps from view coordinates to the picture's, homographies [images,3,3] in [-1,1] units on the CPU: a part
/// of the picture anywhere in it, or all of it on a page, turned, mirrored, stretched, seen askew.
torch::Tensor drawViews(std::int64_t images, const ViewRanges& ranges, StepRandom& random);

/// What the views show: pictures [B,3,S,S] under maps [B,3,3]; beyond a picture's border what lies there in
/// ground [B,3,S,S].
torch::Tensor showViews(const torch::Tensor& pictures, const torch::Tensor& ground,
                        const torch::Tensor& maps);

/// Where the chips of a view's estimate [.,.,h,w] lie in the picture's own frame of frameSide chips, for
/// fold(): x and y, [B,2,h * w], under maps [B,3,3] and an affine error [B,2,3] in chips about the frame's
/// centre.
torch::Tensor chipPlaces(const torch::Tensor& maps, const torch::Tensor& error, std::int64_t rows,
                         std::int64_t columns, double frameSide);

/// Photometric attacks on pictures [B,3,S,S] in [-1,1] that are share's own: groups of three images have a
/// draw of their own. kinds: drawn from, one that stands there twice twice as often; one, another: shares of
/// the groups that get a first attack, and a second one.
torch::Tensor attackViews(const torch::Tensor& pictures, const ImageShare& share,
                          std::span<const attacks::PhotometricAttack> kinds, double one, double another,
                          StepRandom& random);

}  // namespace signet::signature
