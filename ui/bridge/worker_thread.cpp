#include "ui/bridge/worker_thread.h"

#include <pthread.h>

#include <algorithm>

namespace signet::ui {

WorkerThread::WorkerThread(std::string name) : m_name(std::move(name)) {}

WorkerThread::~WorkerThread() {
    cancelAll();
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
}

void WorkerThread::startLocked() {
    if (m_thread.joinable()) return;
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    pthread_setname_np(m_thread.native_handle(), m_name.substr(0, 15).c_str());
}

void WorkerThread::post(std::uint64_t id, Task task) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back({id, std::move(task)});
        startLocked();
    }
    m_wake.notify_one();
}

std::vector<std::uint64_t> WorkerThread::postFront(std::uint64_t id, Task task, std::size_t maxWaiting) {
    std::vector<std::uint64_t> dropped;
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_front({id, std::move(task)});
        while (m_waiting.size() > maxWaiting) {
            dropped.push_back(m_waiting.back().id);
            m_waiting.pop_back();
        }
        startLocked();
    }
    m_wake.notify_one();
    return dropped;
}

void WorkerThread::postLatest(std::uint64_t id, Task task) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.clear();
        if (m_running) m_runningStop.request_stop();
        m_waiting.push_back({id, std::move(task)});
        startLocked();
    }
    m_wake.notify_one();
}

void WorkerThread::cancel(const std::unordered_set<std::uint64_t>& ids) {
    const std::lock_guard lock(m_mutex);
    if (m_running && ids.contains(m_runningId)) m_runningStop.request_stop();
    std::erase_if(m_waiting, [&ids](const Entry& entry) { return ids.contains(entry.id); });
}

std::vector<std::uint64_t> WorkerThread::cancelAll() {
    const std::lock_guard lock(m_mutex);
    std::vector<std::uint64_t> ids;
    ids.reserve(m_waiting.size());
    for (const Entry& entry : m_waiting) ids.push_back(entry.id);
    m_waiting.clear();
    if (m_running) m_runningStop.request_stop();
    return ids;
}

void WorkerThread::run(const std::stop_token& threadStop) {
    while (true) {
        Task task;
        std::stop_token stop;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, threadStop, [this] { return !m_waiting.empty(); })) return;
            if (threadStop.stop_requested()) return;
            task = std::move(m_waiting.front().task);
            m_runningId = m_waiting.front().id;
            m_waiting.pop_front();
            m_runningStop = std::stop_source();
            m_running = true;
            stop = m_runningStop.get_token();
        }
        task(stop);
        const std::lock_guard lock(m_mutex);
        m_running = false;
    }
}

}  // namespace signet::ui
