#include "ui/fingerprints/identified_model.h"

#include <algorithm>
#include <set>

#include "ui/bridge/text.h"
#include "ui/fingerprints/fingerprint_text.h"
#include "ui/style/theme.h"

namespace signet::ui {

IdentifiedModel::IdentifiedModel(QObject* parent) : QAbstractTableModel(parent) {}

IdentifiedModel::Row* IdentifiedModel::rowOf(const std::filesystem::path& path) {
    const auto at = m_at.find(path.native());
    return at == m_at.end() ? nullptr : &m_rows[at->second];
}

void IdentifiedModel::rowChanged(const Row& row) {
    const int at = static_cast<int>(&row - m_rows.data());
    Q_EMIT dataChanged(index(at, 0), index(at, ColumnCount - 1));
}

void IdentifiedModel::add(const std::vector<std::filesystem::path>& files) {
    std::vector<Row> added;
    std::set<std::filesystem::path> seen;
    for (const std::filesystem::path& file : files) {
        if (!seen.insert(file).second) continue;
        if (Row* row = rowOf(file)) {
            m_waiting += row->waits ? 0 : 1;
            *row = {file, nullptr, true};
            rowChanged(*row);
        } else {
            added.push_back({file, nullptr, true});
        }
    }
    if (added.empty()) return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(added.size()) - 1);
    m_rows.insert(m_rows.end(), added.begin(), added.end());
    m_waiting += static_cast<int>(added.size());
    indexRows();
    endInsertRows();
}

void IdentifiedModel::indexRows() {
    m_at.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) m_at.emplace(m_rows[i].path.native(), i);
}

void IdentifiedModel::setAnswer(const IdentifiedPtr& picture) {
    Row* row = rowOf(picture->path);
    if (!row) return;
    m_waiting -= row->waits ? 1 : 0;
    row->picture = picture;
    row->waits = false;
    rowChanged(*row);
}

void IdentifiedModel::remove(std::vector<int> rows) {
    std::sort(rows.rbegin(), rows.rend());
    for (const int row : rows) {
        beginRemoveRows({}, row, row);
        m_waiting -= m_rows[static_cast<std::size_t>(row)].waits ? 1 : 0;
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    indexRows();
}

void IdentifiedModel::stopWaiting() {
    m_waiting = 0;
    for (Row& row : m_rows) {
        if (!row.waits) continue;
        row.waits = false;
        rowChanged(row);
    }
}

void IdentifiedModel::forgetAnswers() {
    m_waiting = 0;
    for (Row& row : m_rows) {
        row = {row.path, nullptr, false};
        rowChanged(row);
    }
}

IdentifiedPtr IdentifiedModel::picture(int row) const {
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].picture : nullptr;
}

std::vector<std::filesystem::path> IdentifiedModel::paths() const {
    std::vector<std::filesystem::path> paths;
    for (const Row& row : m_rows) paths.push_back(row.path);
    return paths;
}

int IdentifiedModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int IdentifiedModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString IdentifiedModel::text(const Row& row, int column) const {
    if (column == PictureColumn) return fileName(row.path);
    if (!row.picture)
        return column != AnswerColumn ? QString() : row.waits ? tr("waits") : tr("not looked for");
    switch (column) {
        case AnswerColumn:
            return answerText(*row.picture);
        case HolderColumn:
            return row.picture->found.accepted
                       ? toText(visibleName(row.picture->found.nearest->instance.holder))
                       : QString();
        case MatchedColumn:
            return matchedText(*row.picture);
        default:
            return correctedText(*row.picture);
    }
}

QVariant IdentifiedModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool isNumber = index.column() == MatchedColumn || index.column() == PColumn;
    if (role == Qt::TextAlignmentRole && isNumber) return int(Qt::AlignVCenter | Qt::AlignRight);
    if (role == Qt::ForegroundRole && !row.picture) return meaningColours().muted;
    if (role == Qt::ForegroundRole && index.column() == AnswerColumn && !row.picture->problem.empty())
        return meaningColours().error;
    if (role == Qt::ToolTipRole)
        return index.column() == PictureColumn ? toText(row.path)
               : row.picture                   ? explanation(*row.picture)
                                               : QString();
    return role == Qt::DisplayRole ? QVariant(text(row, index.column())) : QVariant();
}

QVariant IdentifiedModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= ColumnCount) return {};
    const bool isNumber = section == MatchedColumn || section == PColumn;
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && section == PColumn)
        return tr(
            "The chance that the best of all registered codes agrees so well where none of their "
            "instances drew the picture");
    if (role != Qt::DisplayRole) return {};
    const char* const names[] = {"Picture", "Drawn by", "Holder", "Bits that agree", "p, corrected"};
    return tr(names[section]);
}

}  // namespace signet::ui
