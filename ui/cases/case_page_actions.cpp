// The actions of the Cases page, with their shortcuts, for its buttons and the Work menu.
#include <QAction>

#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/intake/file_dialogs.h"
#include "ui/intake/image_intake.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

QKeySequence keys(int modifiers, Qt::Key key) {
    return QKeySequence(static_cast<int>(key) | modifiers);
}

}  // namespace

QAction* CasePage::add(const char* name, const char* icon, const QString& text, const QKeySequence& shortcut,
                       const QString& help, std::function<void()> run) {
    m_workActions << makeAction(this, name, icon, text, shortcut, help, std::move(run));
    return m_workActions.back();
}

void CasePage::makeActions() {
    m_newAction = add("newCaseAction", "new", tr("&New case..."), QKeySequence::New, tr("Make a case"),
                      [this] { showForm(); });
    m_openAction = add(
        "openCaseAction", "open", tr("&Open..."), keys(Qt::CTRL, Qt::Key_O), tr("Open a case file"), [this] {
            FileDialogs::openFile(this, tr("Open a case"), fromPath(m_services.workspace() / "cases"),
                                  tr("Cases (*.case);;All files (*)"), [this](const QStringList& names) {
                                      if (!names.isEmpty()) openCase(names.front());
                                  });
        });
    makeExhibitActions();
    makeCaseActions();
    m_forgetAction = new QAction(tr("Forget them"), this);
    m_forgetAction->setObjectName(QStringLiteral("forgetPendingAction"));
    connect(m_forgetAction, &QAction::triggered, this, [this] {
        m_pending.clear();
        m_notice->hide();
    });
    m_takeFurtherAction = new QAction(tr("Take them in, too"), this);
    m_takeFurtherAction->setObjectName(QStringLiteral("takeFurtherAction"));
    connect(m_takeFurtherAction, &QAction::triggered, this, [this] { takeIn({m_several, {}, false}, true); });
    m_showDamagedAction = new QAction(tr("Show it"), this);
    m_showDamagedAction->setObjectName(QStringLiteral("showDamagedAction"));
    connect(m_showDamagedAction, &QAction::triggered, this, [this] {
        showCurrent();
        m_view->clearFilters();
        m_view->select(m_damaged);
        m_view->panel()->showTab(ExhibitPanel::Findings);
    });
}

void CasePage::makeExhibitActions() {
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
    m_compareAction =
        add("compareExhibitsAction", "compare", tr("&Compare the two selected"), keys(Qt::CTRL, Qt::Key_D),
            tr("Show two exhibits side by side"), [this] { compareSelected(); });
    m_compareFileAction =
        add("compareExhibitFileAction", "compare", tr("Compare with a fi&le..."),
            keys(Qt::CTRL | Qt::SHIFT, Qt::Key_D), tr("Show the exhibit beside a file, as its original"),
            [this] { compareWithFile(); });
}

void CasePage::makeCaseActions() {
    m_verifyAction =
        add("verifyCaseAction", "verified", tr("&Verify"), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_V),
            tr("Check the audit log and hash every exhibit again"), [this] { m_cases.verify(); });
    m_reportAction =
        add("reportCaseAction", "report", tr("&Report..."), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_R),
            tr("Preview and save a report; see those issued"), [this] { showReport(); });
    m_exportAction = add("exportCaseAction", "save", tr("E&xport..."), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_E),
                         tr("Write the case, or its tagged exhibits, to hand on"), [this] { showExport(); });
    m_propertiesAction =
        add("casePropertiesAction", "information", tr("Proper&ties..."), keys(Qt::ALT, Qt::Key_Return),
            tr("Title, number, people and the fields of reports"), [this] { showProperties(); });
    m_codesAction =
        add("caseCodesAction", "signet", tr("Registered co&des..."), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_K),
            tr("Codes that decoded ones are compared with: list, register, change, withdraw"),
            [this] { showCodes(); });
    m_auditAction =
        add("caseAuditAction", "waiting", tr("A&udit log..."), keys(Qt::CTRL | Qt::SHIFT, Qt::Key_L),
            tr("Read and search what was done in the case"), [this] { showAudit(); });
    m_reloadAction = add("reloadCaseAction", "redo", tr("Rea&d again"), keys(Qt::CTRL, Qt::Key_R),
                         tr("Show what other programs did in the case meanwhile"), [this] {
                             m_view->panel()->commit();
                             m_cases.reload();
                         });
    m_nameAction = add("examinerAction", "about", tr("Exa&miner's name..."), keys(Qt::CTRL, Qt::Key_E),
                       tr("Change the name that stands on your actions"), [this] { askName({}); });
    m_closeAction = add("closeCaseAction", "close", tr("Close case"), keys(Qt::CTRL, Qt::Key_W),
                        tr("Close the case; what is not done waits in it"), [this] {
                            m_view->panel()->commit();
                            m_cases.close();
                        });
}

}  // namespace signet::ui
