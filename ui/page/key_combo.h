#pragma once

#include <QComboBox>

#include "ui/bridge/key_service.h"

namespace signet::ui {

/// One of the keys: the public one and those that are kept, the locked ones among them. GUI thread.
class KeyCombo : public QComboBox {
    Q_OBJECT
public:
    /// any: what the first entry says where none need be chosen; every other fingerprint can be chosen then,
    /// also of a key that is not kept here. Empty: one is always chosen, at first the public one.
    KeyCombo(const QString& objectName, KeyService& keys, QString any, QWidget* parent);

    /// Of the chosen key; empty: none is.
    const std::string& fingerprint() const { return m_chosen; }
    /// Where one must be chosen, a key that is not kept any more, or not read yet, counts once it is there.
    void choose(const std::string& fingerprint);

Q_SIGNALS:
    void keyChosen();

private:
    bool isOffered(const std::string& fingerprint) const;
    void fill();
    void add(const QString& text, const std::string& fingerprint);
    void showChosen();

    KeyService& m_keys;
    const QString m_any;
    std::string m_wanted;  ///< the last one asked for
    std::string m_chosen;
};

}  // namespace signet::ui
