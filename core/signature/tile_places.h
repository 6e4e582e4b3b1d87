#pragma once

#include <array>

#include "core/signature/frame_map.h"

namespace signet::signature {

constexpr int kPlacesAtOnce = 128;

/// Where chips of a view lie among a tile's places: the place at or before each, numbered row by row, and how
/// far beyond it, 0 .. 1.
struct TilePlaces {
    std::array<float, kPlacesAtOnce> right, down;
    std::array<int, kPlacesAtOnce> place;
};

/// A map to the tiles of a frame, each divided into side x side places: place (i, j) at the chips (j, i) *
/// tile / side of the tile, whose first chip has its centre at (0, 0).
class TileMap {
public:
    /// stride: between rows of places, at least side + 1 where each is shared with the next one. shift:
    /// places that are added both ways, 0.5 to round to the nearest place.
    TileMap(const FrameMap& map, int tile, int side, int stride, float shift = 0);

    /// Of count chips of a row of the view, from the left one on: kPlacesAtOnce at most.
    void find(int left, int row, int count, TilePlaces& found) const;

private:
    std::array<float, 9> m_h{};
    float m_offset;
    int m_side, m_stride;
};

}  // namespace signet::signature
