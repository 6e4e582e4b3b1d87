#include "ui/itemmodels/key_value_model.h"

namespace signet::ui {

KeyValueModel::KeyValueModel(QObject* parent) : QAbstractTableModel(parent) {}

void KeyValueModel::setRows(std::vector<Row> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int KeyValueModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int KeyValueModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant KeyValueModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole) return QStringLiteral("%1\n%2").arg(row.key, row.value);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case GroupColumn:
            return row.group;
        case KeyColumn:
            return row.key;
        case ValueColumn:
            return row.value;
        default:
            return {};
    }
}

QVariant KeyValueModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case GroupColumn:
            return tr("Group");
        case KeyColumn:
            return tr("Key");
        case ValueColumn:
            return tr("Value");
        default:
            return {};
    }
}

QString KeyValueModel::asText() const {
    QString text = tr("Group\tKey\tValue\n");
    for (const Row& row : m_rows) text += QStringLiteral("%1\t%2\t%3\n").arg(row.group, row.key, row.value);
    return text;
}

}  // namespace signet::ui
