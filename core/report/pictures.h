#pragma once

#include <string>

#include "core/image/image.h"
#include "core/report/report_content.h"

namespace signet::report {

/// A picture for a report, or why there is none.
struct Picture {
    image::Image image;   ///< 8-bit RGB; empty where problem is not
    std::string problem;  ///< "the file was altered after intake"
};

/// The exhibit's picture as displayed, longest side at most maxSide px, from bytes that have the SHA-256
/// recorded at intake. Never throws.
Picture loadThumbnail(const ExhibitContent& exhibit, int maxSide);

/// The evidence map of an examination without the caption burnt into the file (writers draw their own
/// legend), from bytes that have the SHA-256 recorded with it. Never throws.
Picture loadHeatmap(const HeatmapFile& heatmap, int maxSide);

/// A laboratory's logo; alpha over white. Throws what decoding throws.
image::Image loadLogo(const std::string& path, int maxSide);

}  // namespace signet::report
