#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace signet::ui {

/// How often the GUI thread empties the mailboxes of its workers, ms (10 Hz).
inline constexpr int kDrainIntervalMs = 100;

/// Where a worker leaves what the GUI thread collects later, in order. Thread-safe; never blocks for longer
/// than a move of its content.
template <class Message>
class Mailbox {
public:
    void push(Message message) {
        const std::lock_guard lock(m_mutex);
        m_messages.push_back(std::move(message));
    }

    std::vector<Message> drain() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_messages, {});
    }

private:
    std::mutex m_mutex;
    std::vector<Message> m_messages;
};

}  // namespace signet::ui
