#pragma once

#include <functional>

#include "ui/bridge/key_service.h"
#include "ui/page/request_dialog.h"

namespace signet::ui {

/// Asks for what a request about keys needs.
class KeyDialog : public RequestDialog {
    Q_OBJECT
protected:
    KeyDialog(KeyService& keys, const char* objectName, const QString& title, const QString& text,
              const QString& ok, QWidget* parent);

    KeyService& m_keys;
};

/// The passphrase of a protected key.
class UnlockDialog : public KeyDialog {
    Q_OBJECT
public:
    UnlockDialog(KeyService& keys, const HeldKey& key, QWidget* parent);

protected:
    quint64 request() override;

private:
    const std::string m_fingerprint;
    QLineEdit* m_passphrase;
};

/// Name and passphrase of a new key.
class NewKeyDialog : public KeyDialog {
    Q_OBJECT
public:
    /// made: called with the name once it is kept.
    NewKeyDialog(KeyService& keys, const std::function<void(const QString& name)>& made, QWidget* parent);

protected:
    QString problem() const override;
    quint64 request() override;

private:
    QLineEdit* m_name;
    QLineEdit* m_passphrase;
    QLineEdit* m_again;
};

}  // namespace signet::ui
