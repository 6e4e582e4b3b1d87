#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/bridge/training_service.h"

class QLineEdit;
class QPlainTextEdit;

namespace signet::ui {

/// The name of a run and what is worth knowing about it; kept with the run as it is typed. GUI thread.
class NotesPanel : public QWidget {
    Q_OBJECT
public:
    explicit NotesPanel(QWidget* parent = nullptr);

    /// Null: nothing is chosen. What is being typed about the same run stays.
    void show(const RunEntry* run);
    /// Hands over what was typed last at once.
    void commit();

Q_SIGNALS:
    /// Of the run that is shown.
    void edited(const signet::training::RunNotes& notes);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    QLineEdit* m_name;
    QPlainTextEdit* m_note;
    std::filesystem::path m_folder;
    training::RunNotes m_known;   ///< as they were shown or handed over
    training::RunNotes m_listed;  ///< as the list of runs has them
    QTimer m_delay;
};

}  // namespace signet::ui
