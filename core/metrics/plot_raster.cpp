#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/image/encode.h"
#include "core/metrics/plot_canvas.h"

namespace signet::metrics {
namespace {

/// Drawn at this multiple of the final size and averaged down: OpenCV's own anti-aliasing is coarse for thin
/// strokes.
constexpr int kOversampling = 3;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kFontCapHeight = 21;          ///< px of a capital at scale 1
constexpr double kHelveticaCapHeight = 0.718;  ///< share of the font size, so that PNG and PDF look alike
constexpr int kShift = 4;                      ///< fractional bits of OpenCV's drawing coordinates

class PngCanvas final : public PlotCanvas {
public:
    PngCanvas(double width, double height, double pixelsPerPoint)
        : m_scale(pixelsPerPoint * kOversampling),
          m_size(static_cast<int>(std::lround(width * pixelsPerPoint)),
                 static_cast<int>(std::lround(height * pixelsPerPoint))),
          m_sheet(m_size.height * kOversampling, m_size.width * kOversampling, CV_8UC3,
                  cv::Scalar::all(255)) {}

    void polyline(std::span<const PlotPoint> points, PlotColour colour, double lineWidth) override {
        for (std::size_t i = 1; i < points.size(); ++i) {
            cv::line(m_sheet, fixed(points[i - 1]), fixed(points[i]), rgb(colour), thickness(lineWidth),
                     cv::LINE_AA, kShift);
        }
    }

    void disc(PlotPoint centre, double radius, PlotColour colour) override {
        const int r = static_cast<int>(std::lround(radius * m_scale * (1 << kShift)));
        cv::circle(m_sheet, fixed(centre), r, rgb(colour), cv::FILLED, cv::LINE_AA, kShift);
    }

    void text(PlotPoint at, const std::string& text, double size, TextAlign align, PlotColour colour,
              bool vertical) override {
        const std::string ascii = printableAscii(text);
        const double scale = size * m_scale * kHelveticaCapHeight / kFontCapHeight;
        const int stroke = thickness(size * 0.085);
        int below = 0;
        const cv::Size box = cv::getTextSize(ascii, kFont, scale, stroke, &below);
        const int shift = align == TextAlign::Left     ? 0
                          : align == TextAlign::Centre ? box.width / 2
                                                       : box.width;
        const cv::Point base(static_cast<int>(std::lround(at.x * m_scale)),
                             static_cast<int>(std::lround(at.y * m_scale)));
        if (!vertical) {
            cv::putText(m_sheet, ascii, {base.x - shift, base.y}, kFont, scale, rgb(colour), stroke,
                        cv::LINE_AA);
            return;
        }
        // Written on the sheet turned clockwise, where upwards is rightwards.
        cv::Mat turned;
        cv::rotate(m_sheet, turned, cv::ROTATE_90_CLOCKWISE);
        cv::putText(turned, ascii, {m_sheet.rows - 1 - base.y - shift, base.x}, kFont, scale, rgb(colour),
                    stroke, cv::LINE_AA);
        cv::rotate(turned, m_sheet, cv::ROTATE_90_COUNTERCLOCKWISE);
    }

    std::vector<std::uint8_t> finish() override {
        image::Image out = image::makeImage(m_size.width, m_size.height, 3);
        cv::Mat target(m_size, CV_8UC3, out.data.data());
        cv::resize(m_sheet, target, m_size, 0, 0, cv::INTER_AREA);
        image::EncodeOptions options;
        options.format = image::Format::Png;
        options.pngCompression = 9;
        return image::encode(out, options);
    }

private:
    /// The sheet is kept in RGB order, so that no conversion is needed in the end.
    static cv::Scalar rgb(PlotColour colour) {
        return {double(colour.red), double(colour.green), double(colour.blue)};
    }

    cv::Point fixed(PlotPoint point) const {
        const double unit = m_scale * (1 << kShift);
        return {static_cast<int>(std::lround(point.x * unit)), static_cast<int>(std::lround(point.y * unit))};
    }

    int thickness(double lineWidth) const {
        return std::max(1, static_cast<int>(std::lround(lineWidth * m_scale)));
    }

    const double m_scale;
    const cv::Size m_size;
    cv::Mat m_sheet;
};

}  // namespace

std::unique_ptr<PlotCanvas> makePngCanvas(double width, double height, double pixelsPerPoint) {
    return std::make_unique<PngCanvas>(width, height, pixelsPerPoint);
}

}  // namespace signet::metrics
