#include "ui/training/notes_panel.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kDelayMs = 600;

}  // namespace

NotesPanel::NotesPanel(QWidget* parent)
    : QWidget(parent), m_name(new QLineEdit(this)), m_note(new QPlainTextEdit(this)) {
    setObjectName(QStringLiteral("notesTab"));
    m_name->setObjectName(QStringLiteral("runName"));
    m_name->setAccessibleName(tr("Name of the run"));
    m_name->setPlaceholderText(tr("What lists and legends call the run"));
    m_note->setObjectName(QStringLiteral("runNote"));
    m_note->setAccessibleName(tr("Note about the run"));
    m_note->setPlaceholderText(tr("Why it was made, what came of it"));
    m_note->setTabChangesFocus(true);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &NotesPanel::commit);
    connect(m_name, &QLineEdit::textEdited, &m_delay, qOverload<>(&QTimer::start));
    connect(m_note, &QPlainTextEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    const auto label = [this](const char* name, const QString& text, QWidget* buddy) {
        QLabel* made = makeLabel(QLatin1String(name), text, this);
        made->setTextFormat(Qt::AutoText);
        made->setBuddy(buddy);
        return made;
    };
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(4);
    column->addWidget(label("runNameLabel", tr("Na&me"), m_name));
    column->addWidget(m_name);
    column->addSpacing(kGrid);
    column->addWidget(label("runNoteLabel", tr("No&te"), m_note));
    column->addWidget(m_note, 1);
    show(nullptr);
}

void NotesPanel::show(const RunEntry* run) {
    setEnabled(run != nullptr);
    const std::filesystem::path folder = run ? run->folder : std::filesystem::path();
    const training::RunNotes listed = run ? run->notes : training::RunNotes();
    if (folder == m_folder) {
        // the list may not have been read since what was typed was written
        if (m_delay.isActive() || listed == m_listed) return;
        m_listed = listed;
        if (listed == m_known) return;
    }
    m_folder = folder;
    m_known = m_listed = listed;
    m_name->setText(toText(m_known.name));
    m_note->setPlainText(toText(m_known.note));
    m_delay.stop();  // setting the text is no edit
}

void NotesPanel::hideEvent(QHideEvent* event) {
    commit();
    QWidget::hideEvent(event);
}

void NotesPanel::commit() {
    m_delay.stop();
    const training::RunNotes typed{m_name->text().trimmed().toStdString(),
                                   m_note->toPlainText().toStdString()};
    if (typed == m_known) return;
    m_known = typed;
    Q_EMIT edited(typed);
}

}  // namespace signet::ui
