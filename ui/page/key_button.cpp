#include "ui/page/key_button.h"

#include <QMenu>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/page/choice_button.h"
#include "ui/page/key_dialogs.h"
#include "ui/style/icons.h"

namespace signet::ui {

KeyButton::KeyButton(const QString& objectName, Services& services, QWidget* parent)
    : QToolButton(parent), m_services(services) {
    setUpChoice(*this, objectName);
    setIcon(themedIcon(QStringLiteral("key")));
    connect(&services.keys(), &KeyService::changed, this, &KeyButton::fill);
    connect(&services, &Services::catalogueChanged, this, &KeyButton::fill);
    fill();
}

void KeyButton::fill() {
    setVisible(m_services.hasKeyedModel());
    KeyService& keys = m_services.keys();
    menu()->clear();
    int open = 0;
    for (const HeldKey& key : keys.keys()) {
        const QString name = toText(key.name);
        QAction* action = menu()->addAction(key.isPublic ? tr("%1: everybody has it").arg(name)
                                            : key.isOpen ? tr("%1: open").arg(name)
                                                         : tr("Unlock %1").arg(name));
        action->setObjectName(QStringLiteral("key-") + toText(key.fingerprint));
        action->setToolTip(tr("Fingerprint %1").arg(toText(key.fingerprint)));
        action->setEnabled(!key.isOpen);
        connect(action, &QAction::triggered, this,
                [this, key] { (new UnlockDialog(m_services.keys(), key, window()))->open(); });
        if (key.isOpen) ++open;
    }
    menu()->addSeparator();
    QAction* make = menu()->addAction(tr("New key..."));
    make->setObjectName(QStringLiteral("newKey"));
    connect(make, &QAction::triggered, this,
            [this] { (new NewKeyDialog(m_services.keys(), {}, window()))->open(); });
    QAction* again = menu()->addAction(tr("Read the keys again"));
    again->setObjectName(QStringLiteral("reloadKeys"));
    connect(again, &QAction::triggered, &keys, &KeyService::reload);

    const int locked = static_cast<int>(keys.keys().size()) - open;
    QString text = tr("%1 open").arg(countText(open, "key"));
    if (locked > 0) text += tr(", %1 locked").arg(locked);
    setText(text);
    setToolTip(
        tr("The keys that keyed signatures are looked for with, in examinations that begin from now on"));
    setAccessibleName(tr("Keys: %1").arg(text));
}

}  // namespace signet::ui
