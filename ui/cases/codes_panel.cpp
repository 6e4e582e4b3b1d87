#include "ui/cases/codes_panel.h"

#include <QFontDatabase>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/base/text.h"
#include "ui/bridge/text.h"
#include "ui/cases/panel_head.h"
#include "ui/cases/picture_field.h"
#include "ui/itemmodels/code_list_model.h"
#include "ui/page/key_combo.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/escape_key.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kMostBits = 4096;

/// Why the text is no code of that many bits; empty: it is one.
QString codeProblem(const QString& text, int bits) {
    try {
        (void)bitsFromHex(text.toStdString(), bits);
        return {};
    } catch (const Error& error) {
        return sentence(error.what());
    }
}

}  // namespace

CodesPanel::CodesPanel(CaseService& cases, KeyService& keys, QWidget* parent)
    : QWidget(parent),
      m_cases(cases),
      m_notice(new NoticeBar(QStringLiteral("codesNotice"), this)),
      m_model(new CodeListModel(this)),
      m_table(new CopyTableView(this)),
      m_heading(makeHeading(QStringLiteral("codeFormHeading"), {}, this)),
      m_code(addLine("codeField", tr("Code"), tr("Hexadecimal, as it is read out of images"))),
      m_bits(new QSpinBox(this)),
      m_codeModel(addLine("codeModelField", tr("Model"), tr("Empty: any model"))),
      m_key(new KeyCombo(QStringLiteral("codeKeyField"), keys, tr("Any key"), this)),
      m_picture(new PictureField(cases, this)),
      m_holder(addLine("codeHolderField", tr("Holder"), tr("Whose it is; required"))),
      m_notes(addLine("codeNotesField", tr("Notes"), tr("E.g. where the holder's statement is"))),
      m_reason(addLine("codeReasonField", tr("Why it is withdrawn"),
                       tr("Why nothing is to be compared with it any more"))),
      m_problem(makeLabel(QStringLiteral("codeProblem"), {}, this)),
      m_new(new QPushButton(themedIcon(QStringLiteral("new")), tr("&New code"), this)),
      m_save(new QPushButton(themedIcon(QStringLiteral("save")), {}, this)),
      m_withdraw(new QPushButton(themedIcon(QStringLiteral("remove")), tr("&Withdraw"), this)) {
    setObjectName(QStringLiteral("codesPanel"));
    m_table->setObjectName(QStringLiteral("codesTable"));
    m_table->setAccessibleName(tr("Registered codes"));
    m_table->setModel(m_model);
    m_table->setEmptyText(tr("No code is registered in this case yet."));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    const int widths[CodeListModel::ColumnCount] = {120, 50, 150, 140, 200, 190, 90, 170, 200};
    for (int column = 0; column < CodeListModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CodesPanel::showChosen);
    m_form = makeForm();
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(makeHead());
    all->addWidget(m_table, 1);
    all->addWidget(m_form);
    connect(&m_cases, &CaseService::codesRead, this,
            [this](const std::vector<cases::RegisteredCode>& codes, const QString& warning) {
                showCodes(codes);
                if (!warning.isEmpty()) m_notice->showNotice(NoticeBar::Kind::Problem, warning);
            });
    onEscape(this, [this] { Q_EMIT closed(); });
    reset();
}

QLineEdit* CodesPanel::addLine(const char* objectName, const QString& name, const QString& help) {
    auto* line = new QLineEdit(this);
    line->setObjectName(QLatin1String(objectName));
    line->setAccessibleName(name);
    line->setAccessibleDescription(help);
    line->setPlaceholderText(help);
    line->setToolTip(help);
    connect(line, &QLineEdit::textChanged, this, &CodesPanel::check);
    return line;
}

QWidget* CodesPanel::makeHead() {
    m_new->setObjectName(QStringLiteral("codeNewButton"));
    m_new->setAccessibleName(tr("Register another code"));
    connect(m_new, &QPushButton::clicked, this, &CodesPanel::startNew);
    auto* head = new PanelHead(QStringLiteral("codes"), tr("Registered codes"), {m_new}, this);
    connect(head, &PanelHead::backWanted, this, &CodesPanel::closed);
    head->addNote(
        tr("What is examined from now on is compared with these. Examinations that are "
           "over keep what they were told then: examine the exhibits again for a new "
           "comparison."));
    return head;
}

