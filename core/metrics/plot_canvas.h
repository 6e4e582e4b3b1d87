#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace signet::metrics {

struct PlotPoint {
    double x = 0;
    double y = 0;
};

struct PlotColour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

enum class TextAlign { Left, Centre, Right };

/// A page to draw a plot on without a display. Lengths are points (1/72 inch), the origin is the top left
/// corner, y grows downwards. Text is ASCII; other characters come out as question marks. Not thread-safe.
class PlotCanvas {
public:
    virtual ~PlotCanvas() = default;

    virtual void polyline(std::span<const PlotPoint> points, PlotColour colour, double lineWidth) = 0;
    virtual void disc(PlotPoint centre, double radius, PlotColour colour) = 0;

    /// at is the left end, centre or right end of the base line; vertical text reads upwards. size is the
    /// font's, pt.
    virtual void text(PlotPoint at, const std::string& text, double size, TextAlign align, PlotColour colour,
                      bool vertical = false) = 0;

    /// The finished file; nothing may be drawn afterwards.
    virtual std::vector<std::uint8_t> finish() = 0;
};

/// A one-page PDF 1.4 with vector lines and Helvetica, the same bytes for the same drawing.
std::unique_ptr<PlotCanvas> makePdfCanvas(double width, double height, const std::string& title);

/// A PNG of pixelsPerPoint pixels a point, anti-aliased.
std::unique_ptr<PlotCanvas> makePngCanvas(double width, double height, double pixelsPerPoint);

/// text with every character that is not printable ASCII replaced by one question mark.
std::string printableAscii(const std::string& text);

}  // namespace signet::metrics
