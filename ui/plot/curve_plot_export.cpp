// A CurvePlot on paper: exports.
#include <qcustomplot.h>

#include <limits>

#include "core/base/file_io.h"
#include "core/metrics/curve_csv.h"
#include "ui/plot/curve_export.h"
#include "ui/plot/curve_plot_impl.h"
#include "ui/plot/plot_style.h"

namespace signet::ui {
namespace {

constexpr QSize kPaper(720, 450);  // px, 96 an inch
constexpr int kPngScale = 3;
constexpr double kPngFineness = 8;
constexpr double kAlwaysFine = std::numeric_limits<double>::infinity();

}  // namespace

CurvePlot::ExportJob CurvePlot::prepareExport(Format format) {
    if (format == Format::Csv) {
        std::vector<metrics::CurveSnapshot> curves;
        for (const auto& [id, graphs] : m_impl->curves)
            curves.push_back(
                {graphs->name().toStdString(), graphs->curve().points().snapshot(), smoothing()});
        return [curves = std::move(curves)](const std::filesystem::path& path, const std::stop_token& stop) {
            metrics::writeCurvesCsv(path, curves, IfExists::Replace, stop);
        };
    }
    while (m_impl->isBehind() || m_impl->isOutdated()) smoothSlice();
    m_impl->readout.clear();
    stylePlot(m_impl->plot, paperPalette(), font());
    for (const auto& [id, graphs] : m_impl->curves) graphs->restyle(false, Qt::black);
    wrapLegend(m_impl->plot, kPaper.width());
    // lines cost a PDF nothing to draw, and a picture is drawn on another thread
    prepareDraw(kPaper.width() * kPngScale, format == Format::Pdf ? kAlwaysFine : kPngFineness);
    const QPicture drawing = recordPlot(m_impl->plot, kPaper);
    restyle();
    const QString title = accessibleName();
    return [drawing, title, format](const std::filesystem::path& path, const std::stop_token&) {
        const QByteArray bytes =
            format == Format::Png ? drawPng(drawing, kPaper, kPngScale) : drawPdf(drawing, kPaper, title);
        writeFileAtomically(path, std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
    };
}

}  // namespace signet::ui
