#include "core/jobs/job_queue.h"

#include "core/base/error.h"

namespace signet::jobs {

struct JobQueue::Job {
    JobInfo info;
    Work work;
    Ending ending = Ending::KeepCheckpoint;
    std::stop_source stop;
};

Ending JobContext::ending() const {
    const std::lock_guard lock(m_queue.m_mutex);
    return m_queue.m_jobs.at(m_id)->ending;
}

void JobContext::betweenSteps(const std::function<void()>& beforeHold) {
    m_queue.m_lease.yield();
    if (m_queue.apply(m_id, JobEvent::Hold)) hold(beforeHold);
}

void JobContext::holdFor(const std::string& problem) {
    m_queue.apply(m_id, JobEvent::AskPause);
    if (!m_queue.apply(m_id, JobEvent::Hold, problem)) return;  // a stop came first
    hold({});
}

void JobContext::hold(const std::function<void()>& beforeHold) {
    if (beforeHold) beforeHold();
    m_queue.m_lease.release();
    {
        std::unique_lock lock(m_queue.m_mutex);
        const auto& job = m_queue.m_jobs.at(m_id);
        m_queue.m_changed.wait(lock, [&] { return job->info.state != JobState::Paused; });
        job->info.message.clear();
    }
    m_queue.m_lease.acquire();
}

void JobContext::report(std::uint64_t done, std::uint64_t total, const std::string& what) {
    JobInfo info;
    {
        const std::lock_guard lock(m_queue.m_mutex);
        auto& own = m_queue.m_jobs.at(m_id)->info;
        own.done = done;
        own.total = total;
        own.what = what;
        info = own;
    }
    if (m_queue.m_listener) m_queue.m_listener(info);
}

WorkContext JobContext::work() {
    return {m_stop, [this](std::uint64_t done, std::uint64_t total, const std::string& what) {
                report(done, total, what);
            }};
}

JobQueue::JobQueue(DeviceLease& lease, Listener listener)
    : m_lease(lease),
      m_listener(std::move(listener)),
      m_worker([this](const std::stop_token& stop) { run(stop); }) {}

JobQueue::~JobQueue() {
    m_worker.request_stop();
    std::vector<JobId> open;
    for (const auto& info : jobs()) {
        if (!isOver(info.state)) open.push_back(info.id);
    }
    for (const JobId id : open) stop(id, Ending::KeepCheckpoint);
    m_changed.notify_all();
}

JobId JobQueue::enqueue(std::string name, Work work) {
    auto job = std::make_shared<Job>();
    job->work = std::move(work);
    JobInfo info;
    {
        const std::lock_guard lock(m_mutex);
        job->info.id = m_nextId++;
        job->info.name = std::move(name);
        info = job->info;
        m_jobs[info.id] = job;
    }
    m_changed.notify_all();
    if (m_listener) m_listener(info);
    return info.id;
}

void JobQueue::pause(JobId id) {
    apply(id, JobEvent::AskPause);
}

void JobQueue::resume(JobId id) {
    apply(id, JobEvent::AskResume);
}

void JobQueue::stop(JobId id, Ending ending) {
    std::stop_source source(std::nostopstate);
    {
        const std::lock_guard lock(m_mutex);
        const auto it = m_jobs.find(id);
        if (it == m_jobs.end() || isOver(it->second->info.state)) return;
        it->second->ending = ending;
        source = it->second->stop;
    }
    source.request_stop();
    apply(id, JobEvent::AskStop);
}

std::vector<JobInfo> JobQueue::jobs() const {
    const std::lock_guard lock(m_mutex);
    std::vector<JobInfo> list;
    for (const auto& [id, job] : m_jobs) list.push_back(job->info);
    return list;
}

bool JobQueue::apply(JobId id, JobEvent event, const std::string& message) {
    JobInfo info;
    {
        const std::lock_guard lock(m_mutex);
        const auto it = m_jobs.find(id);
        if (it == m_jobs.end()) return false;
        const auto next = after(it->second->info.state, event);
        if (!next) return false;
        it->second->info.state = *next;
        if (!message.empty()) it->second->info.message = message;
        info = it->second->info;
    }
    m_changed.notify_all();
    if (m_listener) m_listener(info);
    return true;
}

void JobQueue::run(const std::stop_token& stop) {
    for (;;) {
        std::shared_ptr<Job> next;
        {
            std::unique_lock lock(m_mutex);
            const auto find = [&] {
                for (const auto& [id, job] : m_jobs) {
                    if (job->info.state != JobState::Queued) continue;
                    next = job;
                    return true;
                }
                return false;
            };
            if (!m_changed.wait(lock, stop, find) || stop.stop_requested()) return;
        }
        if (apply(next->info.id, JobEvent::Start)) perform(next);
    }
}

void JobQueue::perform(const std::shared_ptr<Job>& job) {
    const JobId id = job->info.id;
    JobContext context(*this, id, job->stop.get_token());
    const DeviceLease::Hold hold(m_lease);
    try {
        job->work(context);
        const bool withdrawn = context.stop().stop_requested() && context.ending() == Ending::Discard;
        apply(id, withdrawn ? JobEvent::Withdraw : JobEvent::Finish);
    } catch (const Error& error) {
        const bool withdrawn = error.code() == ErrorCode::Cancelled && apply(id, JobEvent::Withdraw);
        if (!withdrawn) apply(id, JobEvent::Fail, error.what());
    } catch (const std::exception& error) {
        apply(id, JobEvent::Fail, error.what());
    }
    job->work = nullptr;
}

}  // namespace signet::jobs
