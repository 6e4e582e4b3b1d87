#pragma once

#include "ui/bridge/engine.h"

class QAction;
class QString;

namespace signet::ui {

class NoticeBar;

/// Says on a page's bar that the models could not be loaded, beside what tries it again; the notice goes once
/// they are. GUI thread.
void showEngineProblem(NoticeBar& bar, EngineState state, const QString& message, QAction* again);

}  // namespace signet::ui
