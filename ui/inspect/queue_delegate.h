#pragma once

#include <QFontMetrics>
#include <QStyledItemDelegate>

namespace signet::ui {

/// result within width px; where that is not enough, the words of it give way to the code in it, which is
/// never cut while there is room for it.
QString withWholeCode(const QString& result, const QString& code, const QFontMetrics& metrics, int width);

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
