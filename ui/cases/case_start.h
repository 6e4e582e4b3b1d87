#pragma once

#include <QStringList>
#include <QWidget>

class QAction;
class QLabel;
class QListWidget;

namespace signet::ui {

/// What the Cases page shows while no case is open: what to do first, and the cases worked on last. GUI
/// thread.
class CaseStart : public QWidget {
    Q_OBJECT
public:
    explicit CaseStart(const QList<QAction*>& actions, QWidget* parent = nullptr);

    /// Newest first.
    void setRecent(const QStringList& files);

Q_SIGNALS:
    void openWanted(const QString& file);

private:
    QLabel* m_heading;
    QListWidget* m_recent;
};

}  // namespace signet::ui
