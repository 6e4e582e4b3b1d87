#include "core/examine/grid.h"

#include <algorithm>
#include <array>

namespace signet::examine {
namespace {

constexpr std::array kGrids{
    // Of photo-code32 and photo-presence; nearly all crops about the centre, no turn beyond 30 degrees.
    Grid{1,
         "none,flip,jpeg:90,jpeg:75,jpeg:50,webp:50,resize:0.5,crop:0.75,crop:0.5,cropresize:0.75,"
         "cropresize:0.5,rotate:5,rotate:15,rotate:30,flip+rotate:20,paper-text,paper-code,blur:1,blur:2,"
         "noise:0.02,noise:0.05,brightness:0.5,brightness:1.5,contrast:0.5,contrast:1.5,"
         "jpeg:75+cropresize:0.75+brightness:1.2"},
    // Issue 13: any part of the picture, anyhow turned, in other colours, inside a page.
    Grid{2,
         "none,jpeg:90,jpeg:75,jpeg:50,jpeg:30,webp:50,webp:30,avif:40,resize:0.5,scale:0.5,scale:2,"
         "crop-at:0.9,crop-at:0.75,crop-at:0.6,crop-at:0.5,crop-at:0.3,crop-aspect:0.75,crop-aspect:1.7778,"
         "rotate:5,rotate:45,rotate:90,rotate:180,rotate-any,rotate-out:5,rotate-out:45,rotate-out-any,"
         "flip,flip-vertical,stretch:1.3,perspective:0.05,perspective:0.1,grey,saturation:0.3,saturation:2,"
         "hue:0.1,hue:-0.1,gamma:0.6,gamma:1.8,equalise,posterise:3,palette:64,median:5,blur:2,noise:0.05,"
         "noise:0.1,overlay:0.15,paste:0.7,paste:0.5,paste:0.25,scale:0.6+jpeg:70+crop-at:0.9"},
};

}  // namespace

std::span<const Grid> grids() {
    return kGrids;
}

const Grid& newestGrid() {
    return kGrids.back();
}

const Grid* findGrid(int number) {
    const auto found =
        std::find_if(kGrids.begin(), kGrids.end(), [&](const Grid& grid) { return grid.number == number; });
    return found == kGrids.end() ? nullptr : &*found;
}

}  // namespace signet::examine
