#include "ui/itemmodels/report_list_model.h"

#include <QFontDatabase>
#include <algorithm>
#include <filesystem>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"

namespace signet::ui {

ReportListModel::ReportListModel(QObject* parent) : QAbstractTableModel(parent) {}

void ReportListModel::setReports(const std::vector<cases::IssuedReport>& reports) {
    beginResetModel();
    m_rows.assign(reports.rbegin(), reports.rend());
    endResetModel();
}

int ReportListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ReportListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ReportListModel::status(const cases::IssuedReport& report) const {
    const auto by = std::find_if(m_rows.rbegin(), m_rows.rend(),
                                 [&](const auto& later) { return later.supersedes == report.version; });
    const QString status = toText(report.status);
    return by == m_rows.rend() ? status : tr("%1, replaced by version %2").arg(status).arg(by->version);
}

QVariant ReportListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const cases::IssuedReport& r = report(index.row());
    if (role == Qt::FontRole && index.column() == HashColumn)
        return QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
        case VersionColumn:
            return QString::number(r.version);
        case StatusColumn:
            return status(r);
        case FormatColumn:
            return toText(r.format).toUpper();
        case WhenColumn:
            return role == Qt::ToolTipRole ? toText(r.createdUtc) : toText(report::localTime(r.createdUtc));
        case AuthorColumn:
            return toText(r.author);
        case HashColumn:
            return toText(r.sha256);
        case FileColumn:
            return role == Qt::ToolTipRole ? toText(r.path) : fileName(std::filesystem::path(r.path));
        default:
            return {};
    }
}

QVariant ReportListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const char* const names[] = {"Version", "Status", "Format", "Issued", "By", "SHA-256", "File"};
    return section < ColumnCount ? tr(names[section]) : QVariant();
}

}  // namespace signet::ui
