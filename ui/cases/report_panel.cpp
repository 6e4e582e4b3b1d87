#include "ui/cases/report_panel.h"

#include <QAction>
#include <QDesktopServices>
#include <QDir>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/cases/panel_head.h"
#include "ui/cases/report_form.h"
#include "ui/cases/report_preview.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/report_list_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/escape_key.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

void openFolderOf(const std::filesystem::path& file) {
    QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(file.parent_path())));
}

ReportPanel::ReportPanel(CaseService& cases, QWidget* parent)
    : QWidget(parent),
      m_cases(cases),
      m_form(new ReportForm(this)),
      m_preview(new ReportPreviewView(this)),
      m_reports(new ReportListModel(this)),
      m_table(new CopyTableView(this)),
      m_tabs(new QTabWidget(this)),
      m_splitter(new QSplitter(this)),
      m_notice(new NoticeBar(QStringLiteral("reportNotice"), this)),
      m_missing(makeNote(QStringLiteral("reportMissing"), {}, this)),
      m_progressText(makeLabel(QStringLiteral("reportProgressText"), {}, this)),
      m_progress(new QProgressBar(this)),
      m_previewButton(new QPushButton(themedIcon(QStringLiteral("image")), tr("&Preview"), this)),
      m_saveButton(new QPushButton(themedIcon(QStringLiteral("save")), tr("&Save as..."), this)),
      m_stopButton(new QPushButton(themedIcon(QStringLiteral("stop")), tr("S&top"), this)),
      m_openFolder(new QAction(tr("Open the folder"), this)),
      m_confirmExaminer(new QAction(tr("Save under this name"), this)) {
    setObjectName(QStringLiteral("reportPanel"));
    m_openFolder->setObjectName(QStringLiteral("reportOpenFolder"));
    connect(m_openFolder, &QAction::triggered, this, [this] { openFolderOf(m_issued); });
    m_confirmExaminer->setObjectName(QStringLiteral("reportConfirmExaminer"));
    connect(m_confirmExaminer, &QAction::triggered, this, [this] {
        m_notice->hide();
        report::ReportOptions options = m_form->options();
        options.confirmExaminer = true;
        m_cases.issueReport(options, m_heldBack);
    });
    m_table->setObjectName(QStringLiteral("issuedReports"));
    m_table->setAccessibleName(tr("Reports issued so far"));
    m_table->setModel(m_reports);
    m_table->setEmptyText(tr("No report has been issued yet."));
    const int widths[ReportListModel::ColumnCount] = {60, 190, 60, 190, 120, 200, 160};
    for (int column = 0; column < ReportListModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_tabs->setObjectName(QStringLiteral("reportTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_preview, tr("Pre&view"));
    m_tabs->addTab(m_table, tr("&Issued"));
    m_splitter->setObjectName(QStringLiteral("reportSplitter"));
    m_splitter->addWidget(m_form);
    m_splitter->addWidget(m_tabs);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({380, 760});
    m_splitter->setChildrenCollapsible(false);
    auto* head = new PanelHead(QStringLiteral("reportPanel"), tr("Report"), {}, this);
    connect(head, &PanelHead::backWanted, this, &ReportPanel::closed);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(head);
    all->addWidget(m_splitter, 1);
    all->addWidget(makeFoot());
    connect(m_form, &ReportForm::changed, this, &ReportPanel::optionsChanged);
    connectService();
    refresh();
    onEscape(
        this, [this] { Q_EMIT closed(); },
        [this] { return !m_cases.filesBusy(); });  // then it stops the work
}

QWidget* ReportPanel::makeFoot() {
    auto* foot = new QWidget(this);
    foot->setObjectName(QStringLiteral("reportFoot"));
    m_previewButton->setObjectName(QStringLiteral("reportPreviewButton"));
    m_previewButton->setAccessibleName(tr("Show the pages as they will be"));
    m_previewButton->setToolTip(
        tr("Verifies the exhibits and shows the pages; nothing is saved or recorded"));
    m_saveButton->setObjectName(QStringLiteral("reportSaveButton"));
    m_saveButton->setAccessibleName(tr("Save the report"));
    m_saveButton->setToolTip(
        tr("Verifies the exhibits, saves the report and enters it in the case's register"));
    m_stopButton->setObjectName(QStringLiteral("reportStopButton"));
    m_stopButton->setAccessibleName(tr("Stop making the report"));
    connect(m_previewButton, &QPushButton::clicked, this, &ReportPanel::makePreview);
    connect(m_saveButton, &QPushButton::clicked, this, &ReportPanel::save);
    connect(m_stopButton, &QPushButton::clicked, &m_cases, &CaseService::stopFiles);
    m_progress->setObjectName(QStringLiteral("reportProgress"));
    m_progress->setAccessibleName(tr("Progress of the report"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(160);
    m_progressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_missing->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* text = new QVBoxLayout;
    text->addWidget(m_missing);
    text->addWidget(m_progressText);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(2 * kGrid, kGrid, kGrid, kGrid);
    row->addLayout(text, 1);
    row->addWidget(m_progress);
    row->addWidget(m_stopButton);
    row->addWidget(m_previewButton);
    row->addWidget(m_saveButton);
    return foot;
}

void ReportPanel::connectService() {
    connect(
        &m_cases, &CaseService::reportsRead, this, [this](const std::vector<cases::IssuedReport>& reports) {
            m_reports->setReports(reports);
            m_form->setReports(reports);
            m_tabs->setTabText(1, reports.empty() ? tr("&Issued") : tr("&Issued (%1)").arg(reports.size()));
        });
    connect(&m_cases, &CaseService::previewReady, this, [this](const ReportPreviewPtr& preview) {
        m_blockers = preview->content.blockers;
        m_tabs->setCurrentIndex(0);
        m_preview->setPreview(preview);
        refresh();
    });
    connect(m_preview, &ReportPreviewView::pagesWanted, &m_cases, &CaseService::requestPages);
    connect(&m_cases, &CaseService::pagesReady, m_preview, &ReportPreviewView::takePages);
    connect(&m_cases, &CaseService::reportIssued, this, [this](const ReportIssued& issued) {
        m_issued = issued.path;
        m_blockers = issued.blockers;
        m_notice->showNotice(
            issued.problems.empty() ? NoticeBar::Kind::Information : NoticeBar::Kind::Problem,
            issuedText(issued), issuedDetails(issued), m_openFolder);
        if (m_form->keepFields() && m_form->hasNewFields() && m_writable) m_cases.setInfo(m_form->info());
        refresh();
    });
    connect(&m_cases, &CaseService::examinerDoubted, this, [this](const ExaminerDoubted& doubted) {
        m_heldBack = doubted.path;
        m_notice->showNotice(
            NoticeBar::Kind::Problem, toText(doubted.why),
            tr("Nothing was saved. Correct the examiner, or save under this name: the report "
               "names those who did."),
            m_confirmExaminer);
    });
    connect(&m_cases, &CaseService::reportFailed, this, [this](const QString& message) {
        if (!isVisible()) return;  // an export's
        if (message.isEmpty())
            m_notice->showNotice(NoticeBar::Kind::Information, tr("Stopped; nothing was saved."));
        else
            m_notice->showNotice(NoticeBar::Kind::Problem, message);
    });
    connect(&m_cases, &CaseService::workChanged, this, [this] {
        m_busy = m_cases.filesBusy();
        if (!m_busy) showProgress({}, 0, 1);
        refresh();
    });
}

void ReportPanel::begin(const cases::CaseInfo& info, const std::vector<cases::Tag>& tags, int exhibits,
                        bool writable, const QString& folder) {
    m_tags = tags;
    m_exhibits = exhibits;
    m_writable = writable;
    m_folder = folder;
    m_notice->hide();
    m_blockers.clear();
    setInfo(info);
    m_cases.requestReports();
    refresh();
    m_form->setFocus();
}

void ReportPanel::setInfo(const cases::CaseInfo& info) {
    m_title = toText(info.number.empty() ? info.title : info.number);
    m_form->begin(info, m_tags, m_exhibits);
}

void ReportPanel::reset() {
    m_reports->setReports({});
    m_preview->clear(tr("Press Preview to see the pages."));
    m_notice->hide();
    m_blockers.clear();
}

void ReportPanel::showIssued() {
    m_tabs->setCurrentIndex(1);
}

void ReportPanel::showProgress(const QString& text, quint64 done, quint64 total) {
    m_progressText->setText(text);
    m_progressText->setVisible(!text.isEmpty());
    m_progress->setVisible(!text.isEmpty());
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
}

void ReportPanel::optionsChanged() {
    m_preview->setStale(true);
    refresh();
}

void ReportPanel::refresh() {
    const QString problem = m_form->problem();
    const QStringList missing = m_form->missing();
    const bool blocked = m_form->isFinal() && (!missing.isEmpty() || !m_writable);
    m_previewButton->setEnabled(!m_busy && problem.isEmpty());
    m_saveButton->setEnabled(!m_busy && problem.isEmpty() && !blocked);
    m_stopButton->setVisible(m_busy);
    QStringList lines;
    if (!problem.isEmpty()) lines << problem;
    if (m_form->isFinal() && !m_writable)
        lines << tr("The case can only be read: a final report cannot be entered in its register.");
    QStringList needed = missing;
    for (const std::string& blocker : m_blockers) {
        // the form says itself what it lacks
        if (!blocker.starts_with("the field") && !blocker.starts_with("the section"))
            needed << toText(blocker);
    }
    if (!needed.isEmpty())
        lines << tr("A final report still needs: %1.").arg(needed.join(QStringLiteral(", ")));
    m_missing->setText(lines.join(QLatin1Char('\n')));
    m_missing->setToolTip(m_missing->text());
    setRole(m_missing, blocked || !problem.isEmpty() ? "problem" : "note");
    m_missing->setVisible(!lines.isEmpty() && !m_busy);
}

void ReportPanel::makePreview() {
    m_notice->hide();
    m_cases.previewReport(m_form->options());
}

QString ReportPanel::suggestedFile() const {
    static const QRegularExpression kOther(QStringLiteral("[^\\p{L}\\p{N}._-]+"));
    QString name = m_title;
    name = name.replace(kOther, QStringLiteral("-")).left(60);
    return QDir(m_folder).filePath(tr("report-%1-v%2.%3")
                                       .arg(name)
                                       .arg(m_reports->rowCount() == 0 ? 1 : m_reports->report(0).version + 1)
                                       .arg(m_form->format()));
}

void ReportPanel::save() {
    const QString format = m_form->format();
    FileDialogs::saveFile(this, tr("Save the report"), suggestedFile(),
                          QStringLiteral("%1 (*.%2)").arg(format.toUpper(), format),
                          [this](const QStringList& names) {
                              if (!names.isEmpty()) saveAs(names.front());
                          });
}

void ReportPanel::saveAs(const QString& file) {
    m_notice->hide();
    std::filesystem::path path = toPath(file);
    const std::string ending = QStringLiteral(".%1").arg(m_form->format()).toStdString();
    if (path.extension() != ending) {  // the format is the form's
        path += ending;
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) {  // nobody was asked about this one
            m_notice->showNotice(NoticeBar::Kind::Problem,
                                 tr("%1 exists: choose another name.").arg(fileName(path)));
            return;
        }
    }
    m_folder = fromPath(path.parent_path());
    m_cases.issueReport(m_form->options(), path);
}

void ReportPanel::saveSettings(QSettings& settings) const {
    m_form->saveSettings(settings);
    settings.setValue(QStringLiteral("reports/splitter"), m_splitter->saveState());
}

void ReportPanel::restoreSettings(const QSettings& settings) {
    m_form->restoreSettings(settings);
    m_splitter->restoreState(settings.value(QStringLiteral("reports/splitter")).toByteArray());
}

}  // namespace signet::ui
