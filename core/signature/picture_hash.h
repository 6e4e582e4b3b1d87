#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/image/image.h"
#include "core/signature/cell_signs.h"

namespace signet::signature {

/// What a picture looks like in the frame that its signature has: the signs of its cells, 48 on its short
/// side and on the long one in proportion (24 in what earlier versions kept). It shows no detail: a cell is
/// 1/48 of the short side. Immutable.
class PictureHash {
public:
    /// Of no picture: nothing is like it or unlike it.
    PictureHash() = default;

    static constexpr int kChips = 96;              ///< of the frame's short side
    static constexpr int kMostChips = 8 * kChips;  ///< of the long one: of a longer picture nothing is kept

    /// Of a text that text() gave. Throws Corrupt.
    static PictureHash parse(std::string_view text);

    /// "2:", "1:" of coarse cells, with the cells on each side, as "2:72x48:", and one hexadecimal digit a
    /// cell, row by row: 4 times the sign to the right plus that below, each 0 none, 1 brighter, 2 darker.
    std::string text() const;

    /// From the cell (0, 0) on; fine, or coarse in what earlier versions kept.
    const CellSigns& signs() const { return m_signs; }

    bool operator==(const PictureHash& other) const;

private:
    friend PictureHash hashOf(const image::Image& picture);
    explicit PictureHash(CellSigns signs) : m_signs(std::move(signs)) {}

    CellSigns m_signs;
};

/// Of a picture that is signed, best as it was before: where it is flat the residual is seen, which whoever
/// copies the signature copies too. Throws BadOption on an empty one.
PictureHash hashOf(const image::Image& picture);

/// Chips across a picture whose short side has PictureHash::kChips of them.
struct ChipSize {
    int columns = 0, rows = 0;
};
ChipSize frameOf(int width, int height);

}  // namespace signet::signature
