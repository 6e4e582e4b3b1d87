#pragma once

#include <QStringList>
#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace signet::ui {

/// What the Cases page shows while no case is open: what to do first, the cases worked on last, a database on
/// a server. GUI thread.
class CaseStart : public QWidget {
    Q_OBJECT
public:
    explicit CaseStart(const QList<QAction*>& actions, QWidget* parent = nullptr);

    /// Newest first.
    void setRecent(const QStringList& files);
    /// Asks for the password of a database that could not be opened.
    void askDatabase(const QString& url);
    void setReopens(bool on);

Q_SIGNALS:
    void openWanted(const QString& file);
    /// url: with the password, which nobody keeps.
    void databaseWanted(const QString& url);
    void reopensChanged(bool on);

private:
    QWidget* makeDatabase();
    void check();
    void openDatabase();

    QLabel* m_heading;
    QListWidget* m_recent;
    QLineEdit* m_url;
    QLineEdit* m_password;
    QPushButton* m_open;
    QLabel* m_problem;
    QCheckBox* m_reopen;
};

}  // namespace signet::ui
