#include "ui/itemmodels/code_list_model.h"

#include <QFontDatabase>
#include <QPalette>
#include <algorithm>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/picture_hash_text.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {

CodeListModel::CodeListModel(QObject* parent) : QAbstractTableModel(parent) {}

void CodeListModel::setCodes(const std::vector<cases::RegisteredCode>& codes) {
    beginResetModel();
    m_rows = codes;
    endResetModel();
}

int CodeListModel::rowOf(cases::RowId id) const {
    const auto at =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& code) { return code.id == id; });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

int CodeListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CodeListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CodeListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const cases::RegisteredCode& c = code(index.row());
    const int column = index.column();
    if (role == Qt::FontRole && (column == CodeColumn || (column == KeyColumn && !c.keyFingerprint.empty()) ||
                                 (column == PictureColumn && !c.pictureHash.empty())))
        return QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (role == Qt::ForegroundRole && c.withdrawn) return meaningColours().muted;
    if (role == Qt::TextAlignmentRole && column == BitsColumn) return int(Qt::AlignVCenter | Qt::AlignRight);
    if (role == Qt::ToolTipRole && column == PictureColumn && !c.pictureHash.empty())
        return pictureDetails(c.pictureHash, c.pictureSha256);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (column) {
        case CodeColumn:
            return toText(c.hex);
        case BitsColumn:
            return QString::number(c.bits);
        case ModelColumn:
            return c.model.empty() ? tr("any of that length") : toText(c.model);
        case KeyColumn:
            return c.keyFingerprint.empty() ? tr("any") : toText(c.keyFingerprint);
        case HolderColumn:
            return toText(c.holder);
        case WhenColumn:
            return toText(report::localTime(c.issuedUtc));
        case StateColumn:
            return c.withdrawn ? tr("withdrawn") : tr("registered");
        case PictureColumn:
            return c.pictureHash.empty() ? tr("not known") : shortPictureHash(c.pictureHash);
        case NotesColumn:
            return toText(c.notes);
        default:
            return {};
    }
}

QVariant CodeListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == BitsColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && section == KeyColumn)
        return tr("Fingerprint of the key that the code was written with: it is compared with no other's");
    if (role == Qt::ToolTipRole && section == PictureColumn)
        return tr(
            "What the picture looks like that the code was registered for, shortened; where it is known, a "
            "copy of the code on another picture is known for one");
    if (role != Qt::DisplayRole) return {};
    const char* const names[] = {"Code",       "Bits",  "Model",   "Key",  "Holder",
                                 "Registered", "State", "Picture", "Notes"};
    return tr(names[section]);
}

}  // namespace signet::ui
