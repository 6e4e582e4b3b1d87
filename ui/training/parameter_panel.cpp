#include "ui/training/parameter_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kColumnWidth = 180;  // px

}  // namespace

ParameterPanel::ParameterPanel(QWidget* parent) : QWidget(parent), m_model(new ParameterModel(this)) {
    setObjectName(QStringLiteral("parameterTab"));
    auto* table = new CopyTableView(this);
    table->setObjectName(QStringLiteral("parameterTable"));
    table->setAccessibleName(tr("Options of the selected runs"));
    table->setModel(m_model);
    auto* only = new QCheckBox(tr("Only what &differs between the selected runs"), this);
    only->setObjectName(QStringLiteral("onlyDiffering"));
    only->setAccessibleName(tr("Only what differs between the selected runs"));
    only->setChecked(true);
    connect(only, &QCheckBox::toggled, m_model, &ParameterModel::setOnlyDiffering);
    connect(m_model, &QAbstractItemModel::modelReset, table, [table, this] {
        for (int column = 0; column < m_model->columnCount(); ++column)
            table->setColumnWidth(column, kColumnWidth);
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, kGrid, 12, kGrid);
    bar->addWidget(only);
    column->addLayout(bar);
    column->addWidget(table, 1);
}

}  // namespace signet::ui
