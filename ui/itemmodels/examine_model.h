#pragma once

#include <QAbstractTableModel>
#include <QCache>
#include <QPixmap>
#include <QSet>
#include <array>
#include <filesystem>
#include <unordered_map>
#include <vector>

#include "ui/bridge/examine_service.h"

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
        ModelColumn,  ///< whose answer, code and score stand in the row: examine::leadingFinding
        ScoreColumn,
        NoteColumn,
        PathColumn,
        ColumnCount
    };
    enum Role { StateRole = Qt::UserRole, ResultRole, ThumbnailRole, PresenceRole, RemarksRole };

    struct Row {
        quint64 key = 0;
        quint64 job = 0;  ///< 0: none runs or waits
        std::filesystem::path path;
        ItemState state = ItemState::Waiting;
        RecordPtr record;
    };
    struct Taken {
        int at = 0;
        Row row;
    };

    explicit ExamineModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Appends files as waiting rows; returns the first new row.
    int append(const std::vector<std::filesystem::path>& files);
    void setJob(int row, quint64 job);
    void jobStarted(quint64 job);
    void jobFinished(quint64 job, const RecordPtr& record);
    void jobCancelled(quint64 job);

    /// Removal and its undo. rows need not be sorted.
    std::vector<Taken> take(std::vector<int> rows);
    void restore(const std::vector<Taken>& taken);

    const Row& row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// Kept up to date, not counted: cheap for 100,000 rows.
    int count(ItemState state) const { return m_counts[static_cast<std::size_t>(state)]; }

    void setThumbnail(quint64 key, const QImage& picture);
    void forgetThumbnailRequest(quint64 key);

    /// The rows with a header line, tab-separated or as RFC 4180 CSV; numbers as programs read them.
    QString asText(const std::vector<int>& rows, bool csv) const;

Q_SIGNALS:
    /// A row without a thumbnail is being drawn.
    void thumbnailWanted(quint64 key, const std::filesystem::path& path) const;

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
    mutable QCache<quint64, QPixmap> m_thumbnails{512};
    mutable QSet<quint64> m_thumbnailsAsked;
};

/// One line about a record, e.g. "signature found · code 3fa21b90 (unverified)", "not found", or the error's
/// message.
QString resultText(const examine::Record& record);

/// value quoted for CSV where needed (RFC 4180).
QString csvField(QString value);

}  // namespace signet::ui
