#include "ui/fingerprints/registry_dialogs.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

#include "core/cases/database_url.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/icons.h"

namespace signet::ui {

RegistryDialog::RegistryDialog(FingerprintService& service, const char* objectName, const QString& title,
                               const QString& text, const QString& ok, QWidget* parent)
    : RequestDialog(objectName, title, text, ok, parent), m_service(service) {
    connect(&m_service, &FingerprintService::answered, this,
            [this](quint64 request, const RegistryAnswer& answer) {
                takeAnswer(request, sentence(answer.problem));
            });
}

IssueDialog::IssueDialog(FingerprintService& service, std::vector<models::Manifest> models,
                         const std::string& chosen, const QString& folder, QWidget* parent)
    : RegistryDialog(service, "issueDialog", tr("Issue an instance"),
                     tr("A generator with a fingerprint of its own is written into a folder, to be handed to "
                        "its holder. The fingerprint stands in the registry alone: the folder holds neither "
                        "it nor what would read it."),
                     tr("Issue"), parent),
      m_models(std::move(models)),
      m_holder(addField("issueHolder", tr("&Holder"), tr("To whom it is issued; required"))),
      m_note(addField("issueNote", tr("&Note"), tr("One line for the registry; may be empty"))),
      m_model(new QComboBox(this)),
      m_folder(new QLineEdit(folder, this)) {
    m_model->setObjectName(QStringLiteral("issueModel"));
    m_model->setAccessibleName(tr("Model"));
    for (const models::Manifest& model : m_models) {
        m_model->addItem(toText(model.name));
        if (model.name == chosen) m_model->setCurrentIndex(m_model->count() - 1);
    }
    addRow(tr("&Model"), m_model);
    m_folder->setObjectName(QStringLiteral("issueFolder"));
    m_folder->setAccessibleName(tr("Folder in which the instance's folder is made"));
    m_folder->setToolTip(tr("A folder named after the holder is made in it"));
    m_folder->setAcceptDrops(false);
    auto* choose = new QToolButton(this);
    choose->setObjectName(QStringLiteral("issueFolderButton"));
    choose->setIcon(themedIcon(QStringLiteral("open")));
    choose->setAccessibleName(tr("Choose the folder"));
    choose->setToolTip(choose->accessibleName());
    choose->setFocusPolicy(Qt::StrongFocus);
    connect(choose, &QToolButton::clicked, this, [this] {
        FileDialogs::openFolder(this, tr("Folder for the instance"), m_folder->text(),
                                [this](const QStringList& names) {
                                    if (!names.isEmpty()) m_folder->setText(names.front());
                                });
    });
    auto* place = new QWidget(this);
    place->setObjectName(QStringLiteral("issuePlace"));
    auto* row = new QHBoxLayout(place);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_folder, 1);
    row->addWidget(choose);
    addRow(tr("In folder"), place);
}

QString IssueDialog::folder() const {
    return m_folder->text().trimmed();
}

QString IssueDialog::problem() const {
    if (m_holder->text().trimmed().isEmpty()) return tr("Say to whom it is issued.");
    return folder().isEmpty() ? tr("Choose a folder for the instance.") : QString();
}

quint64 IssueDialog::request() {
    IssueOrder order;
    order.model = m_models[static_cast<std::size_t>(m_model->currentIndex())];
    order.holder = m_holder->text().trimmed().toStdString();
    order.notes = m_note->text().trimmed().toStdString();
    order.parent = toPath(folder());
    return m_service.issue(order);
}

RevokeDialog::RevokeDialog(FingerprintService& service, const registry::Instance& instance, QWidget* parent)
    : RegistryDialog(service, "revokeDialog", tr("Revoke an instance"),
                     tr("Instance %1, issued to %2, stays in the registry and pictures are still found to be "
                        "its: the answer then says that it was revoked. This cannot be taken back.")
                         .arg(instance.id)
                         .arg(toText(visibleName(instance.holder))),
                     tr("Revoke"), parent),
      m_instance(instance.id),
      m_reason(addField("revokeReason", tr("&Reason"), tr("One line for the registry; required"))) {}

QString RevokeDialog::problem() const {
    return m_reason->text().trimmed().isEmpty() ? tr("Say why it is revoked.") : QString();
}

quint64 RevokeDialog::request() {
    return m_service.revoke(m_instance, m_reason->text().trimmed().toStdString());
}

RegistryServerDialog::RegistryServerDialog(FingerprintService& service,
                                           std::function<void(const std::string&)> chosen, QWidget* parent)
    : RegistryDialog(service, "registryServerDialog", tr("Registry on a server"),
                     tr("A registry in a PostgreSQL database, shared by a team. One that is empty becomes a "
                        "registry when the first instance is issued."),
                     tr("Open"), parent),
      m_chosen(std::move(chosen)),
      m_url(addField("registryUrl", tr("&Database"), tr("postgresql://user@host/database"))),
      m_password(addField("registryPassword", tr("&Password"),
                          tr("Used until Signet is closed; it is kept nowhere"))) {
    m_password->setEchoMode(QLineEdit::Password);
}

QString RegistryServerDialog::problem() const {
    return sentence(cases::databaseUrlProblem(m_url->text().trimmed().toStdString()));
}

quint64 RegistryServerDialog::request() {
    const std::string typed = m_url->text().trimmed().toStdString();
    const std::string password = m_password->text().toStdString();
    m_chosen(password.empty() ? typed : cases::withPassword(cases::withoutPassword(typed), password));
    return 0;
}

}  // namespace signet::ui
