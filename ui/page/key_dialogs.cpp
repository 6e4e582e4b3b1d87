#include "ui/page/key_dialogs.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kDialogWidth = 440;  ///< px
constexpr int kProblemLines = 3;

}  // namespace

KeyDialog::KeyDialog(KeyService& keys, const char* objectName, const QString& title, const QString& text,
                     const QString& ok, QWidget* parent)
    : QDialog(parent),
      m_keys(keys),
      m_form(new QFormLayout),
      m_problem(makeLabel(QStringLiteral("keyDialogProblem"), {}, this)),
      m_buttons(new QDialogButtonBox(this)) {
    setObjectName(QLatin1String(objectName));
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(kDialogWidth);
    m_problem->setWordWrap(true);
    keepRoom(m_problem, kProblemLines);
    QPushButton* accept = m_buttons->addButton(ok, QDialogButtonBox::AcceptRole);
    accept->setObjectName(QStringLiteral("keyDialogOk"));
    accept->setDefault(true);
    m_buttons->addButton(QDialogButtonBox::Cancel)->setObjectName(QStringLiteral("keyDialogCancel"));
    connect(m_buttons, &QDialogButtonBox::accepted, this, &KeyDialog::send);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_keys, &KeyService::answered, this, &KeyDialog::takeAnswer);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    column->addWidget(makeNote(QStringLiteral("keyDialogText"), text, this));
    column->addLayout(m_form);
    column->addWidget(m_problem);
    column->addWidget(m_buttons);
}

QLineEdit* KeyDialog::addField(const char* objectName, const QString& label, bool hidden) {
    auto* field = new QLineEdit(this);
    field->setObjectName(QLatin1String(objectName));
    field->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    field->setAcceptDrops(false);
    if (hidden) field->setEchoMode(QLineEdit::Password);
    m_form->addRow(label, field);
    if (m_fields.isEmpty()) field->setFocus();
    m_fields << field;
    return field;
}

void KeyDialog::say(const QString& text, const char* role) {
    m_problem->setText(text);
    m_problem->setAccessibleName(text);
    setRole(m_problem, role);
}

void KeyDialog::send() {
    if (m_request != 0) return;
    const QString why = problem();
    say(why.isEmpty() ? tr("One moment") : why, why.isEmpty() ? "note" : "problem");
    if (!why.isEmpty()) return;
    m_buttons->button(QDialogButtonBox::Cancel)->setFocus();  // before what has the focus is disabled
    for (QWidget* field : m_fields) field->setEnabled(false);
    m_request = request();
}

void KeyDialog::takeAnswer(quint64 request, const QString& problem) {
    if (request != m_request || request == 0) return;
    m_request = 0;
    if (problem.isEmpty()) {
        accept();
        return;
    }
    for (QWidget* field : m_fields) field->setEnabled(true);
    say(problem, "problem");
    m_fields.front()->setFocus();
    m_fields.front()->selectAll();
}

UnlockDialog::UnlockDialog(KeyService& keys, const HeldKey& key, QWidget* parent)
    : KeyDialog(keys, "unlockDialog", tr("Unlock a key"),
                tr("The key %1 (%2) is behind a passphrase. Unlocked, it stays open until Signet is closed.")
                    .arg(toText(key.name), toText(key.fingerprint)),
                tr("Unlock"), parent),
      m_fingerprint(key.fingerprint),
      m_passphrase(addField("unlockPassphrase", tr("&Passphrase"), true)) {}

quint64 UnlockDialog::request() {
    return m_keys.unlock(m_fingerprint, m_passphrase->text());
}

NewKeyDialog::NewKeyDialog(KeyService& keys, const std::function<void(const QString&)>& made, QWidget* parent)
    : KeyDialog(keys, "newKeyDialog", tr("Make a new key"),
                tr("A key is kept in the workspace. Who has it can write and read its signatures; without it "
                   "nobody can, so keep a copy (signet key export). A passphrase protects it; it cannot be "
                   "found out when it is forgotten."),
                tr("Make the key"), parent),
      m_name(addField("newKeyName", tr("&Name"), false)),
      m_passphrase(addField("newKeyPassphrase", tr("&Passphrase, may be empty"), true)),
      m_again(addField("newKeyAgain", tr("The same a&gain"), true)) {
    if (made) connect(this, &QDialog::accepted, this, [this, made] { made(m_name->text()); });
}

QString NewKeyDialog::problem() const {
    if (m_name->text().isEmpty()) return tr("Give the key a name.");
    return m_passphrase->text() == m_again->text() ? QString() : tr("The two passphrases differ.");
}

quint64 NewKeyDialog::request() {
    return m_keys.create(m_name->text(), m_passphrase->text());
}

}  // namespace signet::ui
