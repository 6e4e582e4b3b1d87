#include "ui/sign/sign_key_choice.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/page/key_dialogs.h"
#include "ui/style/widgets.h"

namespace signet::ui {

SignKeyChoice::SignKeyChoice(KeyService& keys, QWidget* parent)
    : QWidget(parent),
      m_keys(keys),
      m_choice(new QComboBox(this)),
      m_note(makeNote(QStringLiteral("signKeyNote"), {}, this)),
      m_unlock(new QPushButton(tr("&Unlock..."), this)),
      m_new(new QPushButton(tr("&New key..."), this)),
      m_chosen(keys.keys().front().fingerprint) {
    setObjectName(QStringLiteral("signKeyChoice"));
    m_choice->setObjectName(QStringLiteral("signKey"));
    m_choice->setAccessibleName(tr("Key"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
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
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index >= 0) choose(m_choice->itemData(index).toString().toStdString());
    });
    connect(m_unlock, &QPushButton::clicked, this, &SignKeyChoice::unlock);
    connect(m_new, &QPushButton::clicked, this, &SignKeyChoice::make);
    connect(&m_keys, &KeyService::changed, this, [this] {
        fill();
        Q_EMIT changed();
    });
    fill();
}

void SignKeyChoice::choose(const std::string& fingerprint) {
    m_wanted = fingerprint;
    if (fingerprint == m_chosen || m_keys.find(fingerprint) == nullptr) return;
    m_chosen = fingerprint;
    showChosen();
    Q_EMIT changed();
}

void SignKeyChoice::fill() {
    if (m_keys.find(m_wanted) != nullptr)
        m_chosen = m_wanted;
    else if (m_keys.find(m_chosen) == nullptr)
        m_chosen = m_keys.keys().front().fingerprint;
    const QSignalBlocker blocker(m_choice);
    m_choice->clear();
    for (const HeldKey& key : m_keys.keys()) {
        m_choice->addItem(key.isOpen ? toText(key.name) : tr("%1 (locked)").arg(toText(key.name)),
                          toText(key.fingerprint));
        m_choice->setItemData(m_choice->count() - 1, tr("Fingerprint %1").arg(toText(key.fingerprint)),
                              Qt::ToolTipRole);
    }
    showChosen();
}

void SignKeyChoice::showChosen() {
    const QSignalBlocker blocker(m_choice);
    m_choice->setCurrentIndex(m_choice->findData(toText(m_chosen)));
    const HeldKey* key = m_keys.find(m_chosen);
    const bool isLocked = key != nullptr && !key->isOpen;
    m_unlock->setEnabled(isLocked);
    m_choice->setToolTip(key == nullptr
                             ? QString()  // the name may be longer than there is room for
                             : tr("%1, fingerprint %2").arg(toText(key->name), toText(key->fingerprint)));
    m_note->setText(key == nullptr || key->isPublic
                        ? tr("Everybody can write and read with it: it does not say who signed.")
                    : isLocked ? problem()
                               : tr("Fingerprint %1. Without this key nobody reads the signature.")
                                     .arg(toText(key->fingerprint)));
}

QString SignKeyChoice::problem() const {
    const HeldKey* key = m_keys.find(m_chosen);
    return key == nullptr || key->isOpen ? QString()
                                         : tr("The chosen key is locked. Unlock it, or choose another one.");
}

void SignKeyChoice::unlock() {
    if (const HeldKey* key = m_keys.find(m_chosen)) (new UnlockDialog(m_keys, *key, window()))->open();
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
