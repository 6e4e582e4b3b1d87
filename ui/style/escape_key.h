#pragma once

#include <functional>

class QWidget;

namespace signet::ui {

/// Esc anywhere in panel calls run, before any action of the window that has this key; unless a widget inside
/// has a use for it, or may (may be empty: always) says no. GUI thread.
void onEscape(QWidget* panel, std::function<void()> run, std::function<bool()> may = {});

}  // namespace signet::ui
