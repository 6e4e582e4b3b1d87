#include "ui/page/page.h"

#include <QAction>

namespace signet::ui {

void Page::setActionsVisible(bool shown) {
    setMenusVisible({Menu::Edit, Menu::Work, Menu::View, Menu::Docks}, shown);
}

void Page::setMenusVisible(std::initializer_list<Menu> menus, bool on) {
    for (const Menu menu : menus) {
        for (QAction* action : menuActions(menu)) action->setVisible(on);
    }
}

}  // namespace signet::ui
