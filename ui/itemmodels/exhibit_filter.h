#pragma once

#include <QSortFilterProxyModel>
#include <optional>
#include <string>

#include "ui/itemmodels/exhibit_model.h"

namespace signet::ui {

/// Sorts and narrows the exhibits. It compares the exhibits themselves, not their texts, so that 50,000 rows
/// are sorted at once. GUI thread; the model outlives it.
class ExhibitFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit ExhibitFilter(ExhibitModel& model, QObject* parent = nullptr);

    /// Part of path, note, code, holder or SHA-256; letters A to Z without regard to case.
    void setText(const QString& text);
    void setState(std::optional<cases::WorkState> state);
    /// None: no answer yet.
    enum class Answer { Any, Present, Inconclusive, Absent, None };
    void setAnswer(Answer answer);
    void setTag(cases::RowId tag);  ///< 0: any

    const cases::Exhibit& exhibit(const QModelIndex& index) const;
    /// Invalid where the exhibit is not among those shown.
    QModelIndex indexOf(cases::RowId id) const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    void refilter();

    ExhibitModel& m_model;
    std::string m_text;  ///< lower case
    std::optional<cases::WorkState> m_state;
    Answer m_answer = Answer::Any;
    cases::RowId m_tag = 0;
};

}  // namespace signet::ui
