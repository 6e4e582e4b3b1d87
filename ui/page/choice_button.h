#pragma once

class QString;
class QToolButton;

namespace signet::ui {

/// Makes of a button one that says what is chosen and opens the menu of it: its name, its look, and an empty
/// menu called objectName + "Menu".
void setUpChoice(QToolButton& button, const QString& objectName);

}  // namespace signet::ui
