#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

namespace signet::jobs {

/// The right to compute on one device, handed out in the order it was asked for. Long work keeps it and calls
/// yield between two steps: whoever waits then has its turn first. It is a courtesy, no exclusion: somebody
/// in a hurry may go ahead without it (see Hold). Thread-safe.
class DeviceLease {
public:
    void acquire();
    /// False where the turn did not come within patience.
    bool tryAcquireFor(std::chrono::milliseconds patience);
    void release();
    /// Lets those who wait now have their turn; returns at once where nobody waits. The caller holds the
    /// lease before and after.
    void yield();
    bool hasWaiters() const;

    /// Holds the lease while alive.
    class Hold {
    public:
        explicit Hold(DeviceLease& lease) : m_lease(lease) { m_lease.acquire(); }
        /// Waits no longer than patience and then goes ahead without the lease: a step of a large network
        /// lasts longer than a person should wait for an answer.
        Hold(DeviceLease& lease, std::chrono::milliseconds patience)
            : m_lease(lease), m_held(m_lease.tryAcquireFor(patience)) {}
        ~Hold() {
            if (m_held) m_lease.release();
        }
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

    private:
        DeviceLease& m_lease;
        bool m_held = true;
    };

private:
    bool isTurnOf(std::uint64_t ticket) const { return !m_held && m_waiting.front() == ticket; }

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_nextTicket = 0;
    std::deque<std::uint64_t> m_waiting;  ///< tickets in the order they were drawn
    bool m_held = false;
};

}  // namespace signet::jobs
