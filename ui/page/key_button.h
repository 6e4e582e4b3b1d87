#pragma once

#include <QToolButton>

#include "ui/bridge/services.h"

namespace signet::ui {

/// Says how many keys are open, and has them in its menu: unlocking, a new one, reading them again. Hidden
/// where no model is installed that has use for keys.
class KeyButton : public QToolButton {
    Q_OBJECT
public:
    KeyButton(const QString& objectName, Services& services, QWidget* parent);

private:
    void fill();

    Services& m_services;
};

}  // namespace signet::ui
