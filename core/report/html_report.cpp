#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "core/examine/examine.h"
#include "core/image/encode.h"
#include "core/report/document.h"
#include "core/report/report_text.h"
#include "core/report/writers.h"

namespace signet::report {
namespace {

constexpr int kJpegQuality = 85;
constexpr int kLogoSide = 360;

std::string base64(std::span<const std::uint8_t> bytes) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k) out += k <= left ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

std::string dataUri(const image::Image& image, image::Format format) {
    return fmt::format("data:image/{};base64,{}", image::toString(format),
                       base64(image::encode(image, {.format = format, .quality = kJpegQuality})));
}

const char* toneClass(Tone tone) {
    switch (tone) {
        case Tone::Note:
            return "note";
        case Tone::Alert:
            return "alert";
        case Tone::Plain:
            break;
    }
    return "plain";
}

/// The map's colours from low to high as a CSS gradient.
std::string legendGradient() {
    std::string stops;
    constexpr int kStops = 12;
    for (int i = 0; i <= kStops; ++i) {
        const auto c = examine::viridis(static_cast<double>(i) / kStops);
        stops += fmt::format(",#{:02x}{:02x}{:02x}", c[0], c[1], c[2]);
    }
    return "linear-gradient(to right" + stops + ")";
}

class HtmlWriter {
public:
    HtmlWriter(const ReportContent& content, const WritePart& write, const WorkContext& context)
        : m_content(content), m_write(write), m_context(context) {}

    void run() {
        head();
        title();
        writePreliminaries(m_content, [this](const Block& block) { add(block); });
        contents();
        writeDocument(m_content, [this](const Block& block) {
            if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the report was stopped");
            add(block);
        });
        closeSection();
        put(fmt::format("<footer class=\"end\">End of report {}</footer>\n</main>\n</body>\n</html>\n",
                        escapeHtml(m_content.id)));
        flush();
    }

private:
    void put(std::string_view text) {
        m_buffer += text;
        constexpr std::size_t kPart = 1 << 18;
        if (m_buffer.size() >= kPart) flush();
    }
    void flush() {
        m_write({reinterpret_cast<const std::uint8_t*>(m_buffer.data()), m_buffer.size()});
        m_buffer.clear();
    }

    std::string running() const {
        return fmt::format("{} · version {} · {}", m_content.id, m_content.version, statusWord(m_content));
    }

    void head() {
        const std::string css = readTextFile(dataFolder() / "resources/reporting/report.css");
        put(
            fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src "
                        "data:; style-src "
                        "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                        "<meta name=\"generator\" content=\"Signet {}\">\n<title>{} – "
                        "{}</title>\n<style>\n{}</style>\n</head>\n"
                        "<body class=\"{}\">\n",
                        escapeHtml(m_content.tool.version), escapeHtml(oneLine(m_content.options.title, 200)),
                        escapeHtml(m_content.id), css, m_content.draft() ? "draft" : "final"));
        if (m_content.draft()) put("<div class=\"watermark\" aria-hidden=\"true\">DRAFT</div>\n");
        put(fmt::format("<div class=\"running\">{}</div>\n", escapeHtml(running())));
        if (!m_content.options.banner.empty())
            put(fmt::format("<div class=\"banner\" dir=\"auto\">{}</div>\n",
                            escapeHtml(oneLine(m_content.options.banner, 200))));
        put("<main>\n");
    }

    void title() {
        put("<header>\n");
        if (!m_content.options.logo.empty())
            put(fmt::format("<img class=\"logo\" alt=\"Logo of the laboratory\" src=\"{}\">\n",
                            dataUri(loadLogo(m_content.options.logo, kLogoSide), image::Format::Png)));
        put(fmt::format("<h1 dir=\"auto\">{}</h1>\n", escapeHtml(oneLine(m_content.options.title, 500))));
        add(identification(m_content));
        put("</header>\n");
    }

    void contents() {
        put("<nav aria-label=\"Contents\"><ol>\n");
        for (const SectionInfo& info : reportSections())
            if (m_content.options.has(info.section))
                put(fmt::format("<li><a href=\"#{}\">{}</a></li>\n", info.key, escapeHtml(info.title)));
        put("<li><a href=\"#authorisation\">Authorisation</a></li>\n</ol></nav>\n");
    }

    void closeSection() {
        if (m_open) put("</section>\n");
        m_open = false;
    }

    void add(const Block& block) {
        std::visit([this](const auto& b) { add(b); }, block);
    }

    void add(const Heading& h) {
        if (h.level == 1) {
            closeSection();
            put(fmt::format("<section id=\"{}\">\n", escapeHtml(h.key)));
            m_open = true;
        }
        put(fmt::format("<h{0} dir=\"auto\">{1}</h{0}>\n", h.level + 1, escapeHtml(h.text)));
    }

