#include "ui/itemmodels/detector_model.h"

#include <QLocale>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/itemmodels/sets_text.h"

namespace signet::ui {
namespace {

QString grouped(std::int64_t count) {
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qlonglong>(count));
}

}  // namespace

DetectorModel::DetectorModel(QObject* parent) : QAbstractTableModel(parent) {}

void DetectorModel::setSigns(std::function<QIcon(int slot)> signs) {
    m_signs = std::move(signs);
}

int DetectorModel::freeSlot(int wanted) const {
    const auto isTaken = [this](int slot) {
        return std::any_of(m_rows.begin(), m_rows.end(), [slot](const Row& row) { return row.slot == slot; });
    };
    if (!isTaken(wanted)) return wanted;
    int slot = 0;
    while (isTaken(slot)) ++slot;
    return slot;
}

examine::SetWords DetectorModel::words() const {
    std::vector<examine::SetWords> each;
    for (const Row& row : m_rows) each.push_back(row.detector->words);
    return examine::commonWords(each);
}

void DetectorModel::announceWords() {
    Q_EMIT headerDataChanged(Qt::Horizontal, SignedColumn, UnsignedColumn);
}

RocDetectorPtr DetectorModel::named(const RocDetectorPtr& detector) const {
    const auto isTaken = [this](const std::string& name) {
        return std::any_of(m_rows.begin(), m_rows.end(),
                           [&name](const Row& row) { return row.detector->name == name; });
    };
    if (!isTaken(detector->name)) return detector;
    const std::string stem = detector->name + " (" + detector->source;
    std::string name = stem + ")";
    for (int number = 2; isTaken(name); ++number) name = stem + ", " + std::to_string(number) + ")";
    auto renamed = std::make_shared<RocDetector>(*detector);
    renamed->name = name;
    return renamed;
}

int DetectorModel::add(const RocDetectorPtr& detector, double threshold, ThresholdOrigin origin) {
    const int slot = freeSlot(0);
    const int at = rowCount();
    beginInsertRows({}, at, at);
    m_rows.push_back({m_nextId++, detector, slot, true, threshold, origin});
    endInsertRows();
    announceWords();
    return at;
}

std::vector<DetectorModel::Taken> DetectorModel::takeRows(const std::vector<int>& rows) {
    std::vector<int> sorted = rows;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Taken> taken;
    for (auto it = sorted.rbegin(); it != sorted.rend(); ++it) {
        if (*it < 0 || *it >= rowCount()) continue;
        beginRemoveRows({}, *it, *it);
        taken.insert(taken.begin(), {*it, std::move(m_rows[static_cast<std::size_t>(*it)])});
        m_rows.erase(m_rows.begin() + *it);
        endRemoveRows();
    }
    announceWords();
    return taken;
}

void DetectorModel::restore(const std::vector<Taken>& taken) {
    for (const Taken& one : taken) {
        const int at = std::min(one.at, rowCount());
        beginInsertRows({}, at, at);
        Row row = one.row;
        row.slot = freeSlot(row.slot);  // another detector may have got it meanwhile, and the name
        row.detector = named(row.detector);
        m_rows.insert(m_rows.begin() + at, std::move(row));
        endInsertRows();
    }
    announceWords();
}

const DetectorModel::Row* DetectorModel::row(int index) const {
    return index < 0 || index >= rowCount() ? nullptr : &m_rows[static_cast<std::size_t>(index)];
}

int DetectorModel::indexOf(quint64 id) const {
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [id](const Row& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void DetectorModel::setThreshold(int index, double threshold, ThresholdOrigin origin) {
    if (!row(index)) return;
    m_rows[static_cast<std::size_t>(index)].threshold = threshold;
    m_rows[static_cast<std::size_t>(index)].origin = origin;
}

void DetectorModel::setVisible(int at, bool visible) {
    if (!row(at)) return;
    m_rows[static_cast<std::size_t>(at)].visible = visible;
    Q_EMIT dataChanged(index(at, NameColumn), index(at, NameColumn), {Qt::CheckStateRole});
}

void DetectorModel::restyle() {
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, NameColumn), index(rowCount() - 1, NameColumn), {Qt::DecorationRole});
}

int DetectorModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DetectorModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DetectorModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const RocDetector& detector = *row.detector;
    const bool isName = index.column() == NameColumn;
    const QString auc = tr("%1 (%2–%3)")
                            .arg(detector.roc.auc, 0, 'f', 3)
                            .arg(detector.roc.aucCi95.lower, 0, 'f', 3)
                            .arg(detector.roc.aucCi95.upper, 0, 'f', 3);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter |
                   (index.column() == SignedColumn || index.column() == UnsignedColumn ? Qt::AlignRight
                                                                                       : Qt::AlignLeft));
    if (role == Qt::DecorationRole && isName && m_signs) return m_signs(row.slot);
    if (role == Qt::CheckStateRole && isName) return row.visible ? Qt::Checked : Qt::Unchecked;
    if (role == Qt::ToolTipRole || role == Qt::AccessibleDescriptionRole)
        return tr("%1\n%2\n%3\nAUC with 95 % interval: %4")
            .arg(toText(detector.name), toText(detector.source),
                 setsText(detector.words, detector.roc.positives, detector.roc.negatives), auc);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case NameColumn:
            return toText(detector.name);
        case SignedColumn:
            return grouped(detector.roc.positives);
        case UnsignedColumn:
            return grouped(detector.roc.negatives);
        case AucColumn:
            return auc;
        default:
            return {};
    }
}

bool DetectorModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::CheckStateRole || index.column() != NameColumn || !row(index.row())) return false;
    setVisible(index.row(), value.toInt() == Qt::Checked);
    return true;
}

QVariant DetectorModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter |
                   (section == SignedColumn || section == UnsignedColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case NameColumn:
            return tr("Detector");
        case SignedColumn:
            return headingText(words().positives);
        case UnsignedColumn:
            return headingText(words().negatives);
        case AucColumn:
            return tr("AUC (95 %)");
        default:
            return {};
    }
}

Qt::ItemFlags DetectorModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.column() == NameColumn) flags |= Qt::ItemIsUserCheckable;
    return flags;
}

}  // namespace signet::ui
