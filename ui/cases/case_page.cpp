#include "ui/cases/case_page.h"

#include <QAction>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/cases/case_form.h"
#include "ui/cases/case_start.h"
#include "ui/cases/case_text.h"
#include "ui/cases/case_view.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/inspect/image_intake.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/file_dialogs.h"
#include "ui/style/widgets.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr int kRecentCases = 10;

}  // namespace

CasePage::CasePage(Services& services, QWidget* parent)
    : QWidget(parent),
      m_services(services),
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
    m_view = new CaseView(
        services,
        {m_addAction, m_examineAction, m_pauseAction, m_stopAction, m_verifyAction, nullptr, m_closeAction},
        this);
    for (QWidget* page :
         {static_cast<QWidget*>(m_start), static_cast<QWidget*>(m_view), static_cast<QWidget*>(m_form)})
        m_stack->addWidget(page);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    for (QWidget* bar : {static_cast<QWidget*>(m_integrity), static_cast<QWidget*>(m_access),
                         static_cast<QWidget*>(m_notice), m_nameBar})
        all->addWidget(bar);
    all->addWidget(m_stack, 1);
    connectService();
    connectView();
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

void CasePage::makeActions() {
    const auto add = [this](const char* name, const char* icon, const QString& text, const QKeySequence& keys,
                            const QString& help, auto slot) {
        m_workActions << makeAction(this, name, icon, text, keys, help, slot);
        return m_workActions.back();
    };
    const auto keys = [](int modifiers, Qt::Key key) {
        return QKeySequence(static_cast<int>(key) | modifiers);
    };
    m_newAction = add("newCaseAction", "new", tr("&New case..."), QKeySequence::New, tr("Make a case"),
                      [this] { showForm(); });
    m_openAction = add(
        "openCaseAction", "open", tr("&Open..."), keys(Qt::CTRL, Qt::Key_O), tr("Open a case file"), [this] {
            FileDialogs::openFile(this, tr("Open a case"), fromPath(m_services.workspace() / "cases"),
                                  tr("Cases (*.case);;All files (*)"), [this](const QStringList& names) {
                                      if (!names.isEmpty()) openCase(names.front());
                                  });
        });
    m_addAction = add("addExhibitsAction", "image", tr("&Add images..."), keys(Qt::CTRL, Qt::Key_I),
                      tr("Take image files in as exhibits"), [this] { m_intake->openFiles(); });
    m_addFolderAction =
        add("addExhibitFolderAction", "open", tr("Add a &folder..."), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_I),
            tr("Take all images of a folder in as exhibits"), [this] { m_intake->openFolder(); });
    m_examineAction = add("examineCaseAction", "start", tr("&Examine"), keys(Qt::CTRL, Qt::Key_Return),
                          tr("Examine what waits, in the background"), [this] { m_cases.examine(); });
    m_againAction = add("examineExhibitsAgainAction", "again", tr("Examine the selected a&gain"),
                        QKeySequence(Qt::Key_F5), tr("A new examination beside the earlier ones"),
                        [this] { m_cases.examine(m_view->selected()); });
    m_pauseAction = add("pauseCaseAction", "pause", tr("&Pause"), keys(Qt::CTRL, Qt::Key_P),
                        tr("Hold after the exhibit at hand, or go on"), [this] {
                            const auto& work = m_cases.work();
                            if (work && work->state == jobs::JobState::Running)
                                m_cases.pauseExamining();
                            else
                                m_cases.resumeExamining();
                        });
    m_stopAction = add("stopCaseAction", "stop", tr("&Stop"), QKeySequence(Qt::Key_Escape),
                       tr("End the work on the case; what is not done waits"), [this] {
                           m_cases.stopExamining();
                           m_cases.stopFiles();
                       });
    m_verifyAction =
        add("verifyCaseAction", "verified", tr("&Verify"), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_V),
            tr("Check the audit log and hash every exhibit again"), [this] { m_cases.verify(); });
    m_reloadAction = add("reloadCaseAction", "redo", tr("&Read again"), keys(Qt::CTRL, Qt::Key_R),
                         tr("Show what other programs did in the case meanwhile"), [this] {
                             m_view->panel()->commit();
                             m_cases.reload();
                         });
    m_nameAction = add("examinerAction", "about", tr("E&xaminer's name..."), keys(Qt::CTRL, Qt::Key_E),
                       tr("Change the name that stands on your actions"), [this] { askName({}); });
    m_closeAction = add("closeCaseAction", "close", tr("&Close case"), keys(Qt::CTRL, Qt::Key_W),
                        tr("Close the case; what is not done waits in it"), [this] {
                            m_view->panel()->commit();
                            m_cases.close();
                        });
    m_showDamagedAction = new QAction(tr("Show it"), this);
    m_showDamagedAction->setObjectName(QStringLiteral("showDamagedAction"));
    connect(m_showDamagedAction, &QAction::triggered, this, [this] {
        m_view->clearFilters();
        m_view->select(m_damaged);
        m_view->panel()->showTab(ExhibitPanel::Findings);
    });
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

