#include "ui/bench/heartbeat.h"

#include <algorithm>
#include <ctime>

namespace signet::ui {

double threadCpuSeconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Heartbeat::Heartbeat(QObject* parent) : QObject(parent) {
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(1);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start() {
    m_beats = 0;
    m_longest = m_longestBusy = 0;
    m_cpuAtBeat = threadCpuSeconds();
    m_sinceBeat.start();
    m_timer.start();
}

void Heartbeat::stop() {
    beat();
    m_timer.stop();
}

void Heartbeat::beat() {
    ++m_beats;
    const double cpu = threadCpuSeconds();
    m_longest = std::max(m_longest, 1e-9 * static_cast<double>(m_sinceBeat.nsecsElapsed()));
    m_longestBusy = std::max(m_longestBusy, cpu - m_cpuAtBeat);
    m_cpuAtBeat = cpu;
    m_sinceBeat.start();
}

}  // namespace signet::ui
