#pragma once

#include <QWidget>
#include <memory>

#include "ui/bridge/engine.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSettings;
class QSlider;
class QSpinBox;
class QToolButton;

namespace signet::ui {

class KeyService;
class SignKeyChoice;

/// The Sign page's form: model, key where the model has one, code, strength, output. Holds no image. GUI
/// thread.
class SignSettingsPanel : public QWidget {
    Q_OBJECT
public:
    static constexpr double kLowestStrength = 0.25;
    static constexpr double kHighestStrength = 2.0;

    explicit SignSettingsPanel(KeyService& keys, QWidget* parent = nullptr);

    void setCatalogue(const std::shared_ptr<const Catalogue>& catalogue);
    examine::SignOptions options() const;
    /// Empty: beside each original.
    QString outputFolder() const;
    /// Why nothing can be signed as it stands; empty where all is well.
    QString problem() const;

    void setCode(const QString& hex);
    void setStrength(double strength);
    void setOutputFolder(const QString& folder);
    void selectModel(const QString& name);

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    /// Something that changes the preview: model, key, code or strength.
    void previewChanged();
    void changed();

private:
    void makeLayout();
    void connectAll();
    const ModelEntry* model() const;  ///< the chosen one; null: none
    bool isKeyed() const { return model() && model()->isKeyed(); }
    int codeBits() const;
    QString codeProblem() const;
    double strength() const;
    void updateModel();
    void updateTexts();
    void randomCode();
    void chooseFolder();

    std::shared_ptr<const Catalogue> m_catalogue;
    QComboBox* m_model;
    QLabel* m_modelNote;
    SignKeyChoice* m_key;
    QLabel* m_codeLabel;
    QLineEdit* m_code;
    QToolButton* m_random;
    QLabel* m_codeNote;
    QSlider* m_strength;
    QLabel* m_strengthLabel;
    QComboBox* m_format;
    QLabel* m_qualityLabel;
    QSpinBox* m_quality;
    QLineEdit* m_folder;
    QToolButton* m_chooseFolder;
    QString m_wantedModel;
};

}  // namespace signet::ui
