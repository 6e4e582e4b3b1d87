#pragma once

#include <QList>
#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace signet::ui {

/// What a form is wide at most, px: longer lines are hard to read.
inline constexpr int kFormWidth = 640;

/// The head of what is shown in place of the open case: its title, buttons, and the way back to the case.
class PanelHead : public QWidget {
    Q_OBJECT
public:
    /// name: what the object names begin with. buttons: between the title and the way back.
    PanelHead(const QString& name, const QString& title, const QList<QPushButton*>& buttons, QWidget* parent);

    /// Below the title: what the panel is for.
    void addNote(const QString& text);
    QVBoxLayout* body() const { return m_body; }

Q_SIGNALS:
    void backWanted();

private:
    QString m_name;
    QVBoxLayout* m_body;
};

}  // namespace signet::ui
