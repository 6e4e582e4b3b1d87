#include "ui/page/engine_notice.h"

#include "ui/style/widgets.h"

namespace signet::ui {

void showEngineProblem(NoticeBar& bar, EngineState state, const QString& message, QAction* again) {
    const QString problem = QObject::tr("The models could not be loaded.");
    if (state == EngineState::Failed)
        bar.showNotice(NoticeBar::Kind::Problem, problem + QLatin1Char(' ') + message, {}, again);
    else if (state == EngineState::Ready && bar.text().startsWith(problem))
        bar.hide();
}

}  // namespace signet::ui
