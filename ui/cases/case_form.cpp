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

#include "core/report/required_fields.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_fields.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/escape_key.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kFormWidth = 640;  ///< px; longer lines are hard to read

}  // namespace

CaseForm::CaseForm(QWidget* parent)
    : QWidget(parent),
      m_heading(makeLabel(QStringLiteral("caseFormTitle"), {}, this)),
      m_note(makeNote(QStringLiteral("caseFormNote"),
                      tr("What is written here is recorded with the case and stands on the first page of a "
                         "report."),
                      this)),
      m_fileLabel(makeLabel(QStringLiteral("caseFileLabel"), tr("&File"), this)),
      m_fileRow(new QWidget(this)),
      m_more(makeLinkButton(QStringLiteral("caseMoreFields"), tr("Fields of a report"), this)),
      m_fields(new CaseFields(QStringLiteral("caseField"), caseInfoKeys(), this)) {
    setObjectName(QStringLiteral("caseForm"));
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("caseFormContent"));
    content->setMaximumWidth(kFormWidth);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    m_heading->setProperty("role", "title");
    column->addWidget(m_heading);
    column->addWidget(m_note);
    column->addLayout(makeLines(content));
    m_more->setCheckable(true);
    m_more->setAccessibleName(tr("Show the fields of a report"));
    m_more->setToolTip(tr("What a final report needs beside these; it can be filled in later"));
    connect(m_more, &QToolButton::toggled, m_fields, &QWidget::setVisible);
    column->addWidget(m_more, 0, Qt::AlignLeft);
    m_fields->hide();
    column->addWidget(m_fields);
    m_missing = makeLabel(QStringLiteral("caseFormMissing"), {}, content);
    m_missing->setProperty("role", "note");
    m_missing->setWordWrap(true);
    column->addWidget(m_missing);
    column->addWidget(makeButtons());
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
    setMode(false, true);
    orderTabs();
    onEscape(this, [this] { Q_EMIT closed(); });
    check();
}

/// From top to bottom, as they are seen.
void CaseForm::orderTabs() {
    QList<QWidget*> order{
        m_title,    m_examiner,    m_number, m_organisation,
        m_customer, m_description, m_file,   findChild<QWidget*>(QStringLiteral("caseChooseFile")),
        m_more};
    order << m_fields->inputs() << m_create << findChild<QWidget*>(QStringLiteral("caseFormCancel"));
    for (qsizetype i = 1; i < order.size(); ++i) setTabOrder(order[i - 1], order[i]);
}

QFormLayout* CaseForm::makeLines(QWidget* content) {
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
    m_fileRow->setObjectName(QStringLiteral("caseFileRow"));
    m_file = new QLineEdit(m_fileRow);
    m_file->setObjectName(QStringLiteral("caseFileField"));
    m_file->setAccessibleName(tr("File of the case"));
    connect(m_file, &QLineEdit::textEdited, this, [this] { m_fileChosen = true; });
    auto* choose = new QPushButton(themedIcon(QStringLiteral("open")), tr("C&hoose..."), m_fileRow);
    choose->setObjectName(QStringLiteral("caseChooseFile"));
    choose->setAccessibleName(tr("Choose the file of the case"));
    connect(choose, &QPushButton::clicked, this, &CaseForm::chooseFile);
    auto* fileRow = new QHBoxLayout(m_fileRow);
    fileRow->setContentsMargins(0, 0, 0, 0);
    fileRow->addWidget(m_file, 1);
    fileRow->addWidget(choose);
    m_fileLabel->setBuddy(m_file);
    form->addRow(m_fileLabel, m_fileRow);
    return form;
}

QWidget* CaseForm::makeButtons() {
    auto* row = new QWidget(this);
    row->setObjectName(QStringLiteral("caseFormButtons"));
    m_create = new QPushButton(row);
    m_create->setObjectName(QStringLiteral("caseCreateButton"));
    connect(m_create, &QPushButton::clicked, this, &CaseForm::create);
    auto* cancel = new QPushButton(tr("Cance&l"), row);
    cancel->setObjectName(QStringLiteral("caseFormCancel"));
    cancel->setAccessibleName(tr("Leave without a change"));
    connect(cancel, &QPushButton::clicked, this, &CaseForm::closed);
    auto* buttons = new QHBoxLayout(row);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->addWidget(m_create);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    return row;
}

