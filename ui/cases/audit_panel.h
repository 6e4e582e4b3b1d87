#pragma once

#include <QWidget>

#include "ui/bridge/case_service.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace signet::ui {

class AuditFilter;
class AuditModel;
class CopyTableView;
class NoticeBar;

/// The audit log of the open case, in place of the case: to be read, searched and saved as a table, never
/// changed. GUI thread.
class AuditPanel : public QWidget {
    Q_OBJECT
public:
    explicit AuditPanel(CaseService& cases, QWidget* parent = nullptr);
    /// To be put into the page's strip.
    NoticeBar* notice() const { return m_notice; }

    /// Reads the log. folder: where the table is proposed to be saved.
    void begin(const QString& folder);
    void reset();  ///< the case was closed
    const AuditFilter* filter() const { return m_filter; }

Q_SIGNALS:
    void closed();

private:
    QWidget* makeHead();
    QLayout* makeFilters();
    void showEntries(const AuditLogPtr& entries);
    void updateCount();
    void save();

    CaseService& m_cases;
    NoticeBar* m_notice;
    AuditModel* m_model;
    AuditFilter* m_filter;
    CopyTableView* m_table;
    QLineEdit* m_search;
    QComboBox* m_actor;
    QComboBox* m_action;
    QLabel* m_count;
    QPlainTextEdit* m_details;
    QPushButton* m_save;
    QString m_folder;
};

}  // namespace signet::ui
