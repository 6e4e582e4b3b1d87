#include "ui/page/choice_button.h"

#include <QMenu>
#include <QToolButton>

namespace signet::ui {

void setUpChoice(QToolButton& button, const QString& objectName) {
    button.setObjectName(objectName);
    button.setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button.setPopupMode(QToolButton::InstantPopup);
    button.setFocusPolicy(Qt::StrongFocus);
    button.setProperty("role", "choice");
    auto* menu = new QMenu(&button);
    menu->setObjectName(objectName + QStringLiteral("Menu"));
    menu->setToolTipsVisible(true);
    button.setMenu(menu);
}

}  // namespace signet::ui
