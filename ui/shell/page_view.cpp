#include "ui/shell/page_view.h"

#include <QScrollArea>
#include <QStackedWidget>

namespace signet::ui {

QScrollArea* makePageView(QStackedWidget* pages, QWidget* parent) {
    const auto needRoom = [pages](int shown) {  // only the page that is seen
        for (int i = 0; i < pages->count(); ++i) {
            const auto policy = i == shown ? QSizePolicy::Preferred : QSizePolicy::Ignored;
            pages->widget(i)->setSizePolicy(policy, policy);
        }
    };
    QObject::connect(pages, &QStackedWidget::currentChanged, pages, needRoom);
    needRoom(pages->currentIndex());
    auto* view = new QScrollArea(parent);
    view->setObjectName(QStringLiteral("pageView"));
    view->setWidgetResizable(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus);
    view->setWidget(pages);
    return view;
}

}  // namespace signet::ui
