#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace signet {

/// take(work(0)) to take(work(count - 1)), one after another on the calling thread, while as many calls of
/// work run beside it as there are threads (>= 1), which are kept: what a library keeps for a thread is made
/// once. Ends early where take returns false. What work or take throws is thrown here; in every case all
/// calls of work have ended when this returns.
template <typename Work, typename Take>
void inOrder(std::size_t count, std::size_t threads, const Work& work, const Take& take) {
    using Result = decltype(work(std::size_t{}));
    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<std::packaged_task<Result()>> waiting;
    const auto serve = [&](const std::stop_token& stop) {
        while (true) {
            std::unique_lock lock(mutex);
            if (!changed.wait(lock, stop, [&] { return !waiting.empty(); })) return;
            auto task = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            task();
        }
    };
    std::vector<std::jthread> workers;
    while (workers.size() < std::min(threads, count)) workers.emplace_back(serve);
    std::deque<std::future<Result>> running;
    for (std::size_t next = 0; next < count || !running.empty();) {
        for (; next < count && running.size() < threads; ++next) {
            std::packaged_task<Result()> task([&work, next] { return work(next); });
            running.push_back(task.get_future());
            const std::lock_guard lock(mutex);
            waiting.push_back(std::move(task));
            changed.notify_one();
        }
        auto result = running.front().get();
        running.pop_front();
        if (!take(std::move(result))) return;
    }
}

}  // namespace signet
