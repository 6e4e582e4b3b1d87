#include "ui/cases/case_edits.h"

#include <QAction>
#include <QUndoCommand>
#include <QUndoStack>
#include <algorithm>

#include "ui/bridge/case_service.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/exhibit_model.h"
#include "ui/style/icons.h"

namespace signet::ui {
namespace {

class TagCommand final : public QUndoCommand {
public:
    TagCommand(CaseService& cases, std::set<cases::RowId> exhibits, cases::Tag tag, bool on)
        : m_cases(cases), m_exhibits(std::move(exhibits)), m_tag(std::move(tag)), m_on(on) {
        setText(QObject::tr("tag “%1” on %2")
                    .arg(toText(m_tag.name), countText(static_cast<int>(m_exhibits.size()), "exhibit")));
    }
    void redo() override { m_cases.setTag(m_tag, m_exhibits, m_on); }
    void undo() override { m_cases.setTag(m_tag, m_exhibits, !m_on); }

private:
    CaseService& m_cases;
    std::set<cases::RowId> m_exhibits;
    cases::Tag m_tag;
    bool m_on;
};

class NoteCommand final : public QUndoCommand {
public:
    NoteCommand(CaseService& cases, cases::RowId exhibit, std::string before, std::string after)
        : m_cases(cases), m_exhibit(exhibit), m_before(std::move(before)), m_after(std::move(after)) {
        setText(QObject::tr("note of exhibit %1").arg(exhibit));
    }
    void redo() override { m_cases.setNote(m_exhibit, m_after); }
    void undo() override { m_cases.setNote(m_exhibit, m_before); }

private:
    CaseService& m_cases;
    cases::RowId m_exhibit;
    std::string m_before, m_after;
};

}  // namespace

CaseEdits::CaseEdits(CaseService& cases, ExhibitModel& model, QObject* parent)
    : QObject(parent), m_cases(cases), m_model(model), m_undo(new QUndoStack(this)) {
    QAction* undo = m_undo->createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("caseUndoAction"));
    undo->setIcon(themedIcon(QStringLiteral("undo")));
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_undo->createRedoAction(this, tr("&Redo"));
    redo->setObjectName(QStringLiteral("caseRedoAction"));
    redo->setIcon(themedIcon(QStringLiteral("redo")));
    redo->setShortcut(QKeySequence::Redo);
    m_actions << undo << redo;
}

void CaseEdits::setTag(const std::set<cases::RowId>& exhibits, const cases::Tag& tag, bool on) {
    std::set<cases::RowId> changed;
    for (const cases::RowId id : exhibits) {
        const int row = m_model.rowOf(id);
        if (row < 0) continue;
        const auto& tags = m_model.exhibit(row).tags;
        const bool has = tag.id != 0 && std::find(tags.begin(), tags.end(), tag.id) != tags.end();
        if (has != on) changed.insert(id);
    }
    if (changed.empty()) {
        if (tag.id == 0) m_cases.setTag(tag, {}, on);  // a new tag for later
        return;
    }
    m_undo->push(new TagCommand(m_cases, std::move(changed), tag, on));
}

void CaseEdits::setNote(cases::RowId exhibit, const QString& note) {
    const int row = m_model.rowOf(exhibit);
    if (row < 0) return;
    m_undo->push(new NoteCommand(m_cases, exhibit, m_model.exhibit(row).note, note.toStdString()));
}

void CaseEdits::clear() {
    m_undo->clear();
}

}  // namespace signet::ui
