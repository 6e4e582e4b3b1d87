#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/image/image.h"
#include "core/report/report_content.h"

namespace signet::report {

/// A picture for a report, or why there is none.
struct Picture {
    image::Image image;   ///< 8-bit RGB; empty where problem is not
    std::string problem;  ///< "the file was altered after intake"
    int fullWidth = 0;    ///< px of the whole image as displayed, before it was reduced
    int fullHeight = 0;
};

/// A part of an image, px of the whole image as displayed.
struct Region {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    std::string label;
    /// Of a convex polygon inside, x and y; empty: the rectangle.
    std::vector<std::array<double, 2>> corners = {};
};

/// A signed part of an image that was examined with this record; nothing where it has no outline.
std::optional<Region> regionOf(const examine::KeyedEvidence::Region& part, const examine::Record& record,
                               std::string label);

/// The region of a finding, labelled with its number; nothing where it has none, or an empty one.
std::optional<Region> regionOf(const cases::Finding& finding);

/// A region as shares (0..1) of a picture's width and height, clipped to it; nothing where it lies outside.
std::optional<Region> sharesOf(const Region& region, const Picture& picture);

/// Width / height of an exhibit as its examination recorded them; 0: not examined.
double aspectOf(const ExhibitContent& exhibit);

/// The exhibit's picture as displayed, longest side at most maxSide px, from bytes that have the SHA-256
/// recorded at intake. Never throws.
Picture loadThumbnail(const ExhibitContent& e, int maxSide);

/// The evidence map of an examination without the caption burnt into the file (writers draw their own
/// legend), from bytes that have the SHA-256 recorded with it. Never throws.
Picture loadEvidenceMap(const EvidenceMapFile& evidenceMap, int maxSide);

/// A laboratory's logo; alpha over white. Throws what decoding throws.
image::Image loadLogo(const std::string& path, int maxSide);

}  // namespace signet::report
