#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "ui/bridge/case_data.h"

namespace signet::ui {

/// The audit log of a case, as it is: nothing in it can be edited. Texts are made when a cell is drawn. GUI
/// thread.
class AuditModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        NumberColumn,
        WhenColumn,
        ActorColumn,
        ActionColumn,
        SubjectColumn,
        DetailsColumn,
        ColumnCount
    };

    explicit AuditModel(QObject* parent = nullptr);

    void setEntries(const AuditLogPtr& entries);  ///< null: none
    const cases::AuditEntry& entry(int row) const { return (*m_entries)[static_cast<std::size_t>(row)]; }
    /// Each once, sorted.
    QStringList actors() const;
    QStringList actions() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    AuditLogPtr m_entries;
};

/// Narrows the log to entries that hold a text, of one actor, of one action. GUI thread; the model outlives
/// it.
class AuditFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit AuditFilter(AuditModel& model, QObject* parent = nullptr);

    /// In the number, time (local or UTC), actor, action, subject or details; without regard to case.
    void setText(const QString& text);
    void setActor(const QString& actor);    ///< empty: any
    void setAction(const QString& action);  ///< empty: any
    /// Those that are shown, in the log's order.
    AuditLogPtr shown() const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    AuditModel& m_model;
    QString m_text, m_actor, m_action;
};

}  // namespace signet::ui
