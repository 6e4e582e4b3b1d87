#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/registry/instance_registry.h"

namespace signet::ui {

/// Registered instances of fingerprinted generators, those that were revoked among them. Their codes are in
/// no column. GUI thread.
class RegistryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        NumberColumn,
        HolderColumn,
        ModelColumn,
        IssuedColumn,
        StatusColumn,
        NoteColumn,
        ColumnCount
    };

    explicit RegistryModel(QObject* parent = nullptr);

    void setInstances(std::vector<registry::Instance> instances);
    const registry::Instance& instance(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// -1 where there is none of that number.
    int rowOf(registry::RowId id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<registry::Instance> m_rows;
};

}  // namespace signet::ui