void CaseForm::setMode(bool editing, bool writable) {
    m_editing = editing;
    m_writable = writable;
    m_heading->setText(editing ? tr("Properties of the case") : tr("New case"));
    m_fileLabel->setVisible(!editing);
    m_fileRow->setVisible(!editing);
    m_more->setChecked(editing);
    m_create->setText(editing ? tr("&Save") : tr("&Make the case"));
    m_create->setAccessibleName(editing ? tr("Save the properties of the case") : tr("Make the case"));
    for (QLineEdit* line : {m_title, m_examiner, m_number, m_organisation, m_customer})
        line->setReadOnly(!writable);
    m_description->setReadOnly(!writable);
    m_fields->setReadOnly(!writable);
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
    m_fields->setValues([](const std::string&) { return std::string(); });
    m_info = {};
    setMode(false, true);
    m_examiner->setText(examiner);
    proposeFile();
    check();
    m_title->setFocus();
}

void CaseForm::beginEdit(const cases::CaseInfo& info, bool writable) {
    m_info = info;
    setMode(true, writable);
    const std::pair<QLineEdit*, const std::string*> lines[] = {{m_title, &info.title},
                                                               {m_examiner, &info.examiner},
                                                               {m_number, &info.number},
                                                               {m_organisation, &info.organisation},
                                                               {m_customer, &info.customer}};
    for (const auto& [line, text] : lines) line->setText(toText(*text));
    m_description->setPlainText(toText(info.description));
    m_fields->setValues([&](const std::string& key) { return report::fieldValue(key, info, {}); });
    check();
    m_title->setFocus();
}

void CaseForm::proposeFile() {
    if (m_fileChosen || m_editing) return;
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

QString CaseForm::file() const {
    QString typed = m_file->text().trimmed();
    if (typed.isEmpty()) return {};
    if (typed.startsWith(QLatin1String("~/"))) typed.replace(0, 1, QDir::homePath());
    if (!typed.endsWith(QLatin1String(".case"), Qt::CaseInsensitive)) typed += QLatin1String(".case");
    return QDir(m_folder).filePath(typed);  // a whole path stays as it is
}

void CaseForm::check() {
    QStringList missing;
    if (m_title->text().trimmed().isEmpty()) missing << tr("a title");
    if (m_examiner->text().trimmed().isEmpty()) missing << tr("the examiner's name");
    if (!m_editing && m_file->text().trimmed().isEmpty()) missing << tr("a file");
    m_create->setEnabled(missing.isEmpty() && m_writable);
    if (!missing.isEmpty())
        m_missing->setText(tr("Still needed: %1.").arg(missing.join(QStringLiteral(", "))));
    else if (!m_writable)
        m_missing->setText(tr("The case is open read-only: nothing can be changed."));
    else if (m_editing)
        m_missing->setText(tr("That the properties were changed is entered in the audit log."));
    else
        m_missing->setText(tr("The case is kept in %1; copies of the exhibits go into %2.files beside it.")
                               .arg(file(), QFileInfo(file()).fileName()));
}

void CaseForm::create() {
    if (!m_create->isEnabled()) return;
    cases::CaseInfo info = withFields(m_info, *m_fields);
    info.title = m_title->text().trimmed().toStdString();
    info.examiner = m_examiner->text().trimmed().toStdString();
    info.number = m_number->text().trimmed().toStdString();
    info.organisation = m_organisation->text().trimmed().toStdString();
    info.customer = m_customer->text().trimmed().toStdString();
    info.description = m_description->toPlainText().trimmed().toStdString();
    if (m_editing) {
        Q_EMIT saveWanted(info);
        return;
    }
    Q_EMIT createWanted(file(), info);
}

}  // namespace signet::ui
