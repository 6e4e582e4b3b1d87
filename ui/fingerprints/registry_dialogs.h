#pragma once

#include <functional>

#include "ui/bridge/fingerprint_service.h"
#include "ui/page/request_dialog.h"

class QComboBox;

namespace signet::ui {

/// Asks for what a request about the registry needs.
class RegistryDialog : public RequestDialog {
    Q_OBJECT
protected:
    RegistryDialog(FingerprintService& service, const char* objectName, const QString& title,
                   const QString& text, const QString& ok, QWidget* parent);

    FingerprintService& m_service;
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
