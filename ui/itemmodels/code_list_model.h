#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/cases/case_types.h"

namespace signet::ui {

/// The registered codes of a case, those that were withdrawn among them. GUI thread.
class CodeListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        CodeColumn,
        BitsColumn,
        ModelColumn,
        KeyColumn,  ///< fingerprint of the key that it was written with
        HolderColumn,
        WhenColumn,
        StateColumn,
        PictureColumn,  ///< what the picture looks like that it was registered for: its hash, shortened
        NotesColumn,
        ColumnCount
    };

    explicit CodeListModel(QObject* parent = nullptr);

    void setCodes(const std::vector<cases::RegisteredCode>& codes);
    const cases::RegisteredCode& code(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /// -1 where there is none of that number.
    int rowOf(cases::RowId id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<cases::RegisteredCode> m_rows;
};

}  // namespace signet::ui
