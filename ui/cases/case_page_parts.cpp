// What the Cases page shows in place of the open case, and the comparisons it asks for.
#include <QSettings>
#include <QStackedWidget>

#include "ui/bridge/text.h"
#include "ui/cases/audit_panel.h"
#include "ui/cases/case_form.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/cases/codes_panel.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/export_panel.h"
#include "ui/cases/report_panel.h"
#include "ui/intake/file_dialogs.h"
#include "ui/page/page_requests.h"

namespace fs = std::filesystem;

namespace signet::ui {

void CasePage::showForm() {
    m_view->panel()->commit();
    m_form->begin(toText(m_cases.examiner()), fromPath(m_services.workspace() / "cases"));
    m_stack->setCurrentWidget(m_form);
}

void CasePage::showProperties() {
    if (!m_open) return;
    m_view->panel()->commit();
    m_form->beginEdit(m_info, writable());
    m_stack->setCurrentWidget(m_form);
}

/// Beside the case, or in the workspace for one on a server.
QString CasePage::reportFolder() const {
    const fs::path location = m_cases.location();
    return fromPath(location.is_absolute() ? location.parent_path() : m_services.workspace());
}

void CasePage::showReport() {
    if (!m_open) return;
    m_view->panel()->commit();
    m_report->begin(m_info, m_view->model()->tags(), m_view->model()->rowCount(), writable(), reportFolder());
    m_stack->setCurrentWidget(m_report);
}

void CasePage::showExport() {
    if (!m_open) return;
    m_view->panel()->commit();
    m_export->begin(m_info, m_view->model()->tags(), m_view->model()->rowCount(), reportFolder());
    m_stack->setCurrentWidget(m_export);
}

void CasePage::showCodes() {
    if (!m_open) return;
    m_view->panel()->commit();
    m_stack->setCurrentWidget(m_codes);
    m_codes->begin(writable());
    showTitle();
}

void CasePage::showAudit() {
    if (!m_open) return;
    m_view->panel()->commit();
    m_stack->setCurrentWidget(m_audit);
    m_audit->begin(reportFolder());
    showTitle();
}

void CasePage::compareSelected() {
    const std::set<cases::RowId> chosen = m_view->selected();
    const ExhibitModel& model = *m_view->model();
    if (chosen.size() != 2) return;
    const auto file = [&](cases::RowId id) {
        const cases::Exhibit& exhibit = model.exhibit(model.rowOf(id));
        return namedExhibit(exhibit, model.fileOf(exhibit));
    };
    Q_EMIT m_requests.compare(file(*chosen.begin()), file(*chosen.rbegin()));
}

void CasePage::compareWithFile() {
    const cases::Exhibit* exhibit = m_view->current();
    if (exhibit == nullptr) return;
    const NamedFile copy = namedExhibit(*exhibit, m_view->model()->fileOf(*exhibit));
    FileDialogs::openImage(this, tr("The original of exhibit %1").arg(exhibit->id),
                           fromPath(exhibit->originalPath.parent_path()),
                           [this, copy](const QStringList& names) {
                               if (!names.isEmpty()) Q_EMIT m_requests.compare(toPath(names.front()), copy);
                           });
}

}  // namespace signet::ui
