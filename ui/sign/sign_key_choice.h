#pragma once

#include <QWidget>

#include "ui/bridge/key_service.h"

class QLabel;
class QPushButton;

namespace signet::ui {

class KeyCombo;

/// Which key a keyed signature is written with: the public one and those that are kept. A locked one can be
/// chosen and unlocked; until then nothing can be signed. GUI thread.
class SignKeyChoice : public QWidget {
    Q_OBJECT
public:
    explicit SignKeyChoice(KeyService& keys, QWidget* parent = nullptr);

    /// Of the chosen key; at first the public one's.
    const std::string& fingerprint() const;
    /// A key that is not kept any more, or not read yet, counts once it is there.
    void choose(const std::string& fingerprint);
    /// Why nothing can be signed with it; empty: it is open.
    QString problem() const;

Q_SIGNALS:
    /// Another key is chosen, or what problem() says of it has changed.
    void changed();

private:
    const HeldKey* chosen() const;
    void showChosen();
    void unlock();
    void make();

    KeyService& m_keys;
    KeyCombo* m_choice;
    QLabel* m_note;
    QPushButton* m_unlock;
    QPushButton* m_new;
};

}  // namespace signet::ui
