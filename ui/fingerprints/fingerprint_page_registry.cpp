// What the Fingerprints page does with the registry.
#include <QAction>
#include <QFileInfo>

#include "ui/bridge/text.h"
#include "ui/fingerprints/calculator_panel.h"
#include "ui/fingerprints/fingerprint_page.h"
#include "ui/fingerprints/fingerprint_text.h"
#include "ui/fingerprints/identify_panel.h"
#include "ui/fingerprints/registry_dialogs.h"
#include "ui/fingerprints/registry_panel.h"
#include "ui/fingerprints/residual_panel.h"
#include "ui/intake/file_dialogs.h"
#include "ui/page/page_requests.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr std::size_t kMostBadRows = 100;  ///< named in a notice's details

QString badRowsText(const std::vector<registry::BadRow>& rows) {
    QStringList lines;
    for (const registry::BadRow& row : rows) {
        if (static_cast<std::size_t>(lines.size()) == kMostBadRows) {
            lines << QObject::tr("and %1 more").arg(rows.size() - kMostBadRows);
            break;
        }
        lines << QObject::tr("line %1: %2").arg(row.line).arg(toText(row.message));
    }
    return lines.join(QLatin1Char('\n'));
}

QString undone(RegistryAnswer::What what) {
    switch (what) {
        case RegistryAnswer::What::Issued:
            return QObject::tr("Nothing was issued.");
        case RegistryAnswer::What::Revoked:
            return QObject::tr("Nothing was revoked.");
        case RegistryAnswer::What::Imported:
            return QObject::tr("Nothing was imported.");
        case RegistryAnswer::What::Exported:
            return QObject::tr("Nothing was exported.");
    }
    return {};
}

}  // namespace

void FingerprintPage::connectRegistry() {
    connect(&m_service, &FingerprintService::registryRead, this, &FingerprintPage::showRegistry);
    connect(&m_service, &FingerprintService::answered, this,
            [this](quint64, const RegistryAnswer& answer) { showAnswer(answer); });
    connect(&m_service, &FingerprintService::changesEnded, &m_requests, &PageRequests::finished);
    connect(m_registry, &RegistryPanel::searchChanged, this,
            [this] { m_service.search(m_registry->search()); });
    connect(m_registry, &RegistryPanel::selectionChanged, this, [this] {
        m_residual->setInstances(m_registry->selected());
        showWhatFits();
    });
}

void FingerprintPage::openRegistry(const std::string& location) {
    m_notice->hide();
    m_registry->clearSearch();
    m_service.setRegistry(location);
    m_identify->model()->forgetAnswers();
    m_service.reload();
}

void FingerprintPage::showRegistry(const RegistryContentsPtr& contents) {
    m_contents = contents;
    m_registry->showContents(contents);
    m_calculator->setRegistry(model() ? model()->bits() : 0, contents->total);
    const bool isNew = contents->isMissing && m_service.isOfWorkspace();  // what to do stands in its place
    if (!contents->problem.empty() && !isNew)
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             contents->isMissing
                                 ? tr("There is no registry %1. Choose another, or issue the first instance.")
                                       .arg(toText(contents->location))
                                 : tr("The registry %1 could not be opened. Choose another one. %2")
                                       .arg(toText(contents->location), sentence(contents->problem)),
                             {}, m_choose);
    showWhatFits();
}

void FingerprintPage::showAnswer(const RegistryAnswer& answer) {
    using What = RegistryAnswer::What;
    showWhatFits();
    if (!answer.problem.empty()) {
        m_notice->showNotice(NoticeBar::Kind::Problem,
                             QStringLiteral("%1 %2").arg(undone(answer.what), sentence(answer.problem)));
        return;
    }
    const QString holder = toText(visibleName(answer.instance.holder));
    switch (answer.what) {
        case What::Issued:
            m_issueFolder = fromPath(answer.path.parent_path());
            m_notice->showNotice(NoticeBar::Kind::Information, tr("Instance %1 was issued to %2: %3")
                                                                   .arg(answer.instance.id)
                                                                   .arg(holder, toText(answer.path)));
            break;
        case What::Revoked:
            m_notice->showNotice(
                NoticeBar::Kind::Information,
                tr("Instance %1, issued to %2, is revoked.").arg(answer.instance.id).arg(holder));
            break;
        case What::Imported: {
            const auto& bad = answer.taken.bad;
            QString text = tr("%1 instances were imported.").arg(groupedText(answer.taken.imported));
            if (!bad.empty())
                text += tr(" %1 rows were left out.").arg(groupedText(static_cast<std::int64_t>(bad.size())));
            m_notice->showNotice(bad.empty() ? NoticeBar::Kind::Information : NoticeBar::Kind::Problem, text,
                                 badRowsText(bad));
            break;
        }
        case What::Exported:
            m_notice->showNotice(
                NoticeBar::Kind::Information,
                tr("%1 instances were written: %2").arg(groupedText(answer.written), toText(answer.path)));
            break;
    }
}

void FingerprintPage::askIssue() {
    m_service.setActor(m_services.cases().examiner());
    (new IssueDialog(m_service, installed(), model()->name,
                     m_issueFolder.isEmpty() ? fromPath(m_services.workspace() / "instances") : m_issueFolder,
                     this))
        ->open();
}

void FingerprintPage::askRevoke() {
    m_service.setActor(m_services.cases().examiner());
    (new RevokeDialog(m_service, m_registry->selected().front(), this))->open();
}

void FingerprintPage::importFile() {
    FileDialogs::openFile(this, tr("Import instances"), m_tableFolder, tr("Text (*.csv);;All files (*)"),
                          [this](const QStringList& names) {
                              if (names.isEmpty()) return;
                              m_tableFolder = QFileInfo(names.front()).absolutePath();
                              m_service.setActor(m_services.cases().examiner());
                              m_service.importFrom(toPath(names.front()));
                          });
}

void FingerprintPage::exportFile() {
    const QString name = QStringLiteral("instances.csv");
    FileDialogs::saveFile(this, tr("Export the registry"),
                          m_tableFolder.isEmpty() ? name : m_tableFolder + QLatin1Char('/') + name,
                          tr("Text (*.csv)"), [this](const QStringList& names) {
                              if (names.isEmpty()) return;
                              m_tableFolder = QFileInfo(names.front()).absolutePath();
                              m_service.setActor(m_services.cases().examiner());
                              m_service.exportTo(toPath(names.front()));
                          });
}

}  // namespace signet::ui
