#include "ui/itemmodels/audit_model.h"

#include <algorithm>
#include <set>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

QStringList eachOnce(const AuditLogPtr& entries, std::string cases::AuditEntry::*member) {
    std::set<std::string> found;
    if (entries)
        for (const cases::AuditEntry& entry : *entries) found.insert(entry.*member);
    QStringList texts;
    for (const std::string& text : found) texts << toText(text);
    return texts;
}

}  // namespace

AuditModel::AuditModel(QObject* parent) : QAbstractTableModel(parent) {}

void AuditModel::setEntries(const AuditLogPtr& entries) {
    beginResetModel();
    m_entries = entries;
    endResetModel();
}

QStringList AuditModel::actors() const {
    return eachOnce(m_entries, &cases::AuditEntry::actor);
}

QStringList AuditModel::actions() const {
    return eachOnce(m_entries, &cases::AuditEntry::action);
}

int AuditModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_entries ? 0 : static_cast<int>(m_entries->size());
}

int AuditModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AuditModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const cases::AuditEntry& e = entry(index.row());
    if (role == Qt::TextAlignmentRole && index.column() == NumberColumn)
        return int(Qt::AlignVCenter | Qt::AlignRight);
    if (role == Qt::ToolTipRole) {
        if (index.column() == NumberColumn)
            return tr("Hash %1, after %2").arg(toText(e.hash), toText(e.previousHash));
        if (index.column() == WhenColumn) return toText(e.utc);
    } else if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
        case NumberColumn:
            return static_cast<qlonglong>(e.seq);
        case WhenColumn:
            return toText(report::localTime(e.utc));
        case ActorColumn:
            return toText(e.actor);
        case ActionColumn:
            return toText(e.action);
        case SubjectColumn:
            return toText(e.subject);
        case DetailsColumn:
            return toText(e.details);
        default:
            return {};
    }
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == NumberColumn ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole) return {};
    const char* const names[] = {"Entry", "When", "Who", "Action", "About", "Details"};
    return tr(names[section]);
}

AuditFilter::AuditFilter(AuditModel& model, QObject* parent) : QSortFilterProxyModel(parent), m_model(model) {
    setSourceModel(&model);
}

void AuditFilter::setText(const QString& text) {
    m_text = text.trimmed();
    invalidate();
}

void AuditFilter::setActor(const QString& actor) {
    m_actor = actor;
    invalidate();
}

void AuditFilter::setAction(const QString& action) {
    m_action = action;
    invalidate();
}

bool AuditFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    const cases::AuditEntry& e = m_model.entry(row);
    if (!m_actor.isEmpty() && toText(e.actor) != m_actor) return false;
    if (!m_action.isEmpty() && toText(e.action) != m_action) return false;
    if (m_text.isEmpty()) return true;
    if (QString::number(e.seq) == m_text) return true;
    for (const std::string* text : {&e.subject, &e.details, &e.actor, &e.action, &e.utc, &e.hash}) {
        if (toText(*text).contains(m_text, Qt::CaseInsensitive)) return true;
    }
    return toText(report::localTime(e.utc)).contains(m_text);
}

AuditLogPtr AuditFilter::shown() const {
    std::vector<cases::AuditEntry> entries;
    for (int row = 0; row < rowCount(); ++row)
        entries.push_back(m_model.entry(mapToSource(index(row, 0)).row()));
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
    return std::make_shared<const std::vector<cases::AuditEntry>>(std::move(entries));
}

}  // namespace signet::ui
