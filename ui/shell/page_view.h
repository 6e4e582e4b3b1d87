#pragma once

class QScrollArea;
class QStackedWidget;
class QWidget;

namespace signet::ui {

/// The pages, scrolled where the window is smaller than what the page that is shown needs.
QScrollArea* makePageView(QStackedWidget* pages, QWidget* parent);

}  // namespace signet::ui
