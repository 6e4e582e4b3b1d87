#pragma once

#include <QWidget>

#include "core/cases/case_types.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace signet::ui {

class KeyValueModel;

/// Who did what with the chosen exhibit, in local time with its offset, and a line to enter what was done
/// outside the program. GUI thread.
class CustodyPanel : public QWidget {
    Q_OBJECT
public:
    explicit CustodyPanel(QWidget* parent = nullptr);

    void showEvents(const std::vector<cases::CustodyEvent>& events);
    /// How many exhibits what is entered is about.
    void setChosen(int exhibits);
    void setWritable(bool writable);

Q_SIGNALS:
    /// About the exhibits that are selected.
    void enterWanted(const QString& action, const QString& details);

private:
    QWidget* makeEntry();
    void check();
    void enter();

    KeyValueModel* m_model;
    QWidget* m_entry = nullptr;
    QComboBox* m_action;
    QLineEdit* m_details;
    QPushButton* m_enter;
    int m_chosen = 0;
};

}  // namespace signet::ui
