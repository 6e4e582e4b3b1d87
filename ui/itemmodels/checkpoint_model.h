#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/training/run_files.h"

namespace signet::ui {

/// The checkpoints of one run: a row a file, with the newest value of each curve when it was written. GUI
/// thread.
class CheckpointModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { StepColumn, KindColumn, WrittenColumn, SizeColumn, FirstMetricColumn };

    explicit CheckpointModel(QObject* parent = nullptr);

    void setCheckpoints(std::vector<training::CheckpointFile> checkpoints);
    const training::CheckpointFile* checkpoint(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString metric(int column) const {
        return m_metrics[static_cast<std::size_t>(column - FirstMetricColumn)];
    }

    std::vector<training::CheckpointFile> m_checkpoints;
    std::vector<QString> m_metrics;
};

}  // namespace signet::ui
