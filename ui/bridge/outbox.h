#pragma once

#include <QTimer>
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace signet::ui {

/// How often the GUI thread collects what its workers sent, ms (10 Hz).
inline constexpr int kCollectIntervalMs = 100;

/// The way back from a service's workers to the GUI thread, where it lives. For each thing that it asks a
/// worker for, the service begins a request; the worker sends under it, and while any request is open what
/// was sent is handed over at 10 Hz, in order. A request's id is its generation: what comes under one that
/// has ended meanwhile is dropped.
template <class Message>
class Outbox {
    struct Letter {
        quint64 request;              ///< 0: none, always handed over
        std::optional<quint64> slot;  ///< of a value whose newest counts
        bool last;                    ///< ends its request
        Message message;
    };
    struct Letters {
        std::mutex mutex;
        std::vector<Letter> waiting;
    };

public:
    /// What a worker has of the outbox. For any thread; may outlive the outbox. Never blocks for longer than
    /// a move of its content.
    class Sender {
    public:
        quint64 request() const { return m_request; }
        void send(Message message) const { put({m_request, {}, false, std::move(message)}); }
        /// In place of what was sent into this slot of the request and waits still.
        void sendLatest(Message message, quint64 slot = 0) const {
            put({m_request, slot, false, std::move(message)});
        }
        /// The request has ended when the message is handed over.
        void finish(Message message) const { put({m_request, {}, true, std::move(message)}); }

    private:
        friend class Outbox;
        Sender(quint64 request, std::shared_ptr<Letters> letters)
            : m_request(request), m_letters(std::move(letters)) {}

        void put(Letter letter) const {
            const std::lock_guard lock(m_letters->mutex);
            auto& waiting = m_letters->waiting;
            if (letter.slot) {  // at most one waits; mostly it is among the last
                const auto older = std::find_if(waiting.rbegin(), waiting.rend(), [&](const Letter& other) {
                    return other.request == letter.request && other.slot == letter.slot;
                });
                if (older != waiting.rend()) waiting.erase(std::prev(older.base()));
            }
            waiting.push_back(std::move(letter));
        }

        quint64 m_request;
        std::shared_ptr<Letters> m_letters;
    };

    /// handOver: is given what was sent, which it may move from. onTurn: called each time before that.
    /// onIdle: called when no request is open any more, after the last of what was sent.
    explicit Outbox(std::function<void(quint64 request, Message& message)> handOver,
                    std::function<void()> onTurn = {}, std::function<void()> onIdle = {})
        : m_handOver(std::move(handOver)), m_onTurn(std::move(onTurn)), m_onIdle(std::move(onIdle)) {
        m_timer.setInterval(kCollectIntervalMs);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { collect(); });
    }

    Sender begin() {
        m_open.insert(++m_newest);
        if (!m_timer.isActive()) m_timer.start();
        return Sender(m_newest, m_letters);
    }
    /// Of messages that belong to no request; they are collected while one is open.
    Sender withoutRequest() const { return Sender(0, m_letters); }

    /// False where it had ended before.
    bool end(quint64 request) { return m_open.erase(request) > 0; }
    /// Those that were open.
    std::unordered_set<quint64> endAll() { return std::exchange(m_open, {}); }

    bool isOpen(quint64 request) const { return m_open.contains(request); }
    int openCount() const { return static_cast<int>(m_open.size()); }
    bool isIdle() const { return m_open.empty(); }

private:
    void collect() {
        if (m_onTurn) m_onTurn();
        std::vector<Letter> letters;
        {
            const std::lock_guard lock(m_letters->mutex);
            letters.swap(m_letters->waiting);
        }
        for (Letter& letter : letters) {
            if (letter.request != 0 && !isOpen(letter.request)) continue;
            if (letter.last) end(letter.request);
            m_handOver(letter.request, letter.message);
        }
        if (!isIdle()) return;
        m_timer.stop();
        if (m_onIdle) m_onIdle();
    }

    std::shared_ptr<Letters> m_letters = std::make_shared<Letters>();
    std::function<void(quint64, Message&)> m_handOver;
    std::function<void()> m_onTurn, m_onIdle;
    std::unordered_set<quint64> m_open;
    quint64 m_newest = 0;
    QTimer m_timer;
};

}  // namespace signet::ui
