#pragma once

#include <QImage>
#include <QPoint>
#include <QSize>

#include "core/examine/examine.h"
#include "ui/viewer/scale_legend.h"

namespace signet::ui {

/// What the values of a map count.
enum class MapUnit { Logits, Deviations };

/// The evidence map as a picture, one pixel a cell, viridis on the fixed scale
/// -kEvidenceRange..+kEvidenceRange of its unit. Null for an empty map.
QImage evidenceMapImage(const examine::EvidenceMap& map);

/// The value of the cell that covers a pixel of an image of this size; nothing outside.
std::optional<float> evidenceAt(const examine::EvidenceMap& map, const QPoint& pixel, const QSize& imageSize);

/// The colour bar of the evidence map with its numeric range and unit.
class EvidenceMapLegend : public ScaleLegend {
    Q_OBJECT
public:
    explicit EvidenceMapLegend(QWidget* parent = nullptr);

    void setUnit(MapUnit unit);
};

}  // namespace signet::ui
