#include "ui/sign/sign_key_choice.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/page/key_combo.h"
#include "ui/page/key_dialogs.h"
#include "ui/style/widgets.h"

namespace signet::ui {

SignKeyChoice::SignKeyChoice(KeyService& keys, QWidget* parent)
    : QWidget(parent),
      m_keys(keys),
      m_choice(new KeyCombo(QStringLiteral("signKey"), keys, {}, this)),
      m_note(makeNote(QStringLiteral("signKeyNote"), {}, this)),
      m_unlock(new QPushButton(tr("&Unlock..."), this)),
      m_new(new QPushButton(tr("&New key..."), this)) {
    setObjectName(QStringLiteral("signKeyChoice"));
    m_unlock->setObjectName(QStringLiteral("unlockKeyButton"));
    m_unlock->setAccessibleName(tr("Unlock the key"));
    m_unlock->setToolTip(tr("Asks for the passphrase of the chosen key"));
    m_new->setObjectName(QStringLiteral("newKeyButton"));
    m_new->setAccessibleName(tr("Make a new key"));
    m_new->setToolTip(tr("Makes a new key and chooses it"));
    keepRoom(m_note, 3);
    QLabel* label = makeLabel(QStringLiteral("signKeyLabel"), tr("&Key"), this);
    label->setTextFormat(Qt::AutoText);
    label->setBuddy(m_choice);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_unlock);
    buttons->addWidget(m_new);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kGrid, 0, 0);
    column->setSpacing(4);
    column->addWidget(label);
    column->addWidget(m_choice);
    column->addLayout(buttons);
    column->addWidget(m_note);
    connect(m_choice, &KeyCombo::keyChosen, this, [this] {
        showChosen();
        Q_EMIT changed();
    });
    connect(m_unlock, &QPushButton::clicked, this, &SignKeyChoice::unlock);
    connect(m_new, &QPushButton::clicked, this, &SignKeyChoice::make);
    connect(&m_keys, &KeyService::changed, this, [this] {  // m_choice has them already
        showChosen();
        Q_EMIT changed();
    });
    showChosen();
}

const std::string& SignKeyChoice::fingerprint() const {
    return m_choice->fingerprint();
}

void SignKeyChoice::choose(const std::string& fingerprint) {
    m_choice->choose(fingerprint);
}

const HeldKey* SignKeyChoice::chosen() const {
    return m_keys.find(fingerprint());
}

void SignKeyChoice::showChosen() {
    const HeldKey* key = chosen();
    const bool isLocked = key != nullptr && !key->isOpen;
    m_unlock->setEnabled(isLocked);
    m_note->setText(key == nullptr || key->isPublic
                        ? tr("Everybody can write and read with it: it does not say who signed.")
                    : isLocked ? problem()
                               : tr("Fingerprint %1. Without this key nobody reads the signature.")
                                     .arg(toText(key->fingerprint)));
}

QString SignKeyChoice::problem() const {
    const HeldKey* key = chosen();
    return key == nullptr || key->isOpen ? QString()
                                         : tr("The chosen key is locked. Unlock it, or choose another one.");
}

void SignKeyChoice::unlock() {
    if (const HeldKey* key = chosen()) (new UnlockDialog(m_keys, *key, window()))->open();
}

void SignKeyChoice::make() {
    auto* dialog = new NewKeyDialog(
        m_keys,
        [this](const QString& name) {
            if (const HeldKey* key = m_keys.find(name.toStdString())) choose(key->fingerprint);
        },
        window());
    dialog->open();
}

}  // namespace signet::ui
