#pragma once

#include <QAbstractTableModel>
#include <array>
#include <filesystem>
#include <unordered_map>
#include <vector>

#include "ui/bridge/examine_service.h"
#include "ui/bridge/named_file.h"
#include "ui/bridge/thumbnails.h"

namespace signet::ui {

enum class ItemState { Waiting, Examining, Done, Failed, Cancelled };

/// "waiting", "examining", "done", "failed", "cancelled".
QString stateText(ItemState state);
/// The icon that stands beside the word.
QString stateIcon(ItemState state);

/// The queue of the Inspect page: one row a file, filled as results arrive. A row keeps its key for life; its
/// job changes when it is examined again, so that results of an older job find no row. GUI thread.
class ExamineModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        FileColumn,
        StateColumn,
        PresenceColumn,
        CodeColumn,
        ModelColumn,   ///< whose answer, code and score stand in the row: examine::leadingFinding
        ScoreColumn,   ///< of keyed signatures empty: theirs is a p-value
        PValueColumn,  ///< of keyed signatures
        NoteColumn,
        PathColumn,
        ColumnCount
    };
    /// CodeRole: the code as it stands in ResultRole's text; empty where there is none.
    enum Role { StateRole = Qt::UserRole, ResultRole, ThumbnailRole, PresenceRole, CodeRole, RemarksRole };

    struct Row {
        quint64 key = 0;
        quint64 job = 0;  ///< 0: none runs or waits
        std::filesystem::path path;
        QString name;        ///< of an exhibit; empty: the file's own
        std::string sha256;  ///< of an exhibit, as taken in
        int frame = 1;       ///< the page, picture or frame of the file
        NamedFile file() const;
        ItemState state = ItemState::Waiting;
        RecordPtr record;
    };
    struct Taken {
        int at = 0;
        Row row;
    };

    explicit ExamineModel(MediaService& media, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Appends files as waiting rows; returns the first new row.
    int append(const std::vector<std::filesystem::path>& files);
    /// Appends as waiting rows what else is in the row's file by its record, as far as it is in no row yet;
    /// returns the new rows.
    std::vector<int> appendFurther(int row);
    /// The row of that file under that name, or the first one of its path that has no name; -1: none.
    /// Exhibits of the same bytes share one copy: they have a row each.
    int rowOf(const NamedFile& file) const;
    /// What the row's file is called, and the hash it must have.
    void setFile(int row, const NamedFile& file);
    void setJob(int row, quint64 job);
    void jobStarted(quint64 job);
    void jobFinished(quint64 job, const RecordPtr& record);
    void jobCancelled(quint64 job);

    /// Removal and its undo. rows need not be sorted.
    std::vector<Taken> takeRows(std::vector<int> rows);
    void restore(const std::vector<Taken>& taken);

    const Row& row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// Kept up to date, not counted: cheap for 100,000 rows.
    int count(ItemState state) const { return m_counts[static_cast<std::size_t>(state)]; }

    /// The rows with a header line, tab-separated or as RFC 4180 CSV; numbers as programs read them.
    QString asText(const std::vector<int>& rows, bool csv) const;

private:
    QVariant display(const Row& row, int column) const;
    static QString remarks(const Row& row);
    void touch(int row);
    void setState(Row& row, ItemState state);
    void reindex(int from);
    int rowOfJob(quint64 job) const;

    std::vector<Row> m_rows;
    std::unordered_map<quint64, int> m_rowOfKey;
    std::unordered_map<quint64, quint64> m_keyOfJob;
    std::array<int, 5> m_counts{};
    quint64 m_nextKey = 1;
    Thumbnails* m_thumbnails;  ///< by the rows' keys
};

/// One line about a record, e.g. "signature found · code 3fa21b90 (unverified)", "not found", or the error's
/// message.
QString resultText(const examine::Record& record);

}  // namespace signet::ui
