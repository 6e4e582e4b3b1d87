#pragma once

#include <QObject>
#include <memory>

#include "ui/bridge/engine.h"

namespace signet::ui {

/// Tells a service's page what becomes of the engine: loading, ready, failed. GUI thread.
class EngineWatch : public QObject {
    Q_OBJECT
public:
    explicit EngineWatch(std::shared_ptr<EngineHost> host) : m_host(std::move(host)) {}

    /// Says it where it changed since the last look.
    void look();

Q_SIGNALS:
    void changed(signet::ui::EngineState state, const QString& message);

private:
    std::shared_ptr<EngineHost> m_host;
    EngineHost::Status m_last;
};

}  // namespace signet::ui
