#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace signet::ui {

/// One std::jthread that runs tasks one after another. Every function may be called from any thread and none
/// waits for a task. The destructor drops what waits, asks the running task to stop and joins after it. A
/// task must not throw.
class WorkerThread {
public:
    using Task = std::function<void(const std::stop_token&)>;

    /// name: at most 15 characters, as debuggers show it.
    explicit WorkerThread(std::string name);
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    void post(std::uint64_t id, Task task);

    /// The newest first: what was asked for last is what the person is looking at. At most maxWaiting tasks
    /// are kept; returns the ids of those dropped.
    std::vector<std::uint64_t> postFront(std::uint64_t id, Task task, std::size_t maxWaiting);

    /// Drops everything that waits, asks the running task to stop, and queues this one.
    void postLatest(std::uint64_t id, Task task);

    /// Takes waiting tasks out; asks the running one to stop where it is among them.
    void cancel(const std::unordered_set<std::uint64_t>& ids);

    /// Drops all that wait (their ids are returned) and asks the running one to stop.
    std::vector<std::uint64_t> cancelAll();

private:
    struct Entry {
        std::uint64_t id = 0;
        Task task;
    };

    void run(const std::stop_token& threadStop);
    void startLocked();

    std::string m_name;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Entry> m_waiting;
    std::uint64_t m_runningId = 0;
    bool m_running = false;
    std::stop_source m_runningStop;
    std::jthread m_thread;  // started with the first task, so that an idle program has no idle threads
};

}  // namespace signet::ui