QWidget* CodesPanel::makeForm() {
    auto* content = new QWidget(this);
    content->setObjectName(QStringLiteral("codeForm"));
    m_code->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_bits->setObjectName(QStringLiteral("codeBitsField"));
    m_bits->setAccessibleName(tr("Length of the code, bits"));
    m_bits->setRange(1, kMostBits);
    m_bits->setValue(32);
    m_bits->setSuffix(tr(" bits"));
    connect(m_bits, &QSpinBox::valueChanged, this, &CodesPanel::check);
    for (QLineEdit* line : {m_code, m_codeModel, m_holder, m_notes})
        connect(line, &QLineEdit::returnPressed, this, &CodesPanel::save);
    connect(m_reason, &QLineEdit::returnPressed, this, &CodesPanel::withdraw);
    m_key->setAccessibleName(tr("Key that the code is written with"));
    connect(m_picture, &PictureField::changed, this, &CodesPanel::check);
    m_problem->setProperty("role", "problem");
    m_problem->setWordWrap(true);
    m_save->setObjectName(QStringLiteral("codeSaveButton"));
    connect(m_save, &QPushButton::clicked, this, &CodesPanel::save);
    m_withdraw->setObjectName(QStringLiteral("codeWithdrawButton"));
    m_withdraw->setAccessibleName(tr("Withdraw the chosen code; it stays in the list as withdrawn"));
    m_withdraw->setToolTip(m_withdraw->accessibleName());
    connect(m_withdraw, &QPushButton::clicked, this, &CodesPanel::withdraw);
    auto* code = new QHBoxLayout;
    code->addWidget(m_code, 1);
    code->addWidget(m_bits);
    auto* writer = new QHBoxLayout;
    writer->addWidget(m_codeModel, 1);
    writer->addWidget(makeLabel(QString(), tr("Key"), this));
    writer->addWidget(m_key, 1);
    auto* withdraw = new QHBoxLayout;
    withdraw->addWidget(m_reason, 1);
    withdraw->addWidget(m_withdraw);
    auto* form = new QFormLayout;
    form->setSpacing(kGrid);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("Code"), code);
    form->addRow(tr("Model"), writer);
    form->addRow(tr("Picture"), m_picture);
    form->addRow(tr("Holder"), m_holder);
    form->addRow(tr("Notes"), m_notes);
    form->addRow(QString(), m_problem);
    form->addRow(QString(), m_save);
    form->addRow(tr("Withdraw"), withdraw);
    auto* column = new QVBoxLayout;
    column->setContentsMargins(2 * kGrid, kGrid, kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    column->addWidget(m_heading);
    column->addLayout(form);
    auto* narrow = new QWidget(content);
    narrow->setObjectName(QStringLiteral("codeFormContent"));
    narrow->setMaximumWidth(kFormWidth);
    narrow->setLayout(column);
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(narrow, 4);
    row->addStretch(1);
    return content;
}

void CodesPanel::begin(bool writable) {
    m_writable = writable;
    m_notice->hide();
    m_form->setVisible(writable);
    m_new->setVisible(writable);
    startNew();
    m_cases.requestCodes();
}

void CodesPanel::reset() {
    m_model->setCodes({});
    startNew();
}

void CodesPanel::showCodes(const std::vector<cases::RegisteredCode>& codes) {
    m_model->setCodes(codes);
    startNew();
}

const cases::RegisteredCode* CodesPanel::chosen() const {
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_model->code(rows.front().row());
}

void CodesPanel::startNew() {
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    showChosen();
    if (isVisible()) m_code->setFocus();
}

void CodesPanel::showChosen() {
    const cases::RegisteredCode* code = chosen();
    m_heading->setText(code ? tr("Code %1").arg(toText(code->hex)) : tr("Register a code"));
    m_code->setText(code ? toText(code->hex) : QString());
    if (code) m_bits->setValue(code->bits);
    m_codeModel->setText(code ? toText(code->model) : QString());
    m_key->choose(code ? code->keyFingerprint : std::string());
    if (code)
        m_picture->showRegistered(*code);
    else
        m_picture->clear();
    m_holder->setText(code ? toText(code->holder) : QString());
    m_notes->setText(code ? toText(code->notes) : QString());
    m_reason->clear();
    // another code is another row: what images are compared with is not changed under the same number
    for (QLineEdit* line : {m_code, m_codeModel}) line->setReadOnly(code != nullptr);
    m_key->setEnabled(code == nullptr);
    m_bits->setReadOnly(code != nullptr);
    m_bits->setButtonSymbols(code ? QAbstractSpinBox::NoButtons : QAbstractSpinBox::UpDownArrows);
    for (QLineEdit* line : {m_holder, m_notes}) line->setReadOnly(code && code->withdrawn);
    m_save->setText(code ? tr("&Save the change") : tr("&Register"));
    m_save->setAccessibleName(code ? tr("Save holder and notes of the code") : tr("Register the code"));
    check();
}

void CodesPanel::check() {
    if (m_form == nullptr) return;  // being made
    const cases::RegisteredCode* code = chosen();
    const bool withdrawn = code && code->withdrawn;
    QString problem;
    if (withdrawn)
        problem = tr("The code was withdrawn; nothing is compared with it. It stays in the list.");
    else if (!m_code->text().trimmed().isEmpty())
        problem = codeProblem(m_code->text().trimmed(), m_bits->value());
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    const bool complete = !m_code->text().trimmed().isEmpty() && !m_holder->text().trimmed().isEmpty() &&
                          m_picture->isReady() && problem.isEmpty();
    const bool changed = !code || m_holder->text().trimmed() != toText(code->holder) ||
                         m_notes->text().trimmed() != toText(code->notes);
    m_save->setEnabled(m_writable && complete && changed);
    m_reason->setEnabled(code && !withdrawn);
    m_withdraw->setEnabled(m_writable && code && !withdrawn && !m_reason->text().trimmed().isEmpty());
}

void CodesPanel::save() {
    if (!m_save->isEnabled()) return;
    m_notice->hide();
    const std::string holder = m_holder->text().trimmed().toStdString();
    const std::string notes = m_notes->text().trimmed().toStdString();
    if (const cases::RegisteredCode* code = chosen()) {
        m_cases.changeCode(code->id, holder, notes);
        return;
    }
    cases::RegisteredCode code;
    code.hex = m_code->text().trimmed().toStdString();
    code.bits = m_bits->value();
    code.model = m_codeModel->text().trimmed().toStdString();
    code.keyFingerprint = m_key->fingerprint();
    m_picture->describe(code);
    code.holder = holder;
    code.notes = notes;
    m_cases.registerCode(code);
}

void CodesPanel::withdraw() {
    const cases::RegisteredCode* code = chosen();
    if (code && m_withdraw->isEnabled())
        m_cases.withdrawCode(code->id, m_reason->text().trimmed().toStdString());
}

}  // namespace signet::ui
