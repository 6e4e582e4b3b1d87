#pragma once

#include <QWidget>
#include <optional>

#include "ui/bridge/generator_service.h"

class QAction;
class QCheckBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QSettings;
class QSlider;
class QSpinBox;

namespace signet::ui {

class ModelChoice;

/// How pictures are drawn, and what reads them: what has no effect on the model at hand is not shown. Holds
/// no picture. GUI thread.
class DrawSettingsPanel : public QWidget {
    Q_OBJECT
public:
    /// next: beside the seed. choice: of the models that examine.
    DrawSettingsPanel(QAction* next, ModelChoice& choice, QWidget* parent = nullptr);

    /// signature: the installed model whose signature it draws; null: none, or it is not installed.
    void setModel(const models::Manifest& model, const models::Manifest* signature);
    /// Which settings have an effect; nothing until that is known.
    void setControls(const std::optional<generators::DrawControls>& controls);

    generators::SampleRequest request() const;
    /// As many pictures on the way from one of the seed's to another, both among them.
    generators::SampleRequest wayRequest() const;
    void setWay(std::uint64_t seed, std::uint64_t from, std::uint64_t to);
    /// Whether the models that examine, or the signature's detector, shall read the pictures.
    bool isExamined() const;
    bool isReadByOwn() const;
    void nextSeed();

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

private:
    void makeSettings(QAction* next);
    void makeReaders(ModelChoice& choice);
    void addRow(const char* objectName, const QString& text, QWidget* editor, QWidget* beside = nullptr);
    void showTruncation();

    QFormLayout* m_form;
    QSpinBox* m_seed;
    QSpinBox* m_count;
    QSpinBox* m_from;
    QSpinBox* m_to;
    QSlider* m_truncation;
    QLabel* m_truncationText;
    QSpinBox* m_steps;
    QDoubleSpinBox* m_eta;
    QSpinBox* m_class;
    QDoubleSpinBox* m_guidance;
    QCheckBox* m_examine;
    QCheckBox* m_own;
    QLabel* m_note;
    generators::DrawControls m_controls;
};

}  // namespace signet::ui
