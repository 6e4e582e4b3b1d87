#pragma once

class QActionGroup;
class QMenu;

namespace signet::ui {

class NavigationRail;

/// The submenu that chooses the theme, in view and behind a button at the foot of the rail. Its actions, in
/// the order of ThemeMode and carrying it as data, are put into group.
void addThemeMenu(QMenu* view, NavigationRail* rail, QActionGroup* group);

}  // namespace signet::ui
