#pragma once

#include <QToolButton>

#include "ui/bridge/model_choice.h"

namespace signet::ui {

/// Says which models examine, and opens the choice of them. A model that is not validated has the amber mark
/// in the list, and the button has it while such a one is chosen. GUI thread.
class ModelChoiceButton : public QToolButton {
    Q_OBJECT
public:
    ModelChoiceButton(const QString& objectName, ModelChoice& choice, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill();

    ModelChoice& m_choice;
    bool m_dark = false;  ///< the theme that the amber is of
};

}  // namespace signet::ui
