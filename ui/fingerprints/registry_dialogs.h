#pragma once

#include <QDialog>
#include <functional>

#include "ui/bridge/fingerprint_service.h"

class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace signet::ui {

/// Asks for what a request about the registry needs and stays until it is granted: a refusal is said in
/// place, and nothing that was typed is lost. Shown with open(), which does not block; deletes itself. GUI
/// thread.
class RegistryDialog : public QDialog {
    Q_OBJECT
protected:
    /// ok: what its first button does, a verb.
    RegistryDialog(FingerprintService& service, const char* objectName, const QString& title,
                   const QString& text, const QString& ok, QWidget* parent);

    QLineEdit* addField(const char* objectName, const QString& label, const QString& help);
    void addRow(const QString& label, QWidget* field);
    /// Why nothing can be asked for as it stands; empty: it can.
    virtual QString problem() const = 0;
    /// The id that the service gives the request; 0: it is done.
    virtual quint64 request() = 0;

    FingerprintService& m_service;

private:
    void say(const QString& text, const char* role);
    void send();
    void takeAnswer(quint64 request, const RegistryAnswer& answer);

    QFormLayout* m_form;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
    QList<QWidget*> m_fields;
    quint64 m_request = 0;  ///< that is not answered yet; 0: none
};

/// To whom an instance of which model is issued, and where it is written.
class IssueDialog : public RegistryDialog {
    Q_OBJECT
public:
    /// models: not empty; chosen: the name of the one that is proposed.
    IssueDialog(FingerprintService& service, std::vector<models::Manifest> models, const std::string& chosen,
                const QString& folder, QWidget* parent);

    QString folder() const;

protected:
    QString problem() const override;
    quint64 request() override;

private:
    std::vector<models::Manifest> m_models;
    QLineEdit* m_holder;
    QLineEdit* m_note;
    QComboBox* m_model;
    QLineEdit* m_folder;
};

/// Why an instance is revoked.
class RevokeDialog : public RegistryDialog {
    Q_OBJECT
public:
    RevokeDialog(FingerprintService& service, const registry::Instance& instance, QWidget* parent);

protected:
    QString problem() const override;
    quint64 request() override;

private:
    const registry::RowId m_instance;
    QLineEdit* m_reason;
};

/// A registry on a database server.
class RegistryServerDialog : public RegistryDialog {
    Q_OBJECT
public:
    /// chosen: called with its URL, the password in it.
    RegistryServerDialog(FingerprintService& service, std::function<void(const std::string& url)> chosen,
                         QWidget* parent);

protected:
    QString problem() const override;
    quint64 request() override;

private:
    std::function<void(const std::string& url)> m_chosen;
    QLineEdit* m_url;
    QLineEdit* m_password;
};

}  // namespace signet::ui
