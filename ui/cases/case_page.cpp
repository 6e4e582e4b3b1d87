#include "ui/cases/case_page.h"

#include <QAction>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/cases/database_url.h"
#include "ui/bridge/named_file.h"
#include "ui/bridge/text.h"
#include "ui/cases/audit_panel.h"
#include "ui/cases/case_edits.h"
#include "ui/cases/case_form.h"
#include "ui/cases/case_start.h"
#include "ui/cases/case_text.h"
#include "ui/cases/case_view.h"
#include "ui/cases/codes_panel.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/export_panel.h"
#include "ui/cases/report_panel.h"
#include "ui/intake/image_intake.h"
#include "ui/page/page_requests.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr int kRecentCases = 10;

}  // namespace

CasePage::CasePage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("cases"), QStringLiteral("cases"), tr("Cases"), Qt::Key_5}),
      m_services(services),
      m_requests(requests),
      m_cases(services.cases()),
      m_integrity(new NoticeBar(QStringLiteral("caseIntegrity"), this)),
      m_access(new NoticeBar(QStringLiteral("caseAccess"), this)),
      m_notice(new NoticeBar(QStringLiteral("caseNotice"), this)),
      m_name(new QLineEdit(this)),
      m_nameBar(makeNameBar()),
      m_stack(new QStackedWidget(this)),
      m_intake(new ImageIntake(services, kCasePaths, m_notice, this)) {
    setObjectName(QStringLiteral("casePage"));
    m_stack->setObjectName(QStringLiteral("caseStack"));
    makeActions();
    m_start = new CaseStart({m_newAction, m_openAction}, this);
    m_form = new CaseForm(this);
    m_view = new CaseView(services,
                          {m_addAction, m_examineAction, m_pauseAction, m_stopAction, m_verifyAction, nullptr,
                           m_reportAction, m_exportAction, m_closeAction},
                          {m_addAction, m_addFolderAction}, this);
    m_edits = new CaseEdits(m_cases, *m_view->model(), this);
    m_report = new ReportPanel(m_cases, this);
    m_export = new ExportPanel(m_cases, this);
    m_codes = new CodesPanel(m_cases, services.keys(), this);
    m_audit = new AuditPanel(m_cases, this);
    for (QWidget* page :
         std::initializer_list<QWidget*>{m_start, m_view, m_form, m_report, m_export, m_codes, m_audit})
        m_stack->addWidget(page);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_nameBar);
    all->addWidget(m_stack, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("caseNotices"),
                                   {m_integrity, m_access, m_notice, m_report->notice(), m_export->notice(),
                                    m_codes->notice(), m_audit->notice()},
                                   this));
    connectService();
    connectStart();
    connectView();
    connectRequests();
    updateControls();
}

QWidget* CasePage::makeNameBar() {
    auto* bar = new QFrame(this);
    bar->setObjectName(QStringLiteral("examinerBar"));
    bar->setProperty("role", "notice");
    m_name->setObjectName(QStringLiteral("examinerField"));
    m_name->setAccessibleName(tr("Your name, as it stands on every action"));
    m_name->setMaximumWidth(280);
    auto* done = new QPushButton(tr("Use this name"), bar);
    done->setObjectName(QStringLiteral("examinerButton"));
    done->setAccessibleName(tr("Use this name"));
    connect(m_name, &QLineEdit::returnPressed, this, &CasePage::takeName);
    connect(done, &QPushButton::clicked, this, &CasePage::takeName);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, kGrid, kGrid, kGrid);
    row->addWidget(
        makeLabel(QStringLiteral("examinerLabel"), tr("Your name stands on every action in a case:"), bar));
    row->addWidget(m_name, 1);
    row->addWidget(done);
    row->addStretch(1);
    bar->hide();
    return bar;
}

void CasePage::askName(const std::function<void()>& then) {
    m_afterName = then;
    m_name->setText(toText(m_cases.examiner()));
    m_nameBar->show();
    m_name->setFocus();
}

void CasePage::takeName() {
    const QString name = m_name->text().trimmed();
    if (name.isEmpty()) return;
    m_cases.setExaminer(name.toStdString());
    m_nameBar->hide();
    if (const auto then = std::exchange(m_afterName, {})) then();
}

void CasePage::openCase(const QString& location) {
    m_notice->hide();
    if (m_cases.examiner().empty()) {
        askName([this, location] { openCase(location); });
        return;
    }
    m_view->panel()->commit();
    m_opening = toText(cases::withoutPassword(location.toStdString()));
    m_cases.open(isDatabase(location) ? location.toStdString() : toPath(location).string());
}

bool CasePage::claims(const std::vector<fs::path>& files) const {
    return files.front().extension() == ".case";
}

