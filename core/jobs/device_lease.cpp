#include "core/jobs/device_lease.h"

namespace signet::jobs {

void DeviceLease::acquire() {
    std::unique_lock lock(m_mutex);
    const auto ticket = m_nextTicket++;
    m_changed.wait(lock, [&] { return m_served == ticket; });
}

void DeviceLease::release() {
    {
        const std::lock_guard lock(m_mutex);
        ++m_served;
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
    return m_nextTicket > m_served + 1;
}

}  // namespace signet::jobs
