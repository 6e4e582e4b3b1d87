#pragma once

#include <QWidget>
#include <array>
#include <optional>

#include "ui/bridge/fingerprint_service.h"

class QAction;
class QComboBox;
class QLabel;
class QSlider;
class QSpinBox;

namespace signet::ui {

class ImageCanvas;

/// What a fingerprint changes in a picture: one of a first fingerprint, the same latent's of a second one,
/// and their difference five times enlarged. A slider exchanges the first one's bits for the second's, from
/// the first bit on. GUI thread.
class ResidualPanel : public QWidget {
    Q_OBJECT
public:
    /// draw: the action of its button.
    explicit ResidualPanel(QAction* draw, QWidget* parent = nullptr);

    /// The model that draws; null: none is installed.
    void setModel(const models::Manifest* model);
    /// The instances that are selected in the registry.
    void setInstances(const std::vector<registry::Instance>& instances);

    /// What is to be drawn; nothing where something is missing, which the panel says.
    std::optional<ResidualRequest> request() const;
    void setDrawing(bool drawing);
    void showPictures(const ResidualPicturesPtr& pictures);
    const ResidualPicturesPtr& pictures() const { return m_pictures; }

    QSlider* slider() const { return m_exchanged; }

Q_SIGNALS:
    /// What is drawn has changed since something was drawn.
    void drawWanted();
    /// Whether request() gives something may have changed.
    void requestChanged();

private:
    QWidget* makeChoice(QAction* draw);
    QWidget* makePictures();
    QSpinBox* makeSeed(const char* objectName, const QString& name);
    bool isRandom() const;
    QString obstacle() const;
    void change();
    void showExchanged();

    std::optional<models::Manifest> m_model;
    std::vector<registry::Instance> m_instances;
    QComboBox* m_source;
    QSpinBox* m_codeSeed;
    QSpinBox* m_pictureSeed;
    QLabel* m_note;
    std::array<ImageCanvas*, 3> m_canvases;
    std::array<QLabel*, 3> m_captions;
    QSlider* m_exchanged;
    QLabel* m_exchangedText;
    ResidualPicturesPtr m_pictures;
    bool m_drawing = false;
};

}  // namespace signet::ui
