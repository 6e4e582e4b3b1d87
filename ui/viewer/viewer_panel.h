#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "core/examine/examine.h"
#include "ui/bridge/loaded_image.h"

class QAction;
class QComboBox;
class QLabel;
class QSlider;

namespace signet::ui {

class EvidenceMapLegend;
class ImageCanvas;

/// The Inspect page's viewer: canvas, zoom and overlay controls, legend and pixel read-out. GUI thread.
class ViewerPanel : public QWidget {
    Q_OBJECT
public:
    explicit ViewerPanel(QWidget* parent = nullptr);

    struct Layer {
        QString title;  ///< the model's name
        examine::EvidenceMap map;
        double score = 0;  ///< the presence score, logit: what the map does not explain of it is said
    };

    void showImage(const LoadedImagePtr& image);
    /// A line in the middle of the canvas, e.g. "Loading photo.jpg" or why nothing can be shown.
    void showMessage(const QString& text);
    void clear();
    void setLayers(std::vector<Layer> layers);

    ImageCanvas* canvas() const { return m_canvas; }
    QString readout() const;

    /// Zoom and overlay actions with their shortcuts, for the menu.
    const QList<QAction*>& viewActions() const { return m_actions; }
    QAction* overlayAction() const { return m_overlayAction; }
    int opacityPercent() const;
    void setOpacityPercent(int percent);

private:
    void makeActions();
    void makeLayout();
    void updateOverlay();
    void updateReadout(const QPoint& pixel);
    QString pixelText(const QPoint& pixel) const;

    ImageCanvas* m_canvas;
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
    QList<QAction*> m_actions;
    std::vector<Layer> m_layers;
};

}  // namespace signet::ui
