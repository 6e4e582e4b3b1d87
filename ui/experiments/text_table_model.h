#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QStringList>

namespace signet::ui {

/// A table of texts, each its own tool tip. GUI thread.
class TextTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit TextTableModel(const QStringList& header, QObject* parent = nullptr);

    /// What is selected stays so where no row and no column came or went.
    void setTable(const QStringList& header, const QList<QStringList>& cells);
    void setCells(const QList<QStringList>& cells) { setTable(m_header, cells); }
    void append(const QStringList& row);
    void clear() { setTable(m_header, {}); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QStringList m_header;
    QList<QStringList> m_cells;
};

}  // namespace signet::ui
