#include "core/signature/tile_places.h"

#include <cstddef>

#include "core/image/simd.h"

namespace signet::signature {
namespace {

/// Tiles are counted from one so far outside the frame, so that truncation is floor.
constexpr float kOutside = 1024;

/// A map whose numerators are in tiles, along a row of the view.
struct AlongRow {
    float perX, perY, perDepth;     ///< of a chip
    float fromX, fromY, fromDepth;  ///< where the row begins
    float firstX, offset, side;
};

SIGNET_SIMD
void findAlong(const AlongRow& row, int stride, std::size_t count, TilePlaces& found) {
    for (std::size_t i = 0; i < count; ++i) {
        const float x = row.firstX + static_cast<float>(i);
        float depth = row.perDepth * x + row.fromDepth;
        depth = depth > 0.05f ? depth : 0.05f;
        float atX = (row.perX * x + row.fromX) / depth + row.offset;
        float atY = (row.perY * x + row.fromY) / depth + row.offset;
        atX = atX > 0 ? atX : 0;
        atX = atX < 2 * kOutside ? atX : 2 * kOutside;
        atY = atY > 0 ? atY : 0;
        atY = atY < 2 * kOutside ? atY : 2 * kOutside;
        const float inX = (atX - static_cast<float>(static_cast<int>(atX))) * row.side;
        const float inY = (atY - static_cast<float>(static_cast<int>(atY))) * row.side;
        const int lowX = static_cast<int>(inX), lowY = static_cast<int>(inY);
        found.right[i] = inX - static_cast<float>(lowX);
        found.down[i] = inY - static_cast<float>(lowY);
        found.place[i] = lowY * stride + lowX;
    }
}

}  // namespace

TileMap::TileMap(const FrameMap& map, int tile, int side, int stride, float shift)
    : m_offset(static_cast<float>(kOutside - 0.5 / tile + shift / side)), m_side(side), m_stride(stride) {
    const double perTile = 1.0 / tile;
    for (std::size_t i = 0; i < m_h.size(); ++i)
        m_h[i] = static_cast<float>(i < 6 ? map.h[i] * perTile : map.h[i]);
}

void TileMap::find(int left, int row, int count, TilePlaces& found) const {
    constexpr int kLanes = 16;  // a whole number of vectors
    const float y = static_cast<float>(row) + 0.5f;
    findAlong({m_h[0], m_h[3], m_h[6], m_h[1] * y + m_h[2], m_h[4] * y + m_h[5], m_h[7] * y + m_h[8],
               static_cast<float>(left) + 0.5f, m_offset, static_cast<float>(m_side)},
              m_stride, static_cast<std::size_t>((count + kLanes - 1) / kLanes * kLanes), found);
}

}  // namespace signet::signature
