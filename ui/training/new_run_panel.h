#pragma once

#include <QWidget>

#include "ui/bridge/services.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSettings;

namespace signet::ui {

class OptionForm;
class Thumbnails;

/// Sets a run up: preset, photographs with a look at them, every option, and how long it will take. GUI
/// thread.
class NewRunPanel : public QWidget {
    Q_OBJECT
public:
    explicit NewRunPanel(Services& services, QWidget* parent = nullptr);

    /// Starts from another run's options.
    void setOptions(const Json& options);
    OptionForm* form() const { return m_form; }
    void setDataFolder(const QString& folder);

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    void startWanted(const signet::Json& options);
    void closed();

private:
    void makeLayout();
    void loadPreset();
    void dataEdited();
    void showData(const QString& folder, const signature::DataSummary& summary, const QString& problem);
    void showPicture(quint64 i);
    void probe();
    void showProbe(const signature::Probe& probe, const QString& problem);
    void update();
    QString problem() const;

    Services& m_services;
    QComboBox* m_preset;
    QLineEdit* m_data;
    QLabel* m_dataNote;
    QWidget* m_photos;
    std::vector<QLabel*> m_pictures;
    std::vector<std::filesystem::path> m_some;  ///< of the folder, one a picture at most
    Thumbnails* m_thumbnails;                   ///< by their place in m_some
    OptionForm* m_form;
    QPushButton* m_probeButton;
    QProgressBar* m_probeProgress;
    QLabel* m_probeNote;
    QLabel* m_problem;
    QPushButton* m_start;
    QTimer m_dataDelay;
    QString m_dataProblem;
    bool m_dataKnown = false;
};

}  // namespace signet::ui
