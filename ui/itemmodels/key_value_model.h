#pragma once

#include <QAbstractTableModel>
#include <vector>

namespace signet::ui {

/// Rows of group, key and value: metadata, decode settings, versions. GUI thread.
class KeyValueModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { GroupColumn, KeyColumn, ValueColumn, ColumnCount };

    struct Row {
        QString group;
        QString key;
        QString value;
    };

    explicit KeyValueModel(QObject* parent = nullptr);

    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// All rows, tab-separated, with a header line.
    QString asText() const;

private:
    std::vector<Row> m_rows;
};

}  // namespace signet::ui
