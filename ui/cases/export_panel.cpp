#include "ui/cases/export_panel.h"

#include <QAction>
#include <QCheckBox>
#include <QDir>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/cases/panel_head.h"
#include "ui/cases/report_panel.h"
#include "ui/cases/tag_choice.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/escape_key.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
ExportPanel::ExportPanel(CaseService& cases, QWidget* parent)
    : QWidget(parent),
      m_cases(cases),
      m_notice(new NoticeBar(QStringLiteral("exportNotice"), this)),
      m_tags(new TagChoice(QStringLiteral("export"), this)),
      m_audit(new QCheckBox(tr("The a&udit log also with a part of the case"), this)),
      m_zip(new QRadioButton(tr("A &zip file"), this)),
      m_directory(new QRadioButton(tr("A &folder"), this)),
      m_save(new QPushButton(themedIcon(QStringLiteral("save")), tr("&Export as..."), this)),
      m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("S&top"), this)),
      m_problem(makeLabel(QStringLiteral("exportProblem"), {}, this)),
      m_progressText(makeLabel(QStringLiteral("exportProgressText"), {}, this)),
      m_progress(new QProgressBar(this)),
      m_openFolder(new QAction(tr("Open the folder"), this)) {
    setObjectName(QStringLiteral("exportPanel"));
    m_openFolder->setObjectName(QStringLiteral("exportOpenFolder"));
    connect(m_openFolder, &QAction::triggered, this, [this] { openFolderOf(m_exported); });
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("exportScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(makeContent());
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scroll, 1);
    connectService();
    showProgress({}, 0, 1);
    refresh();
    onEscape(
        this, [this] { Q_EMIT closed(); },
        [this] { return !m_cases.filesBusy(); });  // then it stops the work
}

QWidget* ExportPanel::makeContent() {
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("exportContent"));
    content->setMaximumWidth(kFormWidth);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(2 * kGrid, kGrid, kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    QLabel* title = makeLabel(QStringLiteral("exportTitle"), tr("Export"), content);
    title->setProperty("role", "title");
    column->addWidget(title);
    column->addWidget(
        makeNote(QStringLiteral("exportNote"),
                 tr("Exhibits, evidence maps, findings and a draft report, with the SHA-256 of every "
                    "file: what another laboratory needs to check the case without this program. "
                    "It is read back and verified before it gets its name."),
                 content));
    column->addWidget(makeHeading(QStringLiteral("exportExhibitsHeading"), tr("Exhibits"), content));
    column->addWidget(m_tags);
    m_audit->setObjectName(QStringLiteral("exportAudit"));
    m_audit->setToolTip(tr("It tells of the other exhibits too; its last hash goes along in any case"));
    column->addWidget(m_audit);
    column->addWidget(makeHeading(QStringLiteral("exportKindHeading"), tr("Into"), content));
    m_zip->setObjectName(QStringLiteral("exportZip"));
    m_directory->setObjectName(QStringLiteral("exportDirectory"));
    m_zip->setChecked(true);
    auto* kind = new QWidget(content);
    kind->setObjectName(QStringLiteral("exportKind"));
    auto* radios = new QVBoxLayout(kind);
    radios->setContentsMargins(0, 0, 0, 0);
    radios->addWidget(m_zip);
    radios->addWidget(m_directory);
    column->addWidget(kind);
    m_problem->setProperty("role", "problem");
    m_problem->setWordWrap(true);
    m_save->setObjectName(QStringLiteral("exportSaveButton"));
    m_save->setAccessibleName(tr("Export the case"));
    m_stop->setObjectName(QStringLiteral("exportStopButton"));
    m_stop->setAccessibleName(tr("Stop the export"));
    auto* back = new QPushButton(tr("&Back to the case"), content);
    back->setObjectName(QStringLiteral("exportBack"));
    back->setAccessibleName(tr("Back to the case"));
    connect(m_save, &QPushButton::clicked, this, &ExportPanel::save);
    connect(m_stop, &QPushButton::clicked, &m_cases, &CaseService::stopFiles);
    connect(back, &QPushButton::clicked, this, &ExportPanel::closed);
    connect(m_tags, &TagChoice::changed, this, &ExportPanel::refresh);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_save);
    buttons->addWidget(m_stop);
    buttons->addWidget(back);
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addWidget(m_problem);
    m_progress->setObjectName(QStringLiteral("exportProgress"));
    m_progress->setAccessibleName(tr("Progress of the export"));
    m_progress->setTextVisible(false);
    m_progressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addWidget(m_progressText);
    column->addWidget(m_progress);
    column->addStretch(1);
    return content;
}

void ExportPanel::connectService() {
    connect(&m_cases, &CaseService::caseExported, this, [this](const CaseExported& exported) {
        m_exported = exported.path;
        m_notice->showNotice(
            exported.result.omitted.empty() ? NoticeBar::Kind::Information : NoticeBar::Kind::Problem,
            exportedText(exported), exportedDetails(exported), m_openFolder);
    });
    connect(&m_cases, &CaseService::reportFailed, this, [this](const QString& message) {
        if (!isVisible()) return;  // a report's
        if (message.isEmpty())
            m_notice->showNotice(NoticeBar::Kind::Information, tr("Stopped; nothing was exported."));
        else
            m_notice->showNotice(NoticeBar::Kind::Problem, message);
    });
    connect(&m_cases, &CaseService::workChanged, this, [this] {
        if (!m_cases.filesBusy()) showProgress({}, 0, 1);
        refresh();
    });
}

void ExportPanel::begin(const cases::CaseInfo& info, const std::vector<cases::Tag>& tags, int exhibits,
                        const QString& folder) {
    static const QRegularExpression kOther(QStringLiteral("[^\\p{L}\\p{N}._-]+"));
    m_empty = exhibits == 0;
    m_folder = folder;
    m_name =
        toText(info.number.empty() ? info.title : info.number).replace(kOther, QStringLiteral("-")).left(60);
    m_notice->hide();
    m_tags->setTags(tags, exhibits);
    refresh();
    m_save->setFocus();
}

void ExportPanel::refresh() {
    const bool busy = m_cases.filesBusy();
    QString problem;
    if (m_empty)
        problem = tr("The case has no exhibit to export.");
    else if (m_tags->isIncomplete())
        problem = tr("Tick at least one tag, or take all exhibits.");
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_audit->setEnabled(!m_tags->tags().empty());  // the whole case always has it
    m_save->setEnabled(!busy && problem.isEmpty());
    m_stop->setVisible(busy);
}

void ExportPanel::showProgress(const QString& text, quint64 done, quint64 total) {
    m_progressText->setText(text);
    m_progressText->setVisible(!text.isEmpty());
    m_progress->setVisible(!text.isEmpty());
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
}

void ExportPanel::save() {
    const QString ending = m_zip->isChecked() ? QStringLiteral(".zip") : QString();
    const QString name = QDir(m_folder).filePath(tr("export-%1%2").arg(m_name, ending));
    FileDialogs::saveFile(this, tr("Export the case"), name,
                          m_zip->isChecked() ? tr("Zip files (*.zip)") : tr("All files (*)"),
                          [this](const QStringList& names) {
                              if (names.isEmpty()) return;
                              m_notice->hide();
                              std::filesystem::path path = toPath(names.front());
                              if (m_zip->isChecked() && path.extension() != ".zip") path += ".zip";
                              m_folder = fromPath(path.parent_path());
                              report::ExportOptions options;
                              options.tags = m_tags->tags();
                              options.audit = m_audit->isChecked();
                              m_cases.exportCase(options, path);  // refuses a name that is there
                          });
}

}  // namespace signet::ui
