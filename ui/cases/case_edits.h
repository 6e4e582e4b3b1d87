#pragma once

#include <QObject>
#include <set>

#include "core/cases/case_types.h"

class QAction;
class QUndoStack;

namespace signet::ui {

class CaseService;
class ExhibitModel;

/// Tags and notes of the open case with undo and redo. Undoing is an action like any other: the audit log has
/// both. GUI thread.
class CaseEdits : public QObject {
    Q_OBJECT
public:
    CaseEdits(CaseService& cases, ExhibitModel& model, QObject* parent = nullptr);

    /// Those that have it already (or do not) stay as they are, also when this is undone.
    void setTag(const std::set<cases::RowId>& exhibits, const cases::Tag& tag, bool on);
    void setNote(cases::RowId exhibit, const QString& note);
    void clear();
    const QList<QAction*>& actions() const { return m_actions; }  ///< undo, redo

private:
    CaseService& m_cases;
    ExhibitModel& m_model;
    QUndoStack* m_undo;
    QList<QAction*> m_actions;
};

}  // namespace signet::ui
