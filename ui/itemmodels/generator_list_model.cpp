#include "ui/itemmodels/generator_list_model.h"

#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

/// Whose signature its pictures carry, or to whom it was issued.
QString carriesText(const models::Manifest& manifest) {
    if (const auto* generator = std::get_if<models::GeneratorFields>(&manifest.of))
        return generator->signature.empty()
                   ? QString()
                   : QObject::tr("secured: %1").arg(toText(visibleName(generator->signature)));
    if (const auto* instance = std::get_if<models::InstanceFields>(&manifest.of))
        return QObject::tr("issued to %1").arg(toText(visibleName(instance->holder)));
    return {};
}

}  // namespace

void GeneratorListModel::setCatalogue(std::shared_ptr<const Catalogue> catalogue) {
    beginResetModel();
    m_catalogue = std::move(catalogue);
    m_entries.clear();
    if (m_catalogue)
        for (const ModelEntry& entry : m_catalogue->models)
            if (const models::Kind kind = entry.manifest.kind();
                kind == models::Kind::Generator || kind == models::Kind::Instance)
                m_entries.push_back(&entry);
    endResetModel();
}

const ModelEntry* GeneratorListModel::entry(int row) const {
    return row >= 0 && row < rowCount() ? m_entries[static_cast<std::size_t>(row)] : nullptr;
}

int GeneratorListModel::rowOf(const std::string& name) const {
    for (int row = 0; row < rowCount(); ++row)
        if (entry(row)->manifest.name == name) return row;
    return -1;
}

int GeneratorListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int GeneratorListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant GeneratorListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const models::Manifest& manifest = entry(index.row())->manifest;
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (index.column() == SideColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole)
        return index.column() == CarriesColumn ? carriesText(manifest) : toText(visibleName(manifest.title));
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case NameColumn:
            return toText(visibleName(manifest.name));
        case FormColumn:
            return toText(visibleName(manifest.arch));
        case SideColumn:
            return QString::number(manifest.resolution);
        default:
            return carriesText(manifest);
    }
}

QVariant GeneratorListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == SideColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole) return {};
    const char* const names[] = {"Model", "Form", "Size (px)", "Carries"};
    return tr(names[section]);
}

}  // namespace signet::ui
