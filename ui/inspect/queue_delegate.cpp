#include "ui/inspect/queue_delegate.h"

#include <QApplication>
#include <QPainter>

#include "ui/itemmodels/examine_model.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {
namespace {

constexpr int kPadding = 6;
constexpr int kThumbnail = 40;
constexpr int kSymbol = 14;

struct Symbol {
    QString icon;
    QColor colour;
};

Symbol symbolOf(const QModelIndex& index) {
    const MeaningColours& colours = meaningColours();
    const auto state = static_cast<ItemState>(index.data(ExamineModel::StateRole).toInt());
    if (state == ItemState::Failed) return {QStringLiteral("error"), colours.error};
    const QVariant presence = index.data(ExamineModel::PresenceRole);
    if (state != ItemState::Done || !presence.isValid()) return {stateIcon(state), colours.muted};
    switch (static_cast<examine::Presence>(presence.toInt())) {
        case examine::Presence::Present:
            return {QStringLiteral("present"), colours.accent};
        case examine::Presence::Inconclusive:
            return {QStringLiteral("inconclusive"), colours.inconclusive};
        case examine::Presence::Absent:
            return {QStringLiteral("absent"), colours.absent};
    }
    return {};
}

}  // namespace

QString withWholeCode(const QString& result, const QString& code, const QFontMetrics& metrics, int width) {
    if (metrics.horizontalAdvance(result) <= width) return result;
    const auto at = code.isEmpty() ? -1 : result.indexOf(code);
    if (at < 0) return metrics.elidedText(result, Qt::ElideRight, width);
    const int codeWidth = metrics.horizontalAdvance(code);
    if (codeWidth > width) return metrics.elidedText(code, Qt::ElideRight, width);  // what is said of it
    // the words before it, which its symbol says too, give way whole, then those after it
    const QString shown = metrics.elidedText(result.mid(at), Qt::ElideRight, width);
    return shown.startsWith(code) ? shown : code;
}

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const int text = 2 * option.fontMetrics.height() + 4;
    return {160, std::max(kThumbnail, text) + 2 * kPadding};
}

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.text.clear();
    item.icon = QIcon();
    const QWidget* widget = option.widget;
    QStyle* style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, widget);

    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QPalette::ColorGroup group =
        option.state.testFlag(QStyle::State_Active) ? QPalette::Active : QPalette::Inactive;
    const QColor text = option.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Text);
    const QRect inner = option.rect.adjusted(kPadding, kPadding, -kPadding, -kPadding);
    painter->save();

    const QRect frame(inner.left(), inner.center().y() - kThumbnail / 2 + 1, kThumbnail, kThumbnail);
    const auto thumbnail = index.data(ExamineModel::ThumbnailRole).value<QPixmap>();
    if (thumbnail.isNull()) {
        painter->fillRect(frame, option.palette.color(QPalette::AlternateBase));
        painter->drawPixmap(frame.adjusted(10, 10, -10, -10),
                            iconPixmap(QStringLiteral("image"), 20, meaningColours().muted,
                                       painter->device()->devicePixelRatioF()));
    } else {
        const QSize size = thumbnail.size().scaled(frame.size(), Qt::KeepAspectRatio);
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        const QRect shown(frame.center() - QPoint(size.width() / 2 - 1, size.height() / 2 - 1), size);
        painter->drawPixmap(shown, thumbnail);
        painter->setPen(meaningColours().border);  // a white picture has an edge, too
        painter->drawRect(shown.adjusted(0, 0, -1, -1));
    }

    const int left = frame.right() + 1 + kPadding + 2;
    const int line = option.fontMetrics.height();
    const int top = inner.center().y() - line - 1;
    const QRect nameRect(left, top, inner.right() - left, line);
    painter->setPen(text);
    painter->setFont(option.font);
    painter->drawText(
        nameRect, Qt::AlignLeft | Qt::AlignVCenter,
        option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, nameRect.width()));

    const QRect resultRect(left, top + line + 3, inner.right() - left, line);
    Symbol symbol = symbolOf(index);
    if (selected) symbol.colour = text;
    painter->drawPixmap(
        QPoint(left, resultRect.center().y() - kSymbol / 2 + 1),
        iconPixmap(symbol.icon, kSymbol, symbol.colour, painter->device()->devicePixelRatioF()));
    QRect words = resultRect.adjusted(kSymbol + 5, 0, 0, 0);
    if (!index.data(ExamineModel::RemarksRole).toString().isEmpty()) {
        painter->drawPixmap(
            QPoint(words.right() - kSymbol, words.center().y() - kSymbol / 2 + 1),
            iconPixmap(QStringLiteral("conflict"), kSymbol, selected ? text : meaningColours().inconclusive,
                       painter->device()->devicePixelRatioF()));
        words.setRight(words.right() - kSymbol - 5);
    }
    const QString result = index.data(ExamineModel::ResultRole).toString().section(QLatin1Char('\n'), 0, 0);
    const bool muted = static_cast<ItemState>(index.data(ExamineModel::StateRole).toInt()) != ItemState::Done;
    painter->setPen(selected ? text : muted ? meaningColours().muted : text);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                      withWholeCode(result, index.data(ExamineModel::CodeRole).toString(), option.fontMetrics,
                                    words.width()));
    painter->restore();
}

}  // namespace signet::ui
