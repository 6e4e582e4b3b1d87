#include "ui/itemmodels/model_list_model.h"

#include <QIcon>

#include "ui/bridge/text.h"
#include "ui/style/icons.h"

namespace signet::ui {
namespace {

bool isModelNumber(int column) {
    return column == ModelListModel::BitsColumn || column == ModelListModel::ResolutionColumn ||
           column == ModelListModel::PsnrColumn;
}

}  // namespace

ModelListModel::ModelListModel(QObject* parent) : QAbstractTableModel(parent) {}

void ModelListModel::setCatalogue(std::shared_ptr<const Catalogue> catalogue) {
    beginResetModel();
    m_catalogue = std::move(catalogue);
    endResetModel();
}

const ModelEntry* ModelListModel::entry(int row) const {
    if (!m_catalogue || row < 0 || row >= rowCount()) return nullptr;
    return &m_catalogue->models[static_cast<std::size_t>(row)];
}

int ModelListModel::rowOf(const QString& name) const {
    for (int i = 0; i < rowCount(); ++i) {
        if (toText(entry(i)->manifest.name) == name) return i;
    }
    return -1;
}

int ModelListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_catalogue ? 0 : static_cast<int>(m_catalogue->models.size());
}

int ModelListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

/// Only what a signature adds has a strength; that of a keyed one is set by another measure.
static QString psnrText(const models::Manifest& manifest) {
    const auto* signature = std::get_if<models::SignatureFields>(&manifest.of);
    return signature && signature->nominalPsnrDb > 0 ? QString::number(signature->nominalPsnrDb, 'f', 1)
                                                     : QStringLiteral("–");
}

QVariant ModelListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const models::Manifest& manifest = entry(index.row())->manifest;
    if (role == Qt::TextAlignmentRole) {
        return int(Qt::AlignVCenter | (isModelNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role == Qt::ToolTipRole) return toText(manifest.title);
    if (role == Qt::DecorationRole && index.column() == ValidatedColumn) {
        return themedIcon(manifest.validated ? QStringLiteral("verified") : QStringLiteral("error"));
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case NameColumn:
            return toText(manifest.name);
        case KindColumn:
            return toText(toString(manifest.kind()));
        case BitsColumn:
            return manifest.bits() > 0 ? QString::number(manifest.bits()) : QStringLiteral("–");
        case ResolutionColumn:
            return QString::number(manifest.resolution);
        case PsnrColumn:
            return psnrText(manifest);
        case ValidatedColumn:
            if (!manifest.validated) return tr("not validated");
            return manifest.isDefault() ? tr("validated") : tr("validated, superseded");
        default:
            return {};
    }
}

QVariant ModelListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        return int(Qt::AlignVCenter | (isModelNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case NameColumn:
            return tr("Model");
        case KindColumn:
            return tr("Kind");
        case BitsColumn:
            return tr("Bits");
        case ResolutionColumn:
            return tr("Size (px)");
        case PsnrColumn:
            return tr("PSNR (dB)");
        case ValidatedColumn:
            return tr("Validation");
        default:
            return {};
    }
}

}  // namespace signet::ui
