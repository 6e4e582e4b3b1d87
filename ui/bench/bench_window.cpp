#include "ui/bench/bench_window.h"

#include <QApplication>
#include <QElapsedTimer>

#include "core/base/error.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

constexpr int kLimitMs = 120'000;

}  // namespace

BenchWindow::BenchWindow(const std::stop_token& stop)
    : m_stop(stop),
      m_workspace(toPath(m_folder.path())),
      m_services(coreBackend(m_workspace), m_workspace),
      m_window(m_services, m_theme, m_folder.filePath(QStringLiteral("settings.ini"))) {}

void BenchWindow::check() const {
    if (m_stop.stop_requested()) throw Error(ErrorCode::Cancelled, "interrupted");
    if (!m_failure.empty()) throw Error(ErrorCode::Environment, m_failure);
}

void BenchWindow::waitUntil(const std::function<bool()>& condition, const char* late) const {
    QElapsedTimer clock;
    clock.start();
    while (!condition()) {
        check();
        if (clock.elapsed() > kLimitMs) throw Error(ErrorCode::Environment, late);
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
}

}  // namespace signet::ui
