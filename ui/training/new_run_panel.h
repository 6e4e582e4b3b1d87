#pragma once

#include <QWidget>

#include "ui/bridge/services.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSettings;
class QStackedWidget;
class QVBoxLayout;

namespace signet::ui {

class ElidedLabel;
class OptionForm;
class Thumbnails;

/// Sets a run up: preset, photographs with a look at them, every option of the task that the preset names,
/// and how long it will take. GUI thread.
class NewRunPanel : public QWidget {
    Q_OBJECT
public:
    explicit NewRunPanel(Services& services, QWidget* parent = nullptr);

    /// Starts from another run's options.
    void setOptions(const Json& options);
    /// Starts from a preset with some of its options set.
    void setPreset(const QString& preset, const Json& changed);
    OptionForm* form() const { return m_form; }
    /// The first folder that the task asks for.
    void setDataFolder(const QString& folder);

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    void startWanted(const signet::Json& options, const signet::training::RunNotes& notes);
    void closed();

private:
    /// A folder of photographs that the task asks for.
    struct FolderRow {
        std::string key;
        QLineEdit* line;
        QWidget* row;
    };

    void makeLayout();
    QWidget* makeRow(const QString& text, QWidget* editor, QWidget* after);
    /// Folders and options of the task that these options name, where it is another than before.
    void showTask(const Json& options);
    void addFolderRow(const training::TaskType::Folder& folder, bool single);
    void orderTabs();
    void loadPreset();
    void dataEdited();
    void showData(const Json& options, const training::DataSummary& summary, const QString& problem);
    void showPicture(quint64 i);
    void optionsChanged();
    void checkStart();
    void probe();
    void showProbe(const training::Probe& probe, const QString& problem);
    void update();
    QString problem() const;

    Services& m_services;
    QLineEdit* m_name;
    QLineEdit* m_note;
    QComboBox* m_preset;
    const training::TaskType* m_task = nullptr;
    std::vector<FolderRow> m_folders;
    QVBoxLayout* m_folderColumn = nullptr;
    QLabel* m_dataNote;
    QWidget* m_photos;
    std::vector<QLabel*> m_pictures;
    std::vector<std::filesystem::path> m_some;  ///< of the folder, one a picture at most
    Thumbnails* m_thumbnails;                   ///< by their place in m_some
    OptionForm* m_form = nullptr;
    QVBoxLayout* m_formPlace = nullptr;
    QPushButton* m_probeButton;
    QProgressBar* m_probeProgress;
    QLabel* m_probeNote;
    ElidedLabel* m_problem;
    QStackedWidget* m_says;  ///< the problem, or what a trial told: never both
    QPushButton* m_close;
    QPushButton* m_start;
    QTimer m_dataDelay;
    QTimer m_startDelay;
    QString m_startProblem;  ///< of the weights to start from
    Json m_startOptions;     ///< those that were or are looked at; null: none
    bool m_startKnown = true;
    QString m_dataProblem;
    bool m_dataKnown = false;
};

}  // namespace signet::ui
