#include "ui/itemmodels/queue_filter.h"

#include <QLocale>

#include "core/examine/findings.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/examine_model.h"

namespace signet::ui {
namespace {

bool isShown(QueueFilter::Show show, const ExamineModel::Row& row) {
    using Show = QueueFilter::Show;
    if (show == Show::All) return true;
    if (show == Show::Failed) return row.state == ItemState::Failed;
    if (show == Show::NotExamined) return row.state != ItemState::Failed && row.state != ItemState::Done;
    const examine::Finding* finding = row.record ? examine::leadingFinding(row.record->findings) : nullptr;
    if (!finding) return false;
    switch (finding->presence) {
        case examine::Presence::Present:
            return show == Show::Present;
        case examine::Presence::Inconclusive:
            return show == Show::Inconclusive;
        case examine::Presence::Absent:
            return show == Show::Absent;
    }
    return false;
}

/// What something was found in first, then what is inconclusive, absent, failed, not examined.
int answerRank(const ExamineModel::Row& row) {
    const examine::Finding* finding = row.record ? examine::leadingFinding(row.record->findings) : nullptr;
    if (finding) return 2 - static_cast<int>(finding->presence);
    return row.state == ItemState::Failed ? 3 : 4;
}

}  // namespace

QueueFilter::QueueFilter(ExamineModel& model, QObject* parent)
    : QSortFilterProxyModel(parent),
      m_model(model),
      m_names(QLocale(QLocale::English, QLocale::UnitedStates)) {  // that of C knows no numbers
    m_names.setNumericMode(true);
    m_names.setCaseSensitivity(Qt::CaseInsensitive);
    setSourceModel(&model);
}

void QueueFilter::setText(const QString& text) {
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void QueueFilter::setShow(Show show) {
    m_show = show;
    invalidateFilter();
}

void QueueFilter::setOrder(Order order) {
    m_order = order;
    invalidate();
    sort(order == Order::Added ? -1 : ExamineModel::FileColumn);
}

QModelIndex QueueFilter::indexOf(int row) const {
    return mapFromSource(m_model.index(row, ExamineModel::FileColumn));
}

int QueueFilter::rowOf(const QModelIndex& index) const {
    return mapToSource(index).row();
}

bool QueueFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    const ExamineModel::Row& item = m_model.row(row);
    if (!isShown(m_show, item)) return false;
    if (m_words.isEmpty()) return true;
    QString text = item.name + QLatin1Char(' ') + toText(item.path);
    for (const int column : {ExamineModel::StateColumn, ExamineModel::PresenceColumn,
                             ExamineModel::CodeColumn, ExamineModel::NoteColumn})
        text += QLatin1Char(' ') + m_model.index(row, column).data().toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool QueueFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const ExamineModel::Row& a = m_model.row(left.row());
    const ExamineModel::Row& b = m_model.row(right.row());
    if (m_order == Order::Answer) {
        if (const int first = answerRank(a), second = answerRank(b); first != second) return first < second;
    }
    if (const int names = m_names.compare(a.file().shown(), b.file().shown()); names != 0) return names < 0;
    return left.row() < right.row();
}

}  // namespace signet::ui
