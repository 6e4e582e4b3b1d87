#pragma once

#include <QAbstractTableModel>
#include <string>
#include <unordered_map>
#include <vector>

#include "ui/bridge/fingerprint_service.h"

namespace signet::ui {

/// Pictures whose instance is looked for, a file at most once, with what was found. GUI thread.
class IdentifiedModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PictureColumn, AnswerColumn, HolderColumn, MatchedColumn, PColumn, ColumnCount };

    explicit IdentifiedModel(QObject* parent = nullptr);

    /// Those that are there already wait for a new answer.
    void add(const std::vector<std::filesystem::path>& files);
    /// Nothing where the file has been removed meanwhile.
    void setAnswer(const IdentifiedPtr& picture);
    void remove(std::vector<int> rows);
    /// Those that wait for an answer do not any more.
    void stopWaiting();
    /// What was found was found by another model or in another registry.
    void forgetAnswers();

    const std::filesystem::path& path(int row) const { return m_rows[static_cast<std::size_t>(row)].path; }
    /// Null while it waits.
    IdentifiedPtr picture(int row) const;
    std::vector<std::filesystem::path> paths() const;
    int waiting() const { return m_waiting; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        std::filesystem::path path;
        IdentifiedPtr picture;
        bool waits = true;
    };
    Row* rowOf(const std::filesystem::path& path);
    void rowChanged(const Row& row);
    void indexRows();
    QString text(const Row& row, int column) const;

    std::vector<Row> m_rows;
    int m_waiting = 0;
    std::unordered_map<std::string, std::size_t> m_at;  ///< where the row of a path is
};

}  // namespace signet::ui
