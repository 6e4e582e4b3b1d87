#include "ui/shell/theme_menu.h"

#include <QActionGroup>
#include <QMenu>
#include <QToolButton>

#include "ui/shell/navigation_rail.h"
#include "ui/style/icons.h"

namespace signet::ui {

void addThemeMenu(QMenu* view, NavigationRail* rail, QActionGroup* group) {
    QMenu* themes = view->addMenu(themedIcon(QStringLiteral("theme")), QObject::tr("&Theme"));
    themes->setObjectName(QStringLiteral("themeMenu"));
    const std::pair<const char*, QString> modes[] = {{"themeSystemAction", QObject::tr("&System")},
                                                     {"themeLightAction", QObject::tr("&Light")},
                                                     {"themeDarkAction", QObject::tr("&Dark")}};
    int mode = 0;
    for (const auto& [name, text] : modes) {
        QAction* action = themes->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setData(mode);
        action->setShortcut(QKeySequence(Qt::CTRL | Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + mode)));
        group->addAction(action);
        ++mode;
    }
    group->actions().front()->setChecked(true);
    auto* button = new QToolButton(rail);
    button->setObjectName(QStringLiteral("themeButton"));
    button->setIcon(themedIcon(QStringLiteral("theme")));
    button->setText(QObject::tr("Theme"));
    button->setAccessibleName(QObject::tr("Theme: system, light or dark"));
    button->setToolTip(QObject::tr("Theme: system, light or dark"));
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(themes);
    button->setFocusPolicy(Qt::StrongFocus);
    rail->addFoot(button);
}

}  // namespace signet::ui
