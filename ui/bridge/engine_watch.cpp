#include "ui/bridge/engine_watch.h"

#include "ui/bridge/text.h"

namespace signet::ui {

void EngineWatch::look() {
    const EngineHost::Status status = m_host->status();
    if (status == m_last) return;
    m_last = status;
    Q_EMIT changed(status.state,
                   status.state == EngineState::Failed ? sentence(status.message) : toText(status.message));
}

}  // namespace signet::ui
