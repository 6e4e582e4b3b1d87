// What the Cases page does with the answers of the case service and with what people do in the view.
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/cases/audit_panel.h"
#include "ui/cases/case_edits.h"
#include "ui/cases/case_form.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_start.h"
#include "ui/cases/case_text.h"
#include "ui/cases/case_view.h"
#include "ui/cases/codes_panel.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/export_panel.h"
#include "ui/cases/report_panel.h"
#include "ui/intake/image_intake.h"
#include "ui/page/page_requests.h"
#include "ui/style/widgets.h"

#include <QStackedWidget>

namespace fs = std::filesystem;

namespace signet::ui {

void CasePage::connectService() {
    connect(&m_cases, &CaseService::opened, this,
            [this](const CaseContentsPtr& contents) { opened(*contents); });
    connect(&m_cases, &CaseService::closed, this, [this] {
        m_open = false;
        m_readOnly.clear();
        m_edits->clear();
        m_report->reset();
        m_codes->reset();
        m_audit->reset();
        m_filesText.clear();
        for (NoticeBar* bar : {m_integrity, m_access, m_notice}) bar->hide();
        m_view->panel()->clear();
        m_view->model()->reset({}, {});
        if (m_stack->currentWidget() != m_form || m_form->isEditing()) showCurrent();
    });
    connect(&m_cases, &CaseService::exhibitsChanged, this, [this](const ExhibitsPtr& exhibits) {
        const bool first = m_view->model()->rowCount() == 0;
        m_view->model()->update(*exhibits);
        if (first) m_view->select(exhibits->front().id);
        m_view->updateCounts();
        const cases::RowId shown = m_view->panel()->exhibit();
        if (std::any_of(exhibits->begin(), exhibits->end(), [&](const auto& e) { return e.id == shown; }))
            showChosen();
        updateControls();
    });
    connect(&m_cases, &CaseService::tagsChanged, m_view, &CaseView::setTags);
    connect(&m_cases, &CaseService::detailsReady, this, [this](const ExhibitDetailsPtr& details) {
        if (details->exhibit.id == m_view->panel()->exhibit()) m_view->panel()->showDetails(*details);
    });
    connect(&m_cases, &CaseService::integrityChanged, this, &CasePage::showIntegrity);
    connect(&m_cases, &CaseService::filesProgress, this,
            [this](quint64 done, quint64 total, const QString& what) {
                m_filesText = what;
                m_filesDone = done;
                m_filesTotal = total;
                m_report->showProgress(what, done, total);
                m_export->showProgress(what, done, total);
                updateControls();
            });
    connect(&m_cases, &CaseService::intakeFinished, this, &CasePage::showIntake);
    connect(&m_cases, &CaseService::verified, this,
            [this](const std::shared_ptr<const cases::Verification>& found) { showVerification(*found); });
    connect(&m_cases, &CaseService::infoChanged, this, [this](const cases::CaseInfo& info) {
        m_info = info;
        m_view->setInfo(info);
        m_report->setInfo(info);
        showTitle();
        if (m_stack->currentWidget() == m_form && m_form->isEditing()) showCurrent();
    });
    connect(&m_cases, &CaseService::workChanged, this, &CasePage::updateControls);
    connect(&m_cases, &CaseService::examinationFailed, this, [this](const QString& message) {
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("The examination ended. %1").arg(message), {},
                             m_examineAction);
    });
    connect(&m_cases, &CaseService::failed, this, [this](const QString& message, bool opening) {
        m_notice->showNotice(NoticeBar::Kind::Problem, message);
        if (!opening || m_stack->currentWidget() == m_form) return;
        showCurrent();
        if (isDatabase(m_opening)) m_start->askDatabase(m_opening);
    });
}

void CasePage::connectStart() {
    connect(m_start, &CaseStart::openWanted, this, &CasePage::openCase);
    connect(m_start, &CaseStart::databaseWanted, this, &CasePage::openCase);
    connect(m_start, &CaseStart::reopensChanged, this, [this](bool on) { m_reopen = on; });
    connect(m_form, &CaseForm::closed, this, &CasePage::showCurrent);
    connect(m_report, &ReportPanel::closed, this, &CasePage::showCurrent);
    connect(m_export, &ExportPanel::closed, this, &CasePage::showCurrent);
    connect(m_codes, &CodesPanel::closed, this, &CasePage::showCurrent);
    connect(m_audit, &AuditPanel::closed, this, &CasePage::showCurrent);
    connect(m_form, &CaseForm::saveWanted, &m_cases, &CaseService::setInfo);
    connect(m_form, &CaseForm::createWanted, this, [this](const QString& file, const cases::CaseInfo& info) {
        m_view->panel()->commit();
        m_cases.setExaminer(info.examiner);
        m_cases.create(toPath(file).string(), info);
    });
}

void CasePage::connectView() {
    connect(m_intake, &ImageIntake::filesFound, this,
            [this](const std::vector<fs::path>& files, const std::vector<image::LeftOut>& leftOut) {
                takeIn({files, leftOut, false}, false);
            });
    connect(m_view, &CaseView::selectionChanged, this, [this] {
        showChosen();
        updateControls();
    });
    connect(m_view, &CaseView::tagKeyPressed, this, &CasePage::toggleTag);
    ExhibitPanel* panel = m_view->panel();
    connect(panel, &ExhibitPanel::noteWanted, this,
            [this](cases::RowId exhibit, const QString& note) { m_edits->setNote(exhibit, note); });
    connect(panel, &ExhibitPanel::tagToggled, this, &CasePage::setTag);
    connect(panel, &ExhibitPanel::tagWanted, this, &CasePage::addTag);
    connect(panel, &ExhibitPanel::findingWanted, &m_cases, &CaseService::saveFinding);
    connect(panel, &ExhibitPanel::findingRemoved, &m_cases, &CaseService::removeFinding);
    connect(panel, &ExhibitPanel::againWanted, &m_cases, &CaseService::examineLike);
    connect(panel, &ExhibitPanel::compareWanted, this, [this] {
        if (m_view->selected().size() == 2)
            compareSelected();
        else
            compareWithFile();
    });
    connect(panel, &ExhibitPanel::inspectWanted, &m_cases, &CaseService::openExhibit);
    connect(panel, &ExhibitPanel::custodyWanted, this, [this](const QString& action, const QString& details) {
        m_cases.enterCustody(m_view->selected(), m_view->panel()->exhibit(), action.toStdString(),
                             details.toStdString());
    });
}

void CasePage::connectRequests() {
    connect(&m_cases, &CaseService::exhibitHashed, &m_requests, &PageRequests::inspect);
    connect(m_view->panel(), &ExhibitPanel::modelCardWanted, &m_requests, &PageRequests::modelCard);
    connect(m_view->panel(), &ExhibitPanel::methodWanted, &m_requests, &PageRequests::method);
    connect(&m_requests, &PageRequests::addToCase, this, &CasePage::addToCase);
    connect(&m_cases, &CaseService::becameIdle, &m_requests, &PageRequests::finished);
}

}  // namespace signet::ui
