#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "ui/bridge/training_service.h"

namespace signet::ui {

/// "queued", "running", "paused", ...: what a person would call it, the job of this process first.
QString runStateText(const RunEntry& run);
/// Name of the icon for it.
QString runStateIcon(const RunEntry& run);

/// The runs of the workspace, newest first. A refresh takes rows out and puts rows in, so that what is
/// selected stays selected. GUI thread.
class RunListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, StateColumn, StepColumn, BestColumn, CreatedColumn, ColumnCount };

    explicit RunListModel(QObject* parent = nullptr);

    void setRuns(const std::vector<RunEntry>& runs);
    const RunEntry* run(int row) const;
    int rowOf(const std::filesystem::path& folder) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant display(const RunEntry& run, int column) const;

    std::vector<RunEntry> m_runs;
};

}  // namespace signet::ui
