#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "ui/bridge/engine.h"

namespace signet::ui {

/// The installed models. GUI thread.
class ModelListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        KindColumn,
        BitsColumn,
        ResolutionColumn,
        PsnrColumn,
        ValidatedColumn,
        ColumnCount
    };

    explicit ModelListModel(QObject* parent = nullptr);

    void setCatalogue(std::shared_ptr<const Catalogue> catalogue);
    const ModelEntry* entry(int row) const;
    int rowOf(const QString& name) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const Catalogue> m_catalogue;
};

}  // namespace signet::ui
