#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "core/examine/examine.h"
#include "ui/bridge/loaded_image.h"
#include "ui/viewer/evidence_map.h"
#include "ui/viewer/outline_canvas.h"

class QAction;
class QComboBox;
class QLabel;
class QSlider;

namespace signet::ui {

class EvidenceMapLegend;

/// The Inspect page's viewer: canvas, zoom and overlay controls, legend and pixel read-out. GUI thread.
class ViewerPanel : public QWidget {
    Q_OBJECT
public:
    explicit ViewerPanel(QWidget* parent = nullptr);

    struct Layer {
        QString title;  ///< the model's name
        examine::EvidenceMap map;
        double score = 0;  ///< the presence score, logit: what the map does not explain of it is said
        MapUnit unit = MapUnit::Logits;
        std::vector<OutlineCanvas::Outline> outlines{};  ///< of the parts that are signed
    };

    void showImage(const LoadedImagePtr& image);
    /// A line in the middle of the canvas, e.g. "Loading photo.jpg" or why nothing can be shown.
    void showMessage(const QString& text);
    void clear();
    void setLayers(std::vector<Layer> layers);

    OutlineCanvas* canvas() const { return m_canvas; }
    QString readout() const;

    /// Zoom and overlay actions with their shortcuts, for the menu.
    const QList<QAction*>& viewActions() const { return m_actions; }
    QAction* overlayAction() const { return m_overlayAction; }
    QAction* outlinesAction() const { return m_outlinesAction; }
    int opacityPercent() const;
    void setOpacityPercent(int percent);

private:
    void makeActions();
    void makeLayout();
    void updateOverlay();
    void updateReadout(const QPoint& pixel);
    QString pixelText(const QPoint& pixel) const;
    const Layer* layer() const;  ///< that is chosen; null: none
    /// Whose outlines are drawn: the chosen one, else the first that has any; null: none has.
    const Layer* outlinedLayer() const;

    OutlineCanvas* m_canvas;
    QLabel* m_message;
    QLabel* m_zoomLabel;
    QLabel* m_readout;
    QComboBox* m_layerChoice;
    QSlider* m_opacity;
    QLabel* m_opacityLabel;
    EvidenceMapLegend* m_legend;
    QLabel* m_method;
    QWidget* m_overlayRow;
    QAction* m_overlayAction = nullptr;
    QAction* m_outlinesAction = nullptr;
    QList<QAction*> m_actions;
    std::vector<Layer> m_layers;
};

}  // namespace signet::ui