void CasePage::openCase(const QString& file) {
    m_notice->hide();
    if (m_cases.examiner().empty()) {
        askName([this, file] { openCase(file); });
        return;
    }
    m_view->panel()->commit();
    m_cases.open(toPath(file).string());
}

void CasePage::addDropped(std::vector<fs::path> paths) {
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

void CasePage::opened(CaseContents& contents) {
    m_open = true;
    m_readOnly = sentence(contents.readOnlyReason);
    remember(fromPath(contents.location));
    m_view->showCase(contents);
    if (m_readOnly.isEmpty())
        m_access->hide();
    else
        m_access->showNotice(NoticeBar::Kind::Information, m_readOnly);
    showIntegrity(contents.integrity);
    showCurrent();
    if (isVisible()) m_view->table()->setFocus();
}

void CasePage::showIntegrity(const std::vector<cases::Finding>& findings) {
    m_damaged = findings.empty() ? 0 : findings.front().evidence;
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
    m_notice->showNotice(trouble ? NoticeBar::Kind::Problem : NoticeBar::Kind::Information,
                         intakeText(summary), intakeDetails(summary));
}

void CasePage::showVerification(const cases::Verification& found) {
    m_notice->showNotice(found.ok() ? NoticeBar::Kind::Information : NoticeBar::Kind::Problem,
                         verificationText(found), verificationDetails(found));
}

void CasePage::showChosen() {
    const cases::Evidence* exhibit = m_view->current();
    if (exhibit == nullptr) {
        m_view->panel()->commit();
        m_view->panel()->clear();
        return;
    }
    m_view->panel()->showExhibit(*exhibit, m_view->model()->fileOf(*exhibit));
    m_cases.requestDetails(exhibit->id);
}

void CasePage::toggleTag(int key) {
    if (!writable()) return;
    const std::string name = std::to_string(key);
    for (const cases::Tag& tag : m_view->model()->tags()) {
        if (tag.key != name) continue;
        const cases::Evidence* at = m_view->current();
        const bool on = at && std::find(at->tags.begin(), at->tags.end(), tag.id) != at->tags.end();
        setTag(tag.id, !on);
        return;
    }
    m_notice->showNotice(NoticeBar::Kind::Information,
                         tr("No tag has the key %1 yet. Type its name beside “Tags”: new tags get the next "
                            "free key.")
                             .arg(key));
}

void CasePage::setTag(cases::RowId tag, bool on) {
    const std::set<cases::RowId> chosen = m_view->selected();
    if (writable() && !chosen.empty()) m_cases.setTag(chosen, tag, on);
}

void CasePage::addTag(const QString& name) {
    if (writable()) m_cases.addTag(tagNamed(name.toStdString(), m_view->model()->tags()), m_view->selected());
}

void CasePage::finish() {
    m_view->panel()->commit();
    m_cases.stopExamining();
    m_cases.stopFiles();
}

void CasePage::showForm() {
    m_form->begin(toText(m_cases.examiner()), fromPath(m_services.workspace() / "cases"));
    m_stack->setCurrentWidget(m_form);
}

void CasePage::showCurrent() {
    m_stack->setCurrentWidget(m_open ? static_cast<QWidget*>(m_view) : m_start);
    m_start->setRecent(m_recent);
    updateControls();
}

void CasePage::updateControls() {
    const EvidenceModel& model = *m_view->model();
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
    for (QAction* action : {m_closeAction, m_reloadAction}) action->setEnabled(m_open);
    if (!m_cases.filesBusy()) m_filesText.clear();
    if (!m_filesText.isEmpty()) {
        m_view->showProgress(m_filesText, m_filesDone, m_filesTotal);
    } else if (work) {
        const int running = model.count(cases::WorkState::Running);
        m_view->showProgress(workText(*work, waiting + running), work->done,
                             work->done + static_cast<std::uint64_t>(waiting + running));
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
}

void CasePage::restoreSettings(const QSettings& settings) {
    m_cases.setExaminer(settings.value(QStringLiteral("cases/examiner")).toString().toStdString());
    for (const QString& file : settings.value(QStringLiteral("cases/recent")).toStringList()) {
        if (QFileInfo::exists(file)) m_recent << file;
    }
    m_reopen = settings.value(QStringLiteral("cases/reopen"), true).toBool();
    m_view->restoreSettings(settings);
    showCurrent();
    const QString last = settings.value(QStringLiteral("cases/last")).toString();
    if (m_reopen && !last.isEmpty() && QFileInfo::exists(last) && !m_cases.examiner().empty()) openCase(last);
}

}  // namespace signet::ui
