#include "ui/cases/custody_panel.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/cases/custody.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

CustodyPanel::CustodyPanel(QWidget* parent)
    : QWidget(parent),
      m_model(new KeyValueModel(this)),
      m_action(new QComboBox(this)),
      m_details(new QLineEdit(this)),
      m_enter(new QPushButton(themedIcon(QStringLiteral("edit")), tr("&Enter"), this)) {
    setObjectName(QStringLiteral("custodyPanel"));
    auto* table = new CopyTableView(this);
    table->setObjectName(QStringLiteral("custodyTable"));
    table->setAccessibleName(tr("Who did what with the exhibit"));
    table->setModel(m_model);
    table->horizontalHeader()->hide();
    connect(m_model, &QAbstractItemModel::modelReset, table, [table] {
        table->resizeColumnToContents(KeyValueModel::GroupColumn);
        table->resizeColumnToContents(KeyValueModel::KeyColumn);
        table->scrollToBottom();
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(table, 1);
    m_entry = makeEntry();
    column->addWidget(m_entry);
    check();
}

QWidget* CustodyPanel::makeEntry() {
    auto* entry = new QWidget(this);
    entry->setObjectName(QStringLiteral("custodyEntry"));
    m_action->setObjectName(QStringLiteral("custodyAction"));
    m_action->setAccessibleName(tr("What was done with the selected exhibits"));
    m_action->setToolTip(tr("What was done outside the program; choose, or type another word"));
    m_action->setEditable(true);
    m_action->setInsertPolicy(QComboBox::NoInsert);
    for (const char* action : cases::custodyActions()) m_action->addItem(QLatin1String(action));
    m_action->setCurrentIndex(-1);
    m_action->lineEdit()->setPlaceholderText(tr("What was done"));
    m_details->setObjectName(QStringLiteral("custodyDetails"));
    m_details->setAccessibleName(tr("To or from whom, which seal, where, and when if not now"));
    m_details->setPlaceholderText(tr("To or from whom, seal, place; when, if not now"));
    m_enter->setObjectName(QStringLiteral("custodyEnterButton"));
    connect(m_action, &QComboBox::currentTextChanged, this, &CustodyPanel::check);
    connect(m_details, &QLineEdit::returnPressed, this, &CustodyPanel::enter);
    connect(m_enter, &QPushButton::clicked, this, &CustodyPanel::enter);
    auto* row = new QHBoxLayout;
    row->addWidget(m_action, 1);
    row->addWidget(m_enter);
    auto* column = new QVBoxLayout(entry);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->addLayout(row);
    column->addWidget(m_details);
    return entry;
}

void CustodyPanel::check() {
    const QString action = m_action->currentText().trimmed();
    const std::string problem = cases::custodyActionProblem(action.toStdString());
    m_enter->setEnabled(problem.empty() && m_chosen > 0);
    const QString help = m_chosen > 1 ? tr("Enter it for the %1 selected exhibits").arg(m_chosen)
                                      : tr("Enter it for the exhibit");
    m_enter->setText(m_chosen > 1 ? tr("&Enter for %1").arg(m_chosen) : tr("&Enter"));
    m_enter->setToolTip(action.isEmpty() || problem.empty() ? help : sentence(problem));
    m_enter->setAccessibleName(help);
}

void CustodyPanel::enter() {
    if (!m_enter->isEnabled()) return;
    Q_EMIT enterWanted(m_action->currentText().trimmed(), m_details->text().trimmed());
    m_action->setCurrentIndex(-1);
    m_action->clearEditText();
    m_details->clear();
}

void CustodyPanel::showEvents(const std::vector<cases::CustodyEvent>& events) {
    std::vector<KeyValueModel::Row> rows;
    for (const cases::CustodyEvent& event : events)
        rows.push_back({localTimeText(event.utc),
                        tr("%1 by %2").arg(toText(event.action), toText(event.actor)),
                        toText(event.details)});
    m_model->setRows(std::move(rows));
}

void CustodyPanel::setChosen(int exhibits) {
    m_chosen = exhibits;
    check();
}

void CustodyPanel::setWritable(bool writable) {
    m_entry->setVisible(writable);
}

}  // namespace signet::ui
