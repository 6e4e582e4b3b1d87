#include "app/cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "core/base/error.h"

namespace signet::cli {
namespace {

constexpr char kSignalled = 's';
constexpr char kQuit = 'q';

std::atomic<int> g_writeEnd{-1};

extern "C" void onSignal(int) {
    const int saved = errno;
    if (const int fd = g_writeEnd.load(); fd >= 0) [[maybe_unused]]
        const auto written = ::write(fd, &kSignalled, 1);
    errno = saved;
}

void install(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
    if (::pipe2(m_wakeUp, O_CLOEXEC) != 0) throw Error(ErrorCode::Environment, "no pipe could be opened");
    g_writeEnd = m_wakeUp[1];
    m_watcher = std::thread([this] {
        for (char byte = 0;;) {
            const ssize_t n = ::read(m_wakeUp[0], &byte, 1);
            if (n < 0 && errno == EINTR) continue;
            if (n != 1 || byte == kQuit) return;
            m_source.request_stop();
        }
    });
    install(onSignal);
}

Interrupt::~Interrupt() {
    install(SIG_DFL);
    g_writeEnd = -1;
    [[maybe_unused]] const auto written = ::write(m_wakeUp[1], &kQuit, 1);
    m_watcher.join();
    ::close(m_wakeUp[0]);
    ::close(m_wakeUp[1]);
}

}  // namespace signet::cli
