#pragma once

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

/// take(work(item, part)) for the parts 0, 1, ... of item 0, then of item 1, to item count - 1, one after
/// another on the calling thread, while as many calls of work run beside it as there are threads (>= 1),
/// which are kept: what a library keeps for a thread is made once. partsOf(result), asked on the calling
/// thread before part 0 is taken, says how many parts that item has (>= 1). Fewer than three times as many
/// parts as threads are begun and not taken, of the items after the one at hand no more than part 0. Ends
/// early where take returns false. What work, partsOf or take throws is thrown here; in every case all calls
/// of work have ended when this returns.
template <typename Work, typename Parts, typename Take>
void inOrder(std::size_t count, std::size_t threads, const Work& work, const Parts& partsOf,
             const Take& take) {
    using Result = decltype(work(std::size_t{}, std::size_t{}));
    using Tasks = std::deque<std::packaged_task<Result()>>;
    std::mutex mutex;
    std::condition_variable_any changed;
    Tasks waiting;
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
    /// Drops what has not begun, before the workers are joined.
    struct Drop {
        std::mutex& guard;
        Tasks& tasks;
        ~Drop() {
            const std::lock_guard lock(guard);
            tasks.clear();
        }
    };
    const Drop drop{mutex, waiting};
    const auto begin = [&](std::size_t item, std::size_t part) {
        std::packaged_task<Result()> task([&work, item, part] { return work(item, part); });
        std::future<Result> result = task.get_future();
        if (workers.size() < threads) workers.emplace_back(serve);
        const std::lock_guard lock(mutex);
        waiting.push_back(std::move(task));
        changed.notify_one();
        return result;
    };
    std::deque<std::future<Result>> parts;  // of the item at hand
    std::deque<std::future<Result>> ahead;  // part 0 of those after it
    // So many may wait for a long call, or be in work, before the other threads rest.
    const std::size_t most = 2 * threads - 1;
    for (std::size_t item = 0; item < count; ++item) {
        std::size_t begun = 0;
        if (!ahead.empty()) {
            parts.push_back(std::move(ahead.front()));
            ahead.pop_front();
            begun = 1;
        }
        std::size_t all = 1;
        for (std::size_t part = 0; part < all; ++part) {
            for (; begun < all && parts.size() < threads; ++begun) parts.push_back(begin(item, begun));
            while (parts.size() + ahead.size() < most && item + 1 + ahead.size() < count)
                ahead.push_back(begin(item + 1 + ahead.size(), 0));
            Result result = parts.front().get();
            parts.pop_front();
            if (part == 0) all = partsOf(std::as_const(result));
            if (!take(std::move(result))) return;
        }
    }
}

}  // namespace signet
