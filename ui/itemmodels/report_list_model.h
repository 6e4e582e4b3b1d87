#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/cases/case_types.h"

namespace signet::ui {

/// The register of a case's reports, the newest first. One that a later one of its status replaced is called
/// so. GUI thread.
class ReportListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        VersionColumn,
        StatusColumn,
        FormatColumn,
        WhenColumn,
        AuthorColumn,
        HashColumn,
        FileColumn,
        ColumnCount
    };

    explicit ReportListModel(QObject* parent = nullptr);

    /// In the order they were issued.
    void setReports(const std::vector<cases::IssuedReport>& reports);
    const cases::IssuedReport& report(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString status(const cases::IssuedReport& report) const;

    std::vector<cases::IssuedReport> m_rows;
};

}  // namespace signet::ui
