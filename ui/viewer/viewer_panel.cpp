#include "ui/viewer/viewer_panel.h"

#include <QAction>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/style/widgets.h"
#include "ui/viewer/pixel_text.h"
#include "ui/viewer/zoom_actions.h"

namespace signet::ui {

ViewerPanel::ViewerPanel(QWidget* parent)
    : QWidget(parent),
      m_canvas(new OutlineCanvas(this)),
      m_message(makeNote(QStringLiteral("viewerMessage"), {}, m_canvas)),
      m_zoomLabel(makeLabel(QStringLiteral("zoomLabel"), {}, this)),
      m_readout(makeLabel(QStringLiteral("pixelReadout"), {}, this)),
      m_layerChoice(new QComboBox(this)),
      m_opacity(new QSlider(Qt::Horizontal, this)),
      m_opacityLabel(makeLabel(QStringLiteral("opacityLabel"), tr("Opacity"), this)),
      m_legend(new EvidenceMapLegend(this)),
      m_method(makeNote(QStringLiteral("evidenceMethod"), {}, this)),
      m_overlayRow(new QWidget(this)) {
    setObjectName(QStringLiteral("viewerPanel"));
    m_canvas->setObjectName(QStringLiteral("imageCanvas"));
    m_message->setAlignment(Qt::AlignCenter);
    auto* middle = new QVBoxLayout(m_canvas);
    middle->addWidget(m_message);
    m_message->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_layerChoice->setObjectName(QStringLiteral("evidenceLayer"));
    m_layerChoice->setAccessibleName(tr("Evidence map of model"));
    m_layerChoice->setToolTip(tr("Evidence map of this model"));
    m_layerChoice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_layerChoice->setMinimumContentsLength(9);
    m_opacity->setObjectName(QStringLiteral("overlayOpacity"));
    m_opacity->setAccessibleName(tr("Opacity of the evidence map, per cent"));
    m_opacity->setRange(0, 100);
    m_opacity->setValue(55);
    m_opacity->setMinimumWidth(44);
    m_opacity->setPageStep(10);
    m_overlayRow->setObjectName(QStringLiteral("overlayControls"));
    makeActions();
    makeLayout();
    connect(m_canvas, &ImageCanvas::zoomChanged, this,
            [this](double zoom) { m_zoomLabel->setText(zoomText(zoom)); });
    connect(m_canvas, &ImageCanvas::pixelHovered, this, &ViewerPanel::updateReadout);
    connect(m_opacity, &QSlider::valueChanged, this, &ViewerPanel::updateOverlay);
    connect(m_layerChoice, &QComboBox::currentIndexChanged, this, &ViewerPanel::updateOverlay);
    clear();
}

void ViewerPanel::makeActions() {
    m_actions = makeZoomActions(this, {}, m_canvas);
    m_overlayAction = makeAction(this, "overlayAction", "evidence_map", tr("Evidence &map"),
                                 QKeySequence(Qt::Key_H), tr("Evidence map"), [this] { updateOverlay(); });
    m_overlayAction->setCheckable(true);
    m_overlayAction->setChecked(true);
    connect(m_overlayAction, &QAction::toggled, this, &ViewerPanel::updateOverlay);
    m_outlinesAction =
        makeAction(this, "outlinesAction", "region", tr("&Outlines of signed parts"), QKeySequence(Qt::Key_L),
                   tr("Outlines of the parts of the picture that are signed"), [this] { updateOverlay(); });
    m_outlinesAction->setCheckable(true);
    m_outlinesAction->setChecked(true);
    connect(m_outlinesAction, &QAction::toggled, this, &ViewerPanel::updateOverlay);
    m_actions << m_overlayAction << m_outlinesAction;
}

void ViewerPanel::makeLayout() {
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    for (QAction* action : m_actions) {
        QString name = action->objectName();
        bar->addWidget(
            makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this));
    }
    bar->addSpacing(kGrid);
    m_zoomLabel->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("3200 %")));
    bar->addWidget(m_zoomLabel);
    bar->addStretch(1);
    bar->addWidget(m_readout);

    auto* row = new QGridLayout(m_overlayRow);
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setHorizontalSpacing(kGrid);
    row->setVerticalSpacing(2);
    m_opacityLabel->setBuddy(m_opacity);
    row->addWidget(m_layerChoice, 0, 0);
    row->addWidget(m_opacityLabel, 0, 1);
    row->addWidget(m_opacity, 0, 2);
    m_method->setMinimumWidth(60);
    row->addWidget(m_legend, 1, 0);
    row->addWidget(m_method, 1, 1, 1, 2);
    row->setColumnStretch(2, 1);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addWidget(m_canvas, 1);
    all->addWidget(m_overlayRow);
}

