#pragma once

#include <QStyledItemDelegate>

namespace signet::ui {

/// Draws a row of the queue in two lines: thumbnail, file name, and state or result with its symbol.
class QueueDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace signet::ui
