#pragma once

#include <QWidget>

#include "ui/bridge/case_data.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QScrollArea;

namespace signet::ui {

/// "ok", "to be checked", "warning".
QString findingStatusText(cases::FindingStatus status);

/// What was stated about an exhibit, and the line to state something more. Text that is being typed survives
/// new findings of the same exhibit. GUI thread.
class ExhibitFindings : public QWidget {
    Q_OBJECT
public:
    explicit ExhibitFindings(QWidget* parent = nullptr);

    void showDetails(const ExhibitDetails& details);
    void setWritable(bool writable);

Q_SIGNALS:
    void saveWanted(const signet::cases::Finding& finding);
    void removeWanted(signet::cases::RowId exhibit, signet::cases::RowId finding);

private:
    QWidget* makeCard(const cases::Finding& finding, QWidget* parent);
    void add();

    QScrollArea* m_list;
    QWidget* m_form;
    QComboBox* m_status;
    QLineEdit* m_comment;
    QPushButton* m_add;
    bool m_writable = true;
    cases::RowId m_exhibit = 0;
    cases::RowId m_examination = 0;  ///< the last one: what a new finding rests on
    Json m_params = Json::object();
};

}  // namespace signet::ui
