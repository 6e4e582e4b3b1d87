#include "ui/experiments/text_table_model.h"

namespace signet::ui {

TextTableModel::TextTableModel(const QStringList& header, QObject* parent)
    : QAbstractTableModel(parent), m_header(header) {}

void TextTableModel::setTable(const QStringList& header, const QList<QStringList>& cells) {
    if (header == m_header && cells.size() == m_cells.size()) {
        m_cells = cells;
        if (!m_cells.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, static_cast<int>(m_header.size()) - 1));
        return;
    }
    beginResetModel();
    m_header = header;
    m_cells = cells;
    endResetModel();
}

void TextTableModel::append(const QStringList& row) {
    beginInsertRows({}, rowCount(), rowCount());
    m_cells << row;
    endInsertRows();
}

int TextTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_cells.size());
}

int TextTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_header.size());
}

QVariant TextTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    return m_cells[index.row()].value(index.column());
}

QVariant TextTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
    return m_header.value(section);
}

}  // namespace signet::ui
