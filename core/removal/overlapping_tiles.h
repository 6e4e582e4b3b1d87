#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

namespace signet::removal {

/// What becomes of tiles, [B,3,side,side] -> the same; first: number of the first of them.
using TileWork = std::function<torch::Tensor(const torch::Tensor& tiles, std::uint64_t first)>;

/// A picture of any size worked on in its own resolution by networks that know squares of `side` px: in
/// tiles, evenly spread, of which neighbours share a quarter of a side at least and fade into each other
/// linearly. One that is smaller than a tile is continued by its border first. picture: [1,3,H,W]; the result
/// is as large.
torch::Tensor inTiles(const torch::Tensor& picture, int side, const TileWork& work);

}  // namespace signet::removal
