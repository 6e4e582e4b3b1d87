#pragma once

#include <cstddef>

#include "core/signature/picture_hash.h"

namespace signet::signature {

enum class LikenessAnswer { Alike, Unlike, CannotBeSaid };

/// How far what a view shows is the picture that a hash was made of.
struct Likeness {
    LikenessAnswer answer = LikenessAnswer::CannotBeSaid;
    int signs = 0;     ///< that both have, where the view lies best
    int agreeing = 0;  ///< of these
    /// The signs' correlation, in units of what is asked for in one comparison: alike from 1 on, unlike below
    /// kUnlikeScore wherever the view may lie.
    double score = 0;

    double share() const { return signs > 0 ? static_cast<double>(agreeing) / signs : 0; }
};

/// The best of all places that a view can have in the frame, which its map tells but for whole tiles. Alike
/// are a picture and any part of it, whatever was done to its colours; the signs of two pictures agree no
/// more than by chance, given how many of each are brighter and darker. Asked for is a correlation of 0.6,
/// and so much more where few signs are compared, or many pictures, that the best does not reach it by
/// chance. Nothing can be said between the two limits, and where the view or the picture is flat, or the same
/// gradient, nearly everywhere. comparisons: pictures that the view is compared with.
Likeness likenessTo(const PictureHash& picture, const SeenSigns& seen, std::size_t comparisons = 1);

inline constexpr double kUnlikeScore = 0.75;

}  // namespace signet::signature
