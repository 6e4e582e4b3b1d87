#pragma once

#include <QDir>
#include <string>

#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/run_list_model.h"
#include "window_fixture.h"

namespace signet::test {

inline constexpr int kTrainedWithinMs = 120'000;

/// The window, and real runs of the smallest networks in its workspace.
class TrainingFixture : public WindowFixture {
public:
    explicit TrainingFixture(const MakeBackend& backend = {}) : WindowFixture(backend) {}

    /// A folder of 16 photographs.
    QString photos() const {
        const QString photographs = path(QStringLiteral("photos"));
        if (QDir().mkpath(photographs) && QDir(photographs).isEmpty()) {
            for (int i = 0; i < 16; ++i)
                writePicture(photographs, QStringLiteral("%1.png").arg(i), 40 + 10 * i, QSize(80, 72));
        }
        return photographs;
    }
    /// Options of a run on them.
    Json smallest(int steps) const {
        return training::configure(
            tasks::all(), "presence",
            {"data=" + ui::toPath(photos()).string(), "name=small", "network.workSide=32",
             "network.injectorWidths=[8,8,8]", "network.detectorWidths=[8,8,8]", "batch=2", "bf16=false",
             "logEvery=1", "checkpointEvery=5", "validateEvery=5", "validationImages=2",
             "validationNegatives=4", "sampleEvery=5", "steps=" + std::to_string(steps)});
    }
    /// The run, where there is one alone.
    ui::RunEntry onlyRun() const {
        const auto& runs = services->training().runs();
        return runs.size() == 1 ? runs.front() : ui::RunEntry();
    }
    QString state() const { return ui::runStateText(onlyRun()); }
};

}  // namespace signet::test
