// A CurvePlot on paper: exports.
#include <qcustomplot.h>

#include "core/base/file_io.h"
#include "core/metrics/curve_csv.h"
#include "ui/plot/curve_export.h"
#include "ui/plot/curve_plot_impl.h"
#include "ui/plot/plot_style.h"

namespace signet::ui {
namespace {

const QSize kPaper(720, 450);  // points, or px before the scale
constexpr double kPngScale = 3;

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
    redrawNow();
    m_impl->readout.clear();
    stylePlot(m_impl->plot, paperPalette(), font());
    for (const auto& [id, graphs] : m_impl->curves) graphs->restyle(false, Qt::black);
    wrapLegend(m_impl->plot, kPaper.width());
    prepareDraw(static_cast<int>(kPaper.width() * kPngScale), true);
    QImage image;
    QByteArray pdf;
    if (format == Format::Png)
        image = renderImage(m_impl->plot, kPaper, kPngScale);
    else
        pdf = renderPdf(m_impl->plot, kPaper, accessibleName());
    restyle();
    return [image, pdf](const std::filesystem::path& path, const std::stop_token&) {
        const QByteArray bytes = image.isNull() ? pdf : encodePng(image);
        writeFileAtomically(path, std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())),
                            IfExists::Replace);
    };
}

}  // namespace signet::ui
