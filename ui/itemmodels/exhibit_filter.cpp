#include "ui/itemmodels/exhibit_filter.h"

#include <algorithm>

namespace signet::ui {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool holds(std::string_view text, const std::string& part) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == b; }) != text.end();
}

std::string_view lastPart(const cases::Exhibit& e) {
    const std::string& path = e.originalPath.native();
    const auto slash = path.rfind('/');
    return std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
}

bool nameLess(std::string_view a, std::string_view b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](char x, char y) { return lower(x) < lower(y); });
}

/// As holderText shows it: a code that is no match has no holder.
const std::string& shownHolder(const cases::Exhibit& e) {
    static const std::string kNone;
    return e.match && *e.match != examine::MatchAnswer::None ? e.holder : kNone;
}

ExhibitFilter::Answer answerOf(const cases::Exhibit& e) {
    const std::optional<examine::Presence> presence = cases::presenceOf(e);
    if (!presence) return ExhibitFilter::Answer::None;
    switch (*presence) {
        case examine::Presence::Present:
            return ExhibitFilter::Answer::Present;
        case examine::Presence::Inconclusive:
            return ExhibitFilter::Answer::Inconclusive;
        case examine::Presence::Absent:
            return ExhibitFilter::Answer::Absent;
    }
    return ExhibitFilter::Answer::None;
}

}  // namespace

ExhibitFilter::ExhibitFilter(ExhibitModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), m_model(model) {
    setSourceModel(&model);
}

void ExhibitFilter::refilter() {
    // invalidateFilter() takes scattered rows out one range after another: seconds at 50,000 rows
    invalidate();
}

void ExhibitFilter::setText(const QString& text) {
    m_text = text.trimmed().toStdString();
    std::transform(m_text.begin(), m_text.end(), m_text.begin(), lower);
    refilter();
}

void ExhibitFilter::setState(std::optional<cases::WorkState> state) {
    m_state = state;
    refilter();
}

void ExhibitFilter::setAnswer(Answer answer) {
    m_answer = answer;
    refilter();
}

void ExhibitFilter::setTag(cases::RowId tag) {
    m_tag = tag;
    refilter();
}

const cases::Exhibit& ExhibitFilter::exhibit(const QModelIndex& index) const {
    return m_model.exhibit(mapToSource(index).row());
}

QModelIndex ExhibitFilter::indexOf(cases::RowId id) const {
    const int row = m_model.rowOf(id);
    return row < 0 ? QModelIndex() : mapFromSource(m_model.index(row, 0));
}

bool ExhibitFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    const cases::Exhibit& e = m_model.exhibit(row);
    if (m_state && e.state != *m_state) return false;
    if (m_answer != Answer::Any && m_answer != answerOf(e)) return false;
    if (m_tag != 0 && std::find(e.tags.begin(), e.tags.end(), m_tag) == e.tags.end()) return false;
    if (m_text.empty()) return true;
    return holds(e.originalPath.native(), m_text) || holds(e.note, m_text) || holds(e.code, m_text) ||
           holds(shownHolder(e), m_text) || holds(e.sha256, m_text) || std::to_string(e.id) == m_text;
}

bool ExhibitFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const cases::Exhibit& a = m_model.exhibit(left.row());
    const cases::Exhibit& b = m_model.exhibit(right.row());
    const auto byId = [&](int order) { return order != 0 ? order < 0 : a.id < b.id; };
    switch (left.column()) {
        case ExhibitModel::FileColumn: {
            if (nameLess(lastPart(a), lastPart(b))) return true;
            return !nameLess(lastPart(b), lastPart(a)) && a.id < b.id;
        }
        case ExhibitModel::StateColumn:
            return byId(static_cast<int>(a.state) - static_cast<int>(b.state));
        case ExhibitModel::PresenceColumn:
            return byId(a.presence.compare(b.presence));
        case ExhibitModel::ScoreColumn:  // those without an answer below all others
            if (a.model.empty() != b.model.empty()) return a.model.empty();
            if (a.model != b.model)
                return a.model < b.model;  // scores of different models cannot be compared
            return a.score != b.score ? a.score < b.score : a.id < b.id;
        case ExhibitModel::PValueColumn: {  // those without one above all others
            const std::optional<double> p = cases::log10POf(a), q = cases::log10POf(b);
            if (p.has_value() != q.has_value()) return p.has_value();
            return p != q ? *p < *q : a.id < b.id;
        }
        case ExhibitModel::ModelColumn:
            return byId(a.model.compare(b.model));
        case ExhibitModel::CodeColumn:
            return byId(a.code.compare(b.code));
        case ExhibitModel::HolderColumn:
            return byId(shownHolder(a).compare(shownHolder(b)));
        case ExhibitModel::RemarksColumn:
            return a.remarks != b.remarks ? a.remarks < b.remarks : a.id < b.id;
        case ExhibitModel::TagsColumn:
            return a.tags != b.tags ? a.tags < b.tags : a.id < b.id;
        case ExhibitModel::HashColumn:
            return byId(a.sha256.compare(b.sha256));
        default:
            return a.id < b.id;
    }
}

}  // namespace signet::ui
