#pragma once

#include <vector>

#include "ui/page/page.h"

class QWidget;

namespace signet::ui {

class PageRequests;
class Services;

/// A page and the widget that it is.
struct ListedPage {
    Page* page;
    QWidget* widget;
};

/// All pages of the program, as they stand in the rail; a new one is one line there. The first is shown at
/// the start, and images are for it where the page that is shown takes none; the last is about the program,
/// and stands in the Help menu as well.
std::vector<ListedPage> makePages(Services& services, PageRequests& requests, QWidget* parent);

}  // namespace signet::ui
