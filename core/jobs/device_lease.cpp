#include "core/jobs/device_lease.h"

#include <algorithm>

namespace signet::jobs {

void DeviceLease::acquire() {
    std::unique_lock lock(m_mutex);
    const auto ticket = m_nextTicket++;
    m_waiting.push_back(ticket);
    m_changed.wait(lock, [&] { return isTurnOf(ticket); });
    m_waiting.pop_front();
    m_held = true;
}

bool DeviceLease::tryAcquireFor(std::chrono::milliseconds patience) {
    std::unique_lock lock(m_mutex);
    const auto ticket = m_nextTicket++;
    m_waiting.push_back(ticket);
    if (m_changed.wait_for(lock, patience, [&] { return isTurnOf(ticket); })) {
        m_waiting.pop_front();
        m_held = true;
        return true;
    }
    m_waiting.erase(std::find(m_waiting.begin(), m_waiting.end(), ticket));
    lock.unlock();
    m_changed.notify_all();  // whoever stood behind may be next now
    return false;
}

void DeviceLease::release() {
    {
        const std::lock_guard lock(m_mutex);
        m_held = false;
    }
    m_changed.notify_all();
}

void DeviceLease::yield() {
    if (!hasWaiters()) return;
    release();
    acquire();
}

bool DeviceLease::hasWaiters() const {
    const std::lock_guard lock(m_mutex);
    return !m_waiting.empty();
}

}  // namespace signet::jobs