void ViewerPanel::showImage(const LoadedImagePtr& image) {
    if (!image || image->levels.empty()) {
        clear();
        if (image) showMessage(tr("No picture can be shown.\n%1").arg(sentence(image->error)));
        return;
    }
    m_message->hide();
    m_canvas->setImage(image);
    updateOverlay();
    updateReadout(QPoint(-1, -1));
}

void ViewerPanel::showMessage(const QString& text) {
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
}

void ViewerPanel::clear() {
    m_canvas->setImage(nullptr);
    m_canvas->setOverlay({});
    m_message->hide();
    m_zoomLabel->clear();
    updateReadout(QPoint(-1, -1));
}

void ViewerPanel::setLayers(std::vector<Layer> layers) {
    const QString before = m_layerChoice->currentText();
    m_layers = std::move(layers);
    {
        const QSignalBlocker blocker(m_layerChoice);
        m_layerChoice->clear();
        for (const Layer& layer : m_layers) m_layerChoice->addItem(layer.title);
        const int same = m_layerChoice->findText(before);
        if (same >= 0) m_layerChoice->setCurrentIndex(same);
    }
    updateOverlay();
}

int ViewerPanel::opacityPercent() const {
    return m_opacity->value();
}
void ViewerPanel::setOpacityPercent(int percent) {
    m_opacity->setValue(percent);
}

const ViewerPanel::Layer* ViewerPanel::layer() const {
    const int index = m_layerChoice->currentIndex();
    return index >= 0 && index < static_cast<int>(m_layers.size())
               ? &m_layers[static_cast<std::size_t>(index)]
               : nullptr;
}

const ViewerPanel::Layer* ViewerPanel::outlinedLayer() const {
    const Layer* chosen = layer();
    if (chosen && !chosen->outlines.empty()) return chosen;
    const auto other = std::find_if(m_layers.begin(), m_layers.end(),
                                    [](const Layer& one) { return !one.outlines.empty(); });
    return other == m_layers.end() ? nullptr : &*other;
}

void ViewerPanel::updateOverlay() {
    const Layer* chosen = m_canvas->hasImage() ? layer() : nullptr;
    const Layer* outlined = m_canvas->hasImage() ? outlinedLayer() : nullptr;
    m_outlinesAction->setEnabled(outlined != nullptr);
    m_canvas->setOutlines(outlined != nullptr && m_outlinesAction->isChecked()
                              ? outlined->outlines
                              : std::vector<OutlineCanvas::Outline>());
    const bool shown = chosen && m_overlayAction->isChecked() && chosen->map.columns > 0;
    m_overlayRow->setVisible(shown);
    if (!shown) {
        m_canvas->setOverlay({});
        return;
    }
    const examine::EvidenceMap& map = chosen->map;
    m_canvas->setOverlayOpacity(m_opacity->value() / 100.0);
    m_canvas->setOverlay(evidenceMapImage(map));
    m_opacityLabel->setText(tr("Opacity %1 %").arg(m_opacity->value(), 3));
    m_legend->setUnit(chosen->unit);
    const double share = map.mean();
    if (chosen->unit == MapUnit::Deviations) {
        m_method->setText(tr("Agreement with the key's carrier, place by place, %1 × %2 cells: mean %3 "
                             "standard deviations")
                              .arg(map.columns)
                              .arg(map.rows)
                              .arg(logitText(share)));
        m_method->setToolTip(
            tr("How many standard deviations the picture agrees better with the carrier of "
               "the key around each cell than a picture that knows nothing of it"));
        return;
    }
    m_method->setText(tr("Class-activation map, %1 × %2 cells: mean %3, rest of the score %4")
                          .arg(map.columns)
                          .arg(map.rows)
                          .arg(logitText(share), logitText(chosen->score - share)));
    m_method->setToolTip(
        tr("The logit of each cell. Their mean is the share of the presence score that has a "
           "place; the rest, which a model with a code reads off the whole image, has none"));
}

QString ViewerPanel::pixelText(const QPoint& pixel) const {
    const LoadedImagePtr image = m_canvas->image();
    if (!image || !image->samples || pixel.x() < 0) return {};
    const image::Image& samples = *image->samples;
    QString text = QStringLiteral("%1   %2").arg(positionText(pixel), sampleText(samples, pixel));
    const Layer* chosen = m_canvas->overlay().isNull() ? nullptr : layer();
    if (!chosen) return text;
    if (const auto value = evidenceAt(chosen->map, pixel, QSize(samples.width, samples.height)))
        text += (chosen->unit == MapUnit::Logits ? tr("   cell %1 logit") : tr("   cell %1 std. dev."))
                    .arg(logitText(*value));
    return text;
}

void ViewerPanel::updateReadout(const QPoint& pixel) {
    m_readout->setText(pixelText(pixel));
    m_readout->setAccessibleName(m_readout->text().isEmpty() ? tr("Pixel values") : m_readout->text());
}

QString ViewerPanel::readout() const {
    return m_readout->text();
}

}  // namespace signet::ui