    void add(const Paragraph& p) {
        put(fmt::format("<p class=\"{}{}\" dir=\"auto\">", toneClass(p.tone), p.mono ? " mono" : ""));
        if (!p.lead.empty()) put(fmt::format("<b>{}</b> ", escapeHtml(p.lead)));
        put(fmt::format("{}</p>\n", escapeHtml(p.text)));
    }

    void add(const Facts& f) {
        put("<dl>\n");
        for (const Fact& fact : f.facts) {
            put(fmt::format("<dt>{}</dt><dd class=\"{}{}\" dir=\"auto\">{}</dd>\n", escapeHtml(fact.label),
                            toneClass(fact.tone), fact.mono ? " mono" : "", escapeHtml(fact.value)));
        }
        put("</dl>\n");
    }

    void add(const Table& t) {
        put("<div class=\"wide\"><table>\n<thead><tr>");
        for (const Column& column : t.columns)
            put(fmt::format("<th class=\"{}\" scope=\"col\">{}</th>", column.right ? "right" : "left",
                            escapeHtml(column.title)));
        put("</tr></thead>\n<tbody>\n");
        for (std::size_t i = 0; i < t.rows.size(); ++i) {
            put(fmt::format("<tr class=\"{}\">", toneClass(i < t.tones.size() ? t.tones[i] : Tone::Plain)));
            for (std::size_t k = 0; k < t.rows[i].size() && k < t.columns.size(); ++k)
                put(fmt::format("<td class=\"{}{}\" dir=\"auto\">{}</td>",
                                t.columns[k].right ? "right" : "left", t.columns[k].mono ? " mono" : "",
                                escapeHtml(t.rows[i][k])));
            put("</tr>\n");
        }
        put("</tbody>\n</table></div>\n");
    }

    void add(const Pictures& pictures) {
        put("<div class=\"pictures\">\n");
        for (const PictureBox& box : pictures.boxes) {
            put("<figure>");
            const Picture picture = box.load();
            if (picture.problem.empty()) {
                put(fmt::format(
                    "<div class=\"picture\"><img alt=\"{}\" src=\"{}\">", escapeHtml(box.caption),
                    dataUri(picture.image, box.lineArt ? image::Format::Png : image::Format::Jpeg)));
                for (const Region& region : box.regions) addRegion(region, picture);
                put("</div>");
                if (box.evidenceMap)
                    put(
                        fmt::format("<div class=\"legend\"><span>{2}</span><i style=\"background:{1}\"></i>"
                                    "<span>+{0:.0f} {3}</span></div>",
                                    examine::kEvidenceRange, legendGradient(),
                                    decimal(-examine::kEvidenceRange, 0), escapeHtml(box.mapUnit)));
            } else {
                put(fmt::format("<div class=\"none\">{}</div>", escapeHtml(visible(picture.problem))));
            }
            put(fmt::format("<figcaption>{}</figcaption></figure>\n", escapeHtml(box.caption)));
        }
        put("</div>\n");
    }

    void addRegion(const Region& region, const Picture& picture) {
        const auto shares = sharesOf(region, picture);
        if (!shares) return;
        if (!shares->corners.empty()) return addPolygon(*shares);
        put(fmt::format(
            "<span class=\"region\" style=\"left:{:.3f}%;top:{:.3f}%;width:{:.3f}%;height:{:.3f}%\">"
            "<b>{}</b></span>",
            100 * shares->x, 100 * shares->y, 100 * shares->width, 100 * shares->height,
            escapeHtml(region.label)));
    }

    /// Light on dark, as the rectangles are.
    void addPolygon(const Region& shares) {
        std::string points;
        for (const auto& [x, y] : shares.corners) points += fmt::format("{:.2f},{:.2f} ", 100 * x, 100 * y);
        put("<svg class=\"region-outline\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\">");
        for (const char* colour : {"dark", "light"})
            put(fmt::format("<polygon class=\"{}\" points=\"{}\"/>", colour, points));
        put(fmt::format("</svg><b class=\"region-label\" style=\"left:{:.3f}%;top:{:.3f}%\">{}</b>",
                        100 * shares.x, 100 * shares.y, escapeHtml(shares.label)));
    }

    const ReportContent& m_content;
    const WritePart& m_write;
    const WorkContext& m_context;
    std::string m_buffer;
    bool m_open = false;
};

}  // namespace

void writeHtml(const ReportContent& content, const WritePart& write, const WorkContext& context) {
    HtmlWriter(content, write, context).run();
}

}  // namespace signet::report
