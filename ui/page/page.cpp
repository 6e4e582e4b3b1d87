#include "ui/page/page.h"

#include <QAction>

namespace signet::ui {

void Page::setActionsVisible(bool shown) {
    for (const Menu menu : {Menu::File, Menu::Edit, Menu::Work, Menu::View, Menu::Docks}) {
        for (QAction* action : menuActions(menu)) action->setVisible(shown);
    }
}

}  // namespace signet::ui
