#pragma once

#include <cstdint>

#include "core/attacks/paper_draw.h"
#include "core/base/json.h"
#include "core/image/image.h"

namespace signet::attacks {

/// Paper A's training augmentation, rotation -> Gaussian blur -> flip, on 8-bit images: for evaluation under
/// the conditions of its Table 7. (The differentiable tensor form is
/// paperAugment of tensor_attacks.h.) The paper's text and
/// its public code differ:
///          rotation                                  blur                                         flip
///   Text   U[-30, 30] degrees, bilinear              Gaussian, variance U[0.01, 10] px^2,         p = 1/2
///                                                    whole kernel, border reflected
///   Code   one of 61 integer degrees, nearest        5x5, sigma one of linspace(0.01, 1, 10) px,  p = 1/2
///          neighbour                                 zero padding (0 in [-1,1]: mid-grey)
/// Both keep the size and fill the outside with mid-grey (127.5, rounded to 128).
struct PaperAugmentation {
    using Source = PaperSource;
    Source source = Source::Text;

    Json toJson() const;  ///< {"source": "text"}
    /// Throws BadOption.
    static PaperAugmentation fromJson(const Json& json);
};

PaperDraw drawPaperAugmentation(const PaperAugmentation& options, std::uint64_t seed);

/// image as 8-bit RGB under a draw.
image::Image applyPaperAugmentation(const image::Image& image, const PaperAugmentation& options,
                                    const PaperDraw& draw);

}  // namespace signet::attacks
