#include "core/image/canvas.h"

#include <algorithm>
#include <utility>

namespace signet::image::codecs {

Canvas::Canvas(int width, int height) : m_image(makeImage(width, height, 4)) {}

void Canvas::begin(const Area& area, After after) {
    if (m_after == After::Restore) m_image.data = m_before;
    if (m_after == After::Clear) {
        for (int y = m_area.top; y < m_area.top + m_area.height; ++y)
            for (int x = m_area.left; x < m_area.left + m_area.width; ++x)
                if (std::uint8_t* to = pixel(x, y)) std::fill(to, to + 4, std::uint8_t{0});
    }
    m_area = area;
    m_after = after;
    if (after == After::Restore) m_before = m_image.data;
}

std::uint8_t* Canvas::pixel(int x, int y) {
    if (x < 0 || y < 0 || x >= m_image.width || y >= m_image.height) return nullptr;
    return m_image.data.data() + 4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(m_image.width) +
                                      static_cast<std::size_t>(x));
}

Image Canvas::finish() {
    return withoutOpaqueAlpha(std::move(m_image));
}

Image withoutOpaqueAlpha(Image image) {
    for (std::size_t i = 3; i < image.data.size(); i += 4)
        if (image.data[i] != 255) return image;
    return toRgb8(image);
}

}  // namespace signet::image::codecs
