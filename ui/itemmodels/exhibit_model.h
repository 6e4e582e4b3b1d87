#pragma once

#include <QAbstractTableModel>
#include <array>
#include <optional>

#include "ui/bridge/case_data.h"
#include "ui/bridge/thumbnails.h"

namespace signet::ui {

/// "waiting", "examining", "done", "failed".
QString workStateText(cases::WorkState state);

/// The holder as a table shows it: of a match by name, of a near code with what keeps it from being one, else
/// nothing.
QString holderText(const cases::Exhibit& exhibit);

/// The exhibits of a case in the order of their numbers. Nothing is done row by row when they are loaded:
/// texts are made when a cell is drawn, thumbnails asked for when one is. GUI thread.
class ExhibitModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        PictureColumn,
        NumberColumn,
        FileColumn,
        StateColumn,
        PresenceColumn,
        ModelColumn,
        ScoreColumn,   ///< of keyed signatures empty: theirs is a p-value
        PValueColumn,  ///< of keyed signatures
        CodeColumn,
        HolderColumn,
        RemarksColumn,
        TagsColumn,
        HashColumn,
        ColumnCount
    };

    explicit ExhibitModel(MediaService& media, QObject* parent = nullptr);

    /// folder: of the copies.
    void reset(std::vector<cases::Exhibit> exhibits, const std::filesystem::path& folder);
    /// Replaces the rows of these exhibits; new ones are put in.
    void update(const std::vector<cases::Exhibit>& exhibits);
    void setTags(const std::vector<cases::Tag>& tags);
    const std::vector<cases::Tag>& tags() const { return m_tags; }

    const cases::Exhibit& exhibit(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// -1 where there is none of that number.
    int rowOf(cases::RowId id) const;
    std::filesystem::path fileOf(const cases::Exhibit& exhibit) const;
    /// Kept up to date, not counted.
    int count(cases::WorkState state) const { return m_counts[static_cast<std::size_t>(state)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant display(const cases::Exhibit& e, int column) const;
    QVariant decoration(const cases::Exhibit& e, int column) const;
    QVariant toolTip(const cases::Exhibit& e, int column) const;
    QString tagNames(const cases::Exhibit& e) const;
    void count(const cases::Exhibit& e, int by) { m_counts[static_cast<std::size_t>(e.state)] += by; }

    std::vector<cases::Exhibit> m_rows;  ///< by id
    std::filesystem::path m_folder;
    std::vector<cases::Tag> m_tags;
    std::array<int, 4> m_counts{};
    Thumbnails* m_thumbnails;  ///< by id
};

}  // namespace signet::ui
