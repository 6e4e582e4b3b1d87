#include "ui/page/key_combo.h"

#include "ui/bridge/text.h"

namespace signet::ui {

KeyCombo::KeyCombo(const QString& objectName, KeyService& keys, QString any, QWidget* parent)
    : QComboBox(parent), m_keys(keys), m_any(std::move(any)) {
    setObjectName(objectName);
    setAccessibleName(tr("Key"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(this, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index < 0) return;
        m_wanted = m_chosen = itemData(index).toString().toStdString();
        showChosen();
        Q_EMIT keyChosen();
    });
    connect(&m_keys, &KeyService::changed, this, &KeyCombo::fill);
    fill();
}

bool KeyCombo::isOffered(const std::string& fingerprint) const {
    return !m_any.isEmpty() || m_keys.find(fingerprint) != nullptr;
}

void KeyCombo::choose(const std::string& fingerprint) {
    m_wanted = fingerprint;
    if (fingerprint == m_chosen || !isOffered(fingerprint)) return;
    fill();
    Q_EMIT keyChosen();
}

void KeyCombo::fill() {
    if (isOffered(m_wanted))
        m_chosen = m_wanted;
    else if (!isOffered(m_chosen))
        m_chosen = m_keys.keys().front().fingerprint;
    const QSignalBlocker blocker(this);
    clear();
    if (!m_any.isEmpty()) addItem(m_any, toText(std::string()));
    for (const HeldKey& key : m_keys.keys())
        add(key.isOpen ? toText(key.name) : tr("%1 (locked)").arg(toText(key.name)), key.fingerprint);
    if (!m_chosen.empty() && m_keys.find(m_chosen) == nullptr) add(toText(m_chosen), m_chosen);
    setCurrentIndex(findData(toText(m_chosen)));
    showChosen();
}

void KeyCombo::add(const QString& text, const std::string& fingerprint) {
    addItem(text, toText(fingerprint));
    setItemData(count() - 1, tr("Fingerprint %1").arg(toText(fingerprint)), Qt::ToolTipRole);
}

void KeyCombo::showChosen() {
    const HeldKey* key = m_keys.find(m_chosen);  // its name may be longer than there is room for
    setToolTip(key != nullptr     ? tr("%1, fingerprint %2").arg(toText(key->name), toText(key->fingerprint))
               : m_chosen.empty() ? QString()
                                  : tr("Fingerprint %1; the key is not kept here").arg(toText(m_chosen)));
}

}  // namespace signet::ui
