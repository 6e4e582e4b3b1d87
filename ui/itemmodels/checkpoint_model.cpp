#include "ui/itemmodels/checkpoint_model.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

#include "core/training/metric.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

/// "checkpoint.best.safetensors" -> what it is for.
QString kindText(const std::string& file) {
    if (file == "checkpoint.safetensors") return QObject::tr("last");
    if (file == "checkpoint.previous.safetensors") return QObject::tr("the one before");
    if (file == "checkpoint.best.safetensors") return QObject::tr("best validation score");
    return QObject::tr("kept");
}

}  // namespace

CheckpointModel::CheckpointModel(QObject* parent) : QAbstractTableModel(parent) {}

void CheckpointModel::setCheckpoints(std::vector<training::CheckpointFile> checkpoints) {
    beginResetModel();
    m_checkpoints = std::move(checkpoints);
    m_metrics.clear();
    for (const auto& checkpoint : m_checkpoints) {
        for (const auto& [name, value] : checkpoint.metrics.items()) {
            const QString metric = toText(name);
            if (std::find(m_metrics.begin(), m_metrics.end(), metric) == m_metrics.end())
                m_metrics.push_back(metric);
        }
    }
    std::stable_partition(m_metrics.begin(), m_metrics.end(),
                          [](const QString& name) { return training::isOfValidation(name.toStdString()); });
    endResetModel();
}

const training::CheckpointFile* CheckpointModel::checkpoint(int row) const {
    return row >= 0 && row < rowCount() ? &m_checkpoints[static_cast<std::size_t>(row)] : nullptr;
}

int CheckpointModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_checkpoints.size());
}

int CheckpointModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : FirstMetricColumn + static_cast<int>(m_metrics.size());
}

QVariant CheckpointModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto& checkpoint = m_checkpoints[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const bool words = column == KindColumn || column == WrittenColumn;
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (words ? Qt::AlignLeft : Qt::AlignRight));
    if (role == Qt::ToolTipRole)
        return QStringLiteral("%1\nSHA-256 %2").arg(toText(checkpoint.file), toText(checkpoint.sha256));
    if (role != Qt::DisplayRole) return {};
    switch (column) {
        case StepColumn:
            return QLocale(QLocale::English, QLocale::UnitedStates).toString(qulonglong(checkpoint.step));
        case KindColumn:
            return kindText(checkpoint.file);
        case WrittenColumn:
            return QDateTime::fromString(toText(checkpoint.utc), Qt::ISODateWithMs)
                .toLocalTime()
                .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
        case SizeColumn:
            return bytesText(checkpoint.bytes);
        default: {
            const auto at = checkpoint.metrics.find(metric(column).toStdString());
            return at != checkpoint.metrics.end() && at->is_number()
                       ? QString::number(at->get<double>(), 'g', 5)
                       : QString();
        }
    }
}

QVariant CheckpointModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case StepColumn:
            return tr("Step");
        case KindColumn:
            return tr("Kept as");
        case WrittenColumn:
            return tr("Written");
        case SizeColumn:
            return tr("Size");
        default:
            return section < columnCount() ? metric(section) : QString();
    }
}

}  // namespace signet::ui
