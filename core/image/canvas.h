#pragma once

#include <cstdint>
#include <vector>

#include "core/image/image.h"

namespace signet::image::codecs {

/// What the frames of an animation are drawn on: RGBA of 8 bits, transparent at first.
class Canvas {
public:
    enum class After { Keep, Clear, Restore };  ///< what becomes of a frame before the next one is drawn
    struct Area {
        int left = 0, top = 0, width = 0, height = 0;
    };

    Canvas(int width, int height);

    /// Ends the frame before and begins one of this area, which may reach over the edge.
    void begin(const Area& area, After after);

    /// The pixel (4 samples) of the canvas; null outside.
    std::uint8_t* pixel(int x, int y);

    /// The picture, moved out: RGB where it is opaque everywhere.
    Image finish();

private:
    Image m_image;
    std::vector<std::uint8_t> m_before;  ///< the picture before a frame that is taken back
    Area m_area;
    After m_after = After::Keep;
};

/// RGBA of 8 bits without its alpha channel, where that is opaque everywhere.
Image withoutOpaqueAlpha(Image image);

}  // namespace signet::image::codecs
