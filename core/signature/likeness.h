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
    /// The share of agreeing signs over one half, in units of what is asked for: alike from 1 on, unlike
    /// below kUnlikeScore wherever the view may lie.
    double score = 0;

    double share() const { return signs > 0 ? static_cast<double>(agreeing) / signs : 0; }
};

/// The best of all places that a view can have in the frame, which its map tells but for whole tiles. Alike
/// are a picture and any part of it, whatever was done to its colours; of another picture about half of the
/// signs agree. Asked for are three quarters of the signs, and so many more where few are compared that the
/// best of all places does not reach it by chance. Nothing can be said between the two limits, and where the
/// view or the picture is flat nearly everywhere. comparisons: pictures that the view is compared with.
Likeness likenessTo(const PictureHash& picture, const CellSigns& view, std::size_t comparisons = 1);

inline constexpr double kUnlikeScore = 0.65;

}  // namespace signet::signature
