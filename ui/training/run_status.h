#pragma once

#include <QWidget>

#include "ui/bridge/training_service.h"

class QLabel;
class QProgressBar;

namespace signet::ui {

class ElidedLabel;

/// One run at a glance: state, step, speed, time left as a range, what it waits for, memory. GUI thread.
class RunStatus : public QWidget {
    Q_OBJECT
public:
    explicit RunStatus(QWidget* parent = nullptr);

    /// Null: nothing is chosen.
    void show(const RunEntry* run);

private:
    QLabel* m_state;
    QLabel* m_title;
    ElidedLabel* m_message;
    QProgressBar* m_progress;
    std::vector<std::pair<QLabel*, QLabel*>> m_figures;  ///< name, value
};

}  // namespace signet::ui
