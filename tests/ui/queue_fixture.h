#pragma once

#include <QTest>

#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/itemmodels/examine_model.h"
#include "window_fixture.h"

namespace signet::test {

/// The queue of the Inspect page.
inline ui::ExamineModel* modelOf(const WindowFixture& fixture) {
    return fixture.window->page<ui::InspectPage>()->queue()->model();
}

/// Whether so many rows came and all of them were examined, within 20 s.
inline bool waitForAll(const WindowFixture& fixture, int rows) {
    return QTest::qWaitFor(
        [&] { return modelOf(fixture)->rowCount() == rows && fixture.services->examine().isIdle(); }, 20'000);
}

}  // namespace signet::test
