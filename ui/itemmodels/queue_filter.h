#pragma once

#include <QCollator>
#include <QSortFilterProxyModel>

namespace signet::ui {

class ExamineModel;

/// The queue of the Inspect page as it is shown: what is searched for, one kind of answer, in an order. GUI
/// thread.
class QueueFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit QueueFilter(ExamineModel& model, QObject* parent = nullptr);

    enum class Show { All, Present, Inconclusive, Absent, Failed, NotExamined };
    enum class Order { Added, Name, Answer };

    /// Rows whose path, answer, code or notes contain all words, whatever their case.
    void setText(const QString& text);
    void setShow(Show show);
    void setOrder(Order order);
    Show shown() const { return m_show; }
    Order order() const { return m_order; }
    bool isFiltering() const { return m_show != Show::All || !m_words.isEmpty(); }

    /// Where the model's row is shown; invalid where it is not.
    QModelIndex indexOf(int row) const;
    /// The model's row of what is shown there; -1 for an invalid index.
    int rowOf(const QModelIndex& index) const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    ExamineModel& m_model;
    QStringList m_words;
    Show m_show = Show::All;
    Order m_order = Order::Added;
    QCollator m_names;
};

}  // namespace signet::ui
