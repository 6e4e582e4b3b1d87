#include <fmt/format.h>

#include <array>
#include <iterator>

#include "core/metrics/plot_canvas.h"

namespace signet::metrics {
namespace {

/// Advance widths of Helvetica (Adobe's AFM), characters 32 to 126, in thousandths of the size.
constexpr std::array<int, 95> kHelveticaWidths{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

double textWidth(const std::string& ascii, double size) {
    int sum = 0;
    for (const char c : ascii) sum += kHelveticaWidths[static_cast<std::size_t>(c - 32)];
    return sum * size / 1000;
}

/// A PDF literal string.
std::string literal(const std::string& ascii) {
    std::string out = "(";
    for (const char c : ascii) {
        if (c == '(' || c == ')' || c == '\\') out += '\\';
        out += c;
    }
    return out + ")";
}

std::string colourOf(PlotColour colour, const char* op) {
    return fmt::format("{:.3f} {:.3f} {:.3f} {}\n", colour.red / 255.0, colour.green / 255.0,
                       colour.blue / 255.0, op);
}

class PdfCanvas final : public PlotCanvas {
public:
    PdfCanvas(double width, double height, std::string title)
        : m_width(width), m_height(height), m_title(std::move(title)) {}

    void polyline(std::span<const PlotPoint> points, PlotColour colour, double lineWidth) override {
        if (points.size() < 2) return;
        m_content += colourOf(colour, "RG") + fmt::format("{:.2f} w 1 j 1 J\n", lineWidth);
        const char* op = "m";
        for (const PlotPoint& point : points) {
            m_content += fmt::format("{:.2f} {:.2f} {}\n", point.x, m_height - point.y, op);
            op = "l";
        }
        m_content += "S\n";
    }

    void disc(PlotPoint centre, double radius, PlotColour colour) override {
        // A line of no length with round ends.
        m_content +=
            colourOf(colour, "RG") + fmt::format("{0:.2f} w 1 J {1:.2f} {2:.2f} m {1:.2f} {2:.2f} l S\n",
                                                 2 * radius, centre.x, m_height - centre.y);
    }

    void text(PlotPoint at, const std::string& text, double size, TextAlign align, PlotColour colour,
              bool vertical) override {
        const std::string ascii = printableAscii(text);
        const double width = textWidth(ascii, size);
        const double shift = align == TextAlign::Left ? 0 : align == TextAlign::Centre ? width / 2 : width;
        const double x = vertical ? at.x : at.x - shift;
        const double y = m_height - at.y - (vertical ? shift : 0);
        m_content +=
            colourOf(colour, "rg") + fmt::format("BT /F1 {:.2f} Tf {} {:.2f} {:.2f} Tm {} Tj ET\n", size,
                                                 vertical ? "0 1 -1 0" : "1 0 0 1", x, y, literal(ascii));
    }

    std::vector<std::uint8_t> finish() override {
        const std::array objects{
            std::string("<< /Type /Catalog /Pages 2 0 R >>"),
            std::string("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
            fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.2f} {:.2f}] /Contents 4 0 R "
                        "/Resources << /Font << /F1 5 0 R >> >> >>",
                        m_width, m_height),
            fmt::format("<< /Length {} >>\nstream\n{}endstream", m_content.size(), m_content),
            std::string("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
            fmt::format("<< /Title {} /Producer (Signet) >>", literal(printableAscii(m_title)))};
        std::string file = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
        std::string index = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
        for (std::size_t i = 0; i < objects.size(); ++i) {
            index += fmt::format("{:010} 00000 n \n", file.size());
            file += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
        }
        const std::size_t indexAt = file.size();
        file += index;
        file += fmt::format("trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{}\n%%EOF\n",
                            objects.size() + 1, indexAt);
        return {file.begin(), file.end()};
    }

private:
    const double m_width;
    const double m_height;
    const std::string m_title;
    std::string m_content;
};

}  // namespace

std::unique_ptr<PlotCanvas> makePdfCanvas(double width, double height, const std::string& title) {
    return std::make_unique<PdfCanvas>(width, height, title);
}

std::string printableAscii(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 && byte < 0xC0) continue;  // the rest of a UTF-8 character
        out += byte >= 32 && byte < 127 ? c : '?';
    }
    return out;
}

}  // namespace signet::metrics