void CasePage::takeFiles(std::vector<fs::path> paths) {
    const auto found = std::find_if(paths.begin(), paths.end(),
                                    [](const fs::path& path) { return path.extension() == ".case"; });
    if (found != paths.end()) {
        openCase(fromPath(*found));
    } else if (writable()) {
        m_intake->addPaths(std::move(paths));
    } else {
        m_notice->showNotice(NoticeBar::Kind::Information,
                             m_open ? tr("The case is open read-only: nothing can be taken in.")
                                    : tr("Open or make a case first; then drop images to take them in."));
    }
}

void CasePage::addToCase(const std::vector<fs::path>& files) {
    if (writable()) {
        m_intake->addPaths(files);
        Q_EMIT m_requests.addedToCase(
            tr("%1 taken in by the case “%2”.")
                .arg(countText(static_cast<int>(files.size()), "image"), caseTitle()),
            showAction());
        return;
    }
    m_pending.insert(m_pending.end(), files.begin(), files.end());
    m_notice->showNotice(NoticeBar::Kind::Information,
                         tr("%1 for a case: open or make the one that is to take them in.")
                             .arg(countText(static_cast<int>(m_pending.size()), "image")),
                         {}, m_forgetAction);
    Q_EMIT m_requests.show(label().id);
}

QString CasePage::caseTitle() const {
    return m_open ? toText(m_info.title) : QString();
}

void CasePage::opened(CaseContents& contents) {
    m_open = true;
    m_info = contents.info;
    m_readOnly = sentence(contents.readOnlyReason);
    remember(isDatabase(toText(contents.location)) ? toText(contents.location) : fromPath(contents.location));
    m_view->showCase(contents);
    if (m_readOnly.isEmpty())
        m_access->hide();
    else
        m_access->showNotice(NoticeBar::Kind::Information, m_readOnly);
    showIntegrity(contents.integrity);
    if (writable() && !m_pending.empty()) m_intake->addPaths(std::exchange(m_pending, {}));
    const QWidget* shown = m_stack->currentWidget();
    if (shown != m_start && shown != m_view && shown != m_form) return;  // read again meanwhile
    showCurrent();
    if (isVisible()) m_view->table()->setFocus();
}

void CasePage::showIntegrity(const std::vector<cases::Finding>& findings) {
    m_damaged = findings.empty() ? 0 : findings.front().exhibit;
    const QString text = integrityText(findings);
    if (text.isEmpty())
        m_integrity->hide();
    else
        m_integrity->showNotice(NoticeBar::Kind::Problem, text, integrityDetails(findings),
                                m_showDamagedAction);
    showChosen();
}

void CasePage::showIntake(const IntakeSummary& summary) {
    const bool trouble = !summary.failed.empty() || !summary.stoppedBy.empty();
    m_several = summary.several;
    m_notice->showNotice(trouble ? NoticeBar::Kind::Problem : NoticeBar::Kind::Information,
                         intakeText(summary), intakeDetails(summary),
                         summary.further > 0 ? m_takeFurtherAction : nullptr);
}

void CasePage::takeIn(image::FoundImages found, bool allFrames) {
    cases::IntakeOptions options;
    options.copy = m_view->copies();
    options.receivedFrom = m_view->receivedFrom().toStdString();
    options.allFrames = allFrames;
    m_cases.takeIn(std::move(found), options);
}

void CasePage::showVerification(const cases::Verification& found) {
    m_notice->showNotice(found.ok() ? NoticeBar::Kind::Information : NoticeBar::Kind::Problem,
                         verificationText(found), verificationDetails(found));
}

void CasePage::showChosen() {
    const cases::Exhibit* exhibit = m_view->current();
    m_view->panel()->setChosen(static_cast<int>(m_view->selected().size()));
    showTitle();
    if (exhibit == nullptr) {
        m_view->panel()->commit();
        m_view->panel()->clear();
        return;
    }
    m_view->panel()->showExhibit(*exhibit, m_view->model()->fileOf(*exhibit));
    m_cases.requestDetails(exhibit->id);
}

void CasePage::showTitle() {
    const cases::Exhibit* exhibit = m_view->current();
    QStringList parts;
    if (m_open && exhibit && m_stack->currentWidget() == m_view) parts << exhibitName(*exhibit);
    if (m_open) parts << toText(m_info.title);
    setWindowTitle(parts.join(QStringLiteral(" — ")));
}

void CasePage::toggleTag(int key) {
    if (!writable() || m_view->selected().empty()) return;
    const std::string name = std::to_string(key);
    for (const cases::Tag& tag : m_view->model()->tags()) {
        if (tag.key != name) continue;
        const cases::Exhibit* at = m_view->current();
        const bool on = at && std::find(at->tags.begin(), at->tags.end(), tag.id) != at->tags.end();
        setTag(tag.id, !on);
        return;
    }
    m_notice->showNotice(NoticeBar::Kind::Information,
                         tr("No tag has the key %1 yet. Type its name beside “Tags”: new tags get the next "
                            "free key.")
                             .arg(key));
}

