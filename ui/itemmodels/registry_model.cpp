#include "ui/itemmodels/registry_model.h"

#include <algorithm>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"
#include "ui/style/theme.h"

namespace signet::ui {

RegistryModel::RegistryModel(QObject* parent) : QAbstractTableModel(parent) {}

void RegistryModel::setInstances(std::vector<registry::Instance> instances) {
    beginResetModel();
    m_rows = std::move(instances);
    endResetModel();
}

int RegistryModel::rowOf(registry::RowId id) const {
    const auto at = std::find_if(m_rows.begin(), m_rows.end(),
                                 [&](const registry::Instance& instance) { return instance.id == id; });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

int RegistryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RegistryModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RegistryModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const registry::Instance& row = instance(index.row());
    if (role == Qt::ForegroundRole && row.revoked) return meaningColours().muted;
    if (role == Qt::TextAlignmentRole && index.column() == NumberColumn)
        return int(Qt::AlignVCenter | Qt::AlignRight);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
        case NumberColumn:
            return QString::number(row.id);
        case HolderColumn:
            return toText(visibleName(row.holder));
        case ModelColumn:
            return toText(visibleName(row.model));
        case IssuedColumn:
            return toText(report::localTime(row.issuedUtc));
        case StatusColumn:
            if (role == Qt::ToolTipRole && !row.reason.empty())
                return tr("revoked: %1").arg(toText(visibleName(row.reason)));
            return row.revoked ? tr("revoked") : tr("active");
        case NoteColumn:
            return toText(visibleName(row.notes));
        default:
            return {};
    }
}

QVariant RegistryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == NumberColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole) return {};
    const char* const names[] = {"No.", "Holder", "Model", "Issued", "Status", "Note"};
    return tr(names[section]);
}

}  // namespace signet::ui
