#include "ui/viewer/evidence_map.h"

#include <algorithm>

namespace signet::ui {
namespace {

QRgb colourOf(double t) {
    const auto rgb = examine::viridis(std::clamp(t, 0.0, 1.0));
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

}  // namespace

QImage evidenceMapImage(const examine::EvidenceMap& map) {
    const auto cells =
        static_cast<std::size_t>(std::max(0, map.columns)) * static_cast<std::size_t>(std::max(0, map.rows));
    if (cells == 0 || map.logits.size() < cells) return {};
    QImage picture(map.columns, map.rows, QImage::Format_RGB32);
    for (int y = 0; y < map.rows; ++y) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(y));
        for (int x = 0; x < map.columns; ++x) {
            const double logit =
                map.logits[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.columns) +
                           static_cast<std::size_t>(x)];
            line[x] = colourOf((logit + examine::kEvidenceRange) / (2 * examine::kEvidenceRange));
        }
    }
    return picture;
}

std::optional<float> evidenceAt(const examine::EvidenceMap& map, const QPoint& pixel,
                                const QSize& imageSize) {
    if (map.columns <= 0 || map.rows <= 0 || !QRect(QPoint(0, 0), imageSize).contains(pixel)) return {};
    const auto column =
        static_cast<std::size_t>(static_cast<qint64>(pixel.x()) * map.columns / imageSize.width());
    const auto row = static_cast<std::size_t>(static_cast<qint64>(pixel.y()) * map.rows / imageSize.height());
    const std::size_t index = row * static_cast<std::size_t>(map.columns) + column;
    if (index >= map.logits.size()) return {};
    return map.logits[index];
}

EvidenceMapLegend::EvidenceMapLegend(QWidget* parent)
    : ScaleLegend(
          QStringLiteral("evidenceMapLegend"), [](double t) { return QColor(colourOf(t)); }, parent) {
    setUnit(MapUnit::Logits);
}

void EvidenceMapLegend::setUnit(MapUnit unit) {
    const bool logits = unit == MapUnit::Logits;
    setTexts(QStringLiteral("\u2212%1").arg(examine::kEvidenceRange),
             logits ? tr("0 logit") : tr("0 std. dev."), QStringLiteral("+%1").arg(examine::kEvidenceRange),
             tr("Evidence colour scale, viridis, from %1 to %2 %3, the same for every image")
                 .arg(-examine::kEvidenceRange)
                 .arg(examine::kEvidenceRange)
                 .arg(logits ? tr("logits") : tr("standard deviations")));
}

}  // namespace signet::ui
