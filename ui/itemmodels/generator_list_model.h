#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <string>
#include <vector>

#include "ui/bridge/engine.h"

namespace signet::ui {

/// The installed models that draw pictures: generators and issued instances. GUI thread.
class GeneratorListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, FormColumn, SideColumn, CarriesColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setCatalogue(std::shared_ptr<const Catalogue> catalogue);
    /// Null where there is no such row.
    const ModelEntry* entry(int row) const;
    int rowOf(const std::string& name) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const Catalogue> m_catalogue;
    std::vector<const ModelEntry*> m_entries;  ///< of m_catalogue
};

}  // namespace signet::ui
