#include "ui/page/key_dialogs.h"

#include <QLineEdit>

#include "ui/bridge/text.h"

namespace signet::ui {

KeyDialog::KeyDialog(KeyService& keys, const char* objectName, const QString& title, const QString& text,
                     const QString& ok, QWidget* parent)
    : RequestDialog(objectName, title, text, ok, parent), m_keys(keys) {
    connect(&m_keys, &KeyService::answered, this, &KeyDialog::takeAnswer);
}

UnlockDialog::UnlockDialog(KeyService& keys, const HeldKey& key, QWidget* parent)
    : KeyDialog(keys, "unlockDialog", tr("Unlock a key"),
                tr("The key %1 (%2) is behind a passphrase. Unlocked, it stays open until Signet is closed.")
                    .arg(toText(key.name), toText(key.fingerprint)),
                tr("Unlock"), parent),
      m_fingerprint(key.fingerprint),
      m_passphrase(addField("unlockPassphrase", tr("&Passphrase"))) {
    m_passphrase->setEchoMode(QLineEdit::Password);
}

quint64 UnlockDialog::request() {
    return m_keys.unlock(m_fingerprint, m_passphrase->text());
}

NewKeyDialog::NewKeyDialog(KeyService& keys, const std::function<void(const QString&)>& made, QWidget* parent)
    : KeyDialog(keys, "newKeyDialog", tr("Make a new key"),
                tr("A key is kept in the workspace. Who has it can write and read its signatures; without it "
                   "nobody can, so keep a copy (signet key export). A passphrase protects it; it cannot be "
                   "found out when it is forgotten."),
                tr("Make the key"), parent),
      m_name(addField("newKeyName", tr("&Name"))),
      m_passphrase(addField("newKeyPassphrase", tr("&Passphrase, may be empty"))),
      m_again(addField("newKeyAgain", tr("The same a&gain"))) {
    for (QLineEdit* field : {m_passphrase, m_again}) field->setEchoMode(QLineEdit::Password);
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
