#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace signet::jobs {

/// The right to compute on one device, handed out in the order it was asked for. Long work keeps it and calls
/// yield between two steps: whoever waits then has its turn first. Thread-safe.
class DeviceLease {
public:
    void acquire();
    void release();
    /// Lets those who wait now have their turn; returns at once where nobody waits. The caller holds the
    /// lease before and after.
    void yield();
    bool hasWaiters() const;

    /// Holds the lease while alive.
    class Hold {
    public:
        explicit Hold(DeviceLease& lease) : m_lease(lease) { m_lease.acquire(); }
        ~Hold() { m_lease.release(); }
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

    private:
        DeviceLease& m_lease;
    };

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_nextTicket = 0;
    std::uint64_t m_served = 0;  ///< tickets before this one are done; the ticket itself holds the lease
};

}  // namespace signet::jobs
