#pragma once

#include <QDialog>
#include <functional>

#include "ui/bridge/key_service.h"

class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace signet::ui {

/// Asks for what a request about keys needs and stays until it is granted: a refusal is said in place, and
/// nothing that was typed is lost. Shown with open(), which does not block; deletes itself. GUI thread.
class KeyDialog : public QDialog {
    Q_OBJECT
protected:
    /// ok: what its first button does, a verb.
    KeyDialog(KeyService& keys, const char* objectName, const QString& title, const QString& text,
              const QString& ok, QWidget* parent);

    /// Adds a field; hidden: its text is not shown.
    QLineEdit* addField(const char* objectName, const QString& label, bool hidden);
    /// Why nothing can be asked for as it stands; empty: it can.
    virtual QString problem() const { return {}; }
    /// The id that KeyService gives the request.
    virtual quint64 request() = 0;

    KeyService& m_keys;

private:
    void say(const QString& text, const char* role);
    void send();
    void takeAnswer(quint64 request, const QString& problem);

    QFormLayout* m_form;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
    QList<QLineEdit*> m_fields;
    quint64 m_request = 0;  ///< that is not answered yet; 0: none
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