void CasePage::setTag(cases::RowId id, bool on) {
    if (!writable()) return;
    for (const cases::Tag& tag : m_view->model()->tags()) {
        if (tag.id == id) m_edits->setTag(m_view->selected(), tag, on);
    }
}

void CasePage::addTag(const QString& name) {
    if (writable())
        m_edits->setTag(m_view->selected(), tagNamed(name.toStdString(), m_view->model()->tags()), true);
}

QList<QAction*> CasePage::menuActions(Menu menu) const {
    if (menu == Menu::Edit) return m_edits->actions();
    return menu == Menu::Work ? m_workActions : QList<QAction*>();
}

Page::StillRuns CasePage::finish() {
    m_view->panel()->commit();
    m_cases.stopExamining();
    m_cases.stopFiles();
    return m_cases.isIdle() ? StillRuns::Nothing : StillRuns::Quietly;
}

void CasePage::showCurrent() {
    m_stack->setCurrentWidget(m_open ? static_cast<QWidget*>(m_view) : m_start);
    m_start->setRecent(m_recent);
    showTitle();
    updateControls();
}

void CasePage::updateControls() {
    const ExhibitModel& model = *m_view->model();
    const auto& work = m_cases.work();
    const int waiting = model.count(cases::WorkState::Waiting);
    const bool paused = work && work->state == jobs::JobState::Paused;
    const bool pausing = work && work->state == jobs::JobState::Pausing;
    const bool can = writable();
    for (QAction* action : {m_addAction, m_addFolderAction}) action->setEnabled(can);
    m_examineAction->setText(tr("&Examine %1").arg(countText(waiting, "image")));
    m_examineAction->setEnabled(can && waiting > 0 && !work);
    m_againAction->setEnabled(can && m_view->current() != nullptr);
    m_pauseAction->setText(paused || pausing ? tr("&Resume") : tr("&Pause"));
    m_pauseAction->setEnabled(work && work->state != jobs::JobState::Stopping);
    m_stopAction->setEnabled(work || m_cases.filesBusy());
    m_verifyAction->setEnabled(m_open && !m_cases.filesBusy());
    for (QAction* action : {m_closeAction, m_reloadAction, m_propertiesAction, m_reportAction, m_exportAction,
                            m_codesAction, m_auditAction})
        action->setEnabled(m_open);
    m_exportAction->setEnabled(can);  // it is entered in the custody of each exhibit
    const std::size_t chosen = m_view->selected().size();
    m_compareAction->setEnabled(chosen == 2);
    m_compareFileAction->setEnabled(chosen == 1);
    m_view->panel()->setWorking(work.has_value());
    if (!m_cases.filesBusy()) m_filesText.clear();
    if (!m_filesText.isEmpty()) {
        m_view->showProgress(m_filesText, m_filesDone, m_filesTotal);
    } else if (work) {
        const int open = waiting + model.count(cases::WorkState::Running);
        // of one exhibit alone, those that wait otherwise are not left for this work
        const int left = work->total > 0 ? static_cast<int>(work->total - work->done) : open;
        m_view->showProgress(workText(*work, left), work->done,
                             work->done + static_cast<std::uint64_t>(left));
    } else {
        m_view->showProgress({}, 0, 1);
    }
}

void CasePage::remember(const QString& file) {
    m_recent.removeAll(file);
    m_recent.prepend(file);
    while (m_recent.size() > kRecentCases) m_recent.removeLast();
}

void CasePage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("cases/examiner"), toText(m_cases.examiner()));
    settings.setValue(QStringLiteral("cases/recent"), m_recent);
    settings.setValue(QStringLiteral("cases/reopen"), m_reopen);
    settings.setValue(QStringLiteral("cases/last"), m_open ? m_recent.value(0) : QString());
    m_view->saveSettings(settings);
    m_report->saveSettings(settings);
}

void CasePage::restoreSettings(const QSettings& settings) {
    m_cases.setExaminer(settings.value(QStringLiteral("cases/examiner")).toString().toStdString());
    for (const QString& file : settings.value(QStringLiteral("cases/recent")).toStringList()) {
        if (isDatabase(file) || QFileInfo::exists(file)) m_recent << file;
    }
    m_reopen = settings.value(QStringLiteral("cases/reopen"), true).toBool();
    m_start->setReopens(m_reopen);
    m_view->restoreSettings(settings);
    m_report->restoreSettings(settings);
    showCurrent();
    const QString last = settings.value(QStringLiteral("cases/last")).toString();
    const bool there = isDatabase(last) || QFileInfo::exists(last);
    if (m_reopen && !last.isEmpty() && there && !m_cases.examiner().empty()) openCase(last);
}

}  // namespace signet::ui
