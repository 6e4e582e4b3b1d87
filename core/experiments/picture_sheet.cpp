#include "core/experiments/picture_sheet.h"

#include <algorithm>

#include "core/base/file_io.h"
#include "core/fingerprint/residual.h"
#include "core/image/encode.h"

namespace signet::experiments {

PictureSheet::PictureSheet(int columns, int rows, int side)
    : m_side(side), m_sheet(image::makeImage(columns * side, rows * side, 3)) {}

void PictureSheet::place(const image::Image& picture, int column, int row) {
    const std::ptrdiff_t width = std::ptrdiff_t{3} * m_side;
    for (int y = 0; y < m_side; ++y)
        std::copy_n(
            picture.data.begin() + y * width, width,
            m_sheet.data.begin() + (row * m_side + y) * std::ptrdiff_t{3} * m_sheet.width + column * width);
}

void PictureSheet::placeDifference(const image::Image& picture, const image::Image& other, double gain,
                                   int column, int row) {
    place(fingerprint::magnifiedResidual(picture, other, gain), column, row);
}

std::string PictureSheet::write(const Workshop& workshop, const std::string& name) const {
    writeFileAtomically(workshop.resultsFolder() / name, image::encode(m_sheet, {}), IfExists::Replace);
    return name;
}

}  // namespace signet::experiments
