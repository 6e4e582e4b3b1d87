#include "ui/page/request_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kRequestDialogWidth = 460;  ///< px
constexpr int kRequestProblemLines = 3;

}  // namespace

RequestDialog::RequestDialog(const char* objectName, const QString& title, const QString& text,
                             const QString& ok, QWidget* parent)
    : QDialog(parent),
      m_form(new QFormLayout),
      m_problem(makeLabel(QStringLiteral("requestDialogProblem"), {}, this)),
      m_buttons(new QDialogButtonBox(this)) {
    setObjectName(QLatin1String(objectName));
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(kRequestDialogWidth);
    m_problem->setWordWrap(true);
    keepRoom(m_problem, kRequestProblemLines);
    QPushButton* accept = m_buttons->addButton(ok, QDialogButtonBox::AcceptRole);
    accept->setObjectName(QStringLiteral("requestDialogOk"));
    accept->setDefault(true);
    m_buttons->addButton(QDialogButtonBox::Cancel)->setObjectName(QStringLiteral("requestDialogCancel"));
    for (QAbstractButton* button : m_buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    connect(m_buttons, &QDialogButtonBox::accepted, this, &RequestDialog::send);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    column->addWidget(makeNote(QStringLiteral("requestDialogText"), text, this));
    column->addLayout(m_form);
    column->addWidget(m_problem);
    column->addWidget(m_buttons);
}

void RequestDialog::addRow(const QString& label, QWidget* field) {
    m_form->addRow(label, field);
    if (m_fields.isEmpty()) field->setFocus();
    m_fields << field;
}

QLineEdit* RequestDialog::addField(const char* objectName, const QString& label, const QString& help) {
    auto* field = new QLineEdit(this);
    field->setObjectName(QLatin1String(objectName));
    field->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    field->setPlaceholderText(help);
    field->setToolTip(help);
    field->setAcceptDrops(false);
    addRow(label, field);
    return field;
}

void RequestDialog::say(const QString& text, const char* role) {
    m_problem->setText(text);
    m_problem->setAccessibleName(text);
    setRole(m_problem, role);
}

void RequestDialog::send() {
    if (m_request != 0) return;
    const QString why = problem();
    say(why.isEmpty() ? tr("One moment") : why, why.isEmpty() ? "note" : "problem");
    if (!why.isEmpty()) return;
    m_buttons->button(QDialogButtonBox::Cancel)->setFocus();  // before what has the focus is disabled
    for (QWidget* field : m_fields) field->setEnabled(false);
    m_request = request();
    if (m_request == 0) accept();
}

void RequestDialog::takeAnswer(quint64 request, const QString& problem) {
    if (request != m_request || request == 0) return;
    m_request = 0;
    if (problem.isEmpty()) {
        accept();
        return;
    }
    for (QWidget* field : m_fields) field->setEnabled(true);
    say(problem, "problem");
    m_fields.front()->setFocus();
    if (auto* line = qobject_cast<QLineEdit*>(m_fields.front())) line->selectAll();
}

}  // namespace signet::ui
