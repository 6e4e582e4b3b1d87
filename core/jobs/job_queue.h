#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/progress.h"
#include "core/jobs/device_lease.h"
#include "core/jobs/job_state.h"

namespace signet::jobs {

/// Never given twice, so that a result of an earlier job is known as such.
using JobId = std::uint64_t;

/// How a running job is asked to end.
enum class Ending {
    FinishNow,       ///< evaluate and export what there is
    KeepCheckpoint,  ///< save the state, so that the job can be resumed
    Discard          ///< leave nothing behind
};

struct JobInfo {
    JobId id = 0;
    std::string name;
    JobState state = JobState::Queued;
    std::string message;  ///< of a failure, or why the job paused itself
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::string what;  ///< the latest progress: earlier ones are dropped
};

class JobQueue;

/// What a job's work is given. For the worker thread only.
class JobContext {
public:
    const std::stop_token& stop() const { return m_stop; }
    /// The ending asked for; KeepCheckpoint until a stop is asked for.
    Ending ending() const;
    /// Between two steps: gives the device to who waits for it, and holds while the job is paused. Before it
    /// holds, beforeHold is called; the device is free while it holds.
    void betweenSteps(const std::function<void()>& beforeHold = {});
    /// Pauses the job from within, saying why, and holds until it is resumed or asked to end.
    void holdFor(const std::string& problem);
    void report(std::uint64_t done, std::uint64_t total, const std::string& what);
    /// For functions that know nothing of jobs.
    WorkContext work();

private:
    friend class JobQueue;
    JobContext(JobQueue& queue, JobId id, std::stop_token stop)
        : m_queue(queue), m_id(id), m_stop(std::move(stop)) {}

    /// The job has just become Paused.
    void hold(const std::function<void()>& beforeHold);

    JobQueue& m_queue;
    JobId m_id;
    std::stop_token m_stop;
};

/// The jobs of one device, one after another on a worker of its own, which holds the device's lease while a
/// job runs. Thread-safe. The destructor asks the running job for a stop (KeepCheckpoint), drops the waiting
/// ones and waits.
class JobQueue {
public:
    /// A job is Done when its work returns, Cancelled when a stop was asked for with Discard or the work
    /// throws Cancelled, Failed{message} when it throws anything else.
    using Work = std::function<void(JobContext&)>;
    /// Called after each change, from any thread, without a lock held.
    using Listener = std::function<void(const JobInfo&)>;

    explicit JobQueue(DeviceLease& lease, Listener listener = {});
    ~JobQueue();

    JobId enqueue(std::string name, Work work);
    void pause(JobId id);
    void resume(JobId id);
    void stop(JobId id, Ending ending);

    /// All jobs of this queue in the order they came, those that are over included.
    std::vector<JobInfo> jobs() const;

private:
    friend class JobContext;
    struct Job;

    void run(const std::stop_token& stop);
    void perform(const std::shared_ptr<Job>& job);
    /// Applies an event where it has a meaning; tells the listener.
    bool apply(JobId id, JobEvent event, const std::string& message = {});

    DeviceLease& m_lease;
    Listener m_listener;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    JobId m_nextId = 1;
    std::map<JobId, std::shared_ptr<Job>> m_jobs;
    std::jthread m_worker;
};

}  // namespace signet::jobs
