#include "ui/cases/case_form.h"

#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/style/file_dialogs.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kFormWidth = 640;  ///< px; longer lines are hard to read

}  // namespace

CaseForm::CaseForm(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("caseForm"));
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("caseFormContent"));
    content->setMaximumWidth(kFormWidth);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    QLabel* title = makeLabel(QStringLiteral("caseFormTitle"), tr("New case"), content);
    title->setProperty("role", "title");
    column->addWidget(title);
    column->addWidget(makeNote(QStringLiteral("caseFormNote"),
                               tr("What is written here is recorded with the case and stands on the first "
                                  "page of a report."),
                               content));
    auto* form = new QFormLayout;
    form->setSpacing(kGrid);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_title = addLine(form, "caseTitleField", tr("&Title"), tr("What the case is about; required"));
    m_examiner = addLine(form, "caseExaminerField", tr("&Examiner"),
                         tr("Your name, as it stands on every action; required"));
    m_number = addLine(form, "caseNumberField", tr("&Number"), tr("The laboratory's number"));
    m_organisation = addLine(form, "caseOrganisationField", tr("&Organisation"), tr("The laboratory"));
    m_customer = addLine(form, "caseCustomerField", tr("&Customer"), tr("Who asked for the examination"));
    m_description = new QPlainTextEdit(content);
    m_description->setObjectName(QStringLiteral("caseDescriptionField"));
    m_description->setAccessibleName(tr("Description: what was asked"));
    m_description->setPlaceholderText(tr("What was asked"));
    m_description->setTabChangesFocus(true);
    m_description->setFixedHeight(72);
    form->addRow(tr("&Description"), m_description);
    m_file = new QLineEdit(content);
    m_file->setObjectName(QStringLiteral("caseFileField"));
    m_file->setAccessibleName(tr("File of the case"));
    connect(m_file, &QLineEdit::textEdited, this, [this] { m_fileChosen = true; });
    auto* choose = new QPushButton(themedIcon(QStringLiteral("open")), tr("C&hoose..."), content);
    choose->setObjectName(QStringLiteral("caseChooseFile"));
    choose->setAccessibleName(tr("Choose the file of the case"));
    connect(choose, &QPushButton::clicked, this, &CaseForm::chooseFile);
    auto* fileRow = new QHBoxLayout;
    fileRow->addWidget(m_file, 1);
    fileRow->addWidget(choose);
    form->addRow(tr("&File"), fileRow);
    column->addLayout(form);
    m_missing = makeLabel(QStringLiteral("caseFormMissing"), {}, content);
    m_missing->setProperty("role", "note");
    m_missing->setWordWrap(true);
    column->addWidget(m_missing);
    auto* buttons = new QHBoxLayout;
    m_create = new QPushButton(tr("&Make the case"), content);
    m_create->setObjectName(QStringLiteral("caseCreateButton"));
    m_create->setAccessibleName(tr("Make the case"));
    connect(m_create, &QPushButton::clicked, this, &CaseForm::create);
    auto* cancel = new QPushButton(tr("Cance&l"), content);
    cancel->setObjectName(QStringLiteral("caseFormCancel"));
    cancel->setAccessibleName(tr("Cancel the new case"));
    connect(cancel, &QPushButton::clicked, this, &CaseForm::closed);
    buttons->addWidget(m_create);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addStretch(1);
    connect(m_title, &QLineEdit::textChanged, this, &CaseForm::proposeFile);
    for (QLineEdit* line : {m_title, m_examiner, m_file}) {
        connect(line, &QLineEdit::textChanged, this, &CaseForm::check);
        connect(line, &QLineEdit::returnPressed, this, &CaseForm::create);
    }
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("caseFormScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
    check();
}

QLineEdit* CaseForm::addLine(QFormLayout* form, const char* objectName, const QString& label,
                             const QString& help) {
    auto* line = new QLineEdit(this);
    line->setObjectName(QLatin1String(objectName));
    line->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    line->setAccessibleDescription(help);
    line->setPlaceholderText(help);
    form->addRow(label, line);
    return line;
}

void CaseForm::begin(const QString& examiner, const QString& folder) {
    m_folder = folder;
    m_fileChosen = false;
    for (QLineEdit* line : {m_title, m_number, m_customer}) line->clear();  // the laboratory stays
    m_description->clear();
    m_examiner->setText(examiner);
    proposeFile();
    check();
    m_title->setFocus();
}

void CaseForm::proposeFile() {
    if (m_fileChosen) return;
    static const QRegularExpression kOther(QStringLiteral("[^\\p{L}\\p{N}._-]+"));
    QString name = m_title->text().trimmed().replace(kOther, QStringLiteral("-")).left(60);
    while (name.startsWith(QLatin1Char('.')) || name.startsWith(QLatin1Char('-'))) name.remove(0, 1);
    if (name.isEmpty()) {
        m_file->clear();
        return;
    }
    m_file->setText(QDir(m_folder).filePath(name + QStringLiteral(".case")));
}

void CaseForm::chooseFile() {
    const QString suggestion =
        m_file->text().isEmpty() ? QDir(m_folder).filePath(QStringLiteral("new.case")) : m_file->text();
    FileDialogs::saveFile(this, tr("File of the new case"), suggestion, tr("Cases (*.case)"),
                          [this](const QStringList& names) {
                              if (names.isEmpty()) return;
                              m_fileChosen = true;
                              m_file->setText(names.front());
                          });
}

void CaseForm::check() {
    QStringList missing;
    if (m_title->text().trimmed().isEmpty()) missing << tr("a title");
    if (m_examiner->text().trimmed().isEmpty()) missing << tr("the examiner's name");
    if (m_file->text().trimmed().isEmpty()) missing << tr("a file");
    m_create->setEnabled(missing.isEmpty());
    m_missing->setText(missing.isEmpty() ? tr("Copies of the exhibits go into %1.files beside it.")
                                               .arg(QFileInfo(m_file->text()).fileName())
                                         : tr("Still needed: %1.").arg(missing.join(QStringLiteral(", "))));
}

void CaseForm::create() {
    if (!m_create->isEnabled()) return;
    cases::CaseInfo info;
    info.title = m_title->text().trimmed().toStdString();
    info.examiner = m_examiner->text().trimmed().toStdString();
    info.number = m_number->text().trimmed().toStdString();
    info.organisation = m_organisation->text().trimmed().toStdString();
    info.customer = m_customer->text().trimmed().toStdString();
    info.description = m_description->toPlainText().trimmed().toStdString();
    Q_EMIT createWanted(m_file->text().trimmed(), info);
}

}  // namespace signet::ui
