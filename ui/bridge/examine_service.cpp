#include "ui/bridge/examine_service.h"

#include "core/base/error.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

examine::Record failedRecord(const std::filesystem::path& path, std::string_view code, const char* message) {
    examine::Record record;
    record.path = path;
    record.error = examine::Record::Failure{std::string(code), message};
    return record;
}

examine::Record runCheck(EngineHost& host, const std::filesystem::path& path,
                         const std::vector<std::string>& models, const WorkContext& context, int frame) {
    try {
        const auto engine = host.acquire();
        const jobs::DeviceLease::Hold hold(*host.lease(), EngineHost::kPatience);
        return engine->check(path, models, context, frame);
    } catch (const Error& error) {
        return failedRecord(path, toString(error.code()), error.what());
    } catch (const std::exception& error) {
        return failedRecord(path, "internal", error.what());
    }
}

}  // namespace

ExamineService::ExamineService(std::shared_ptr<EngineHost> host, QObject* parent)
    : QObject(parent), m_host(std::move(host)) {
    m_timer.setInterval(kDrainIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &ExamineService::drain);
}

quint64 ExamineService::enqueue(const std::filesystem::path& path, int frame) {
    const quint64 job = m_nextJob++;
    m_open.insert(job);
    m_worker.post(job, [job, path, frame, models = m_models, host = m_host,
                        shared = m_shared](const std::stop_token& stop) {
        shared->events.push(Started{job});
        const WorkContext context{stop,
                                  [&](std::uint64_t done, std::uint64_t total, const std::string& what) {
                                      const std::lock_guard lock(shared->progressMutex);
                                      shared->progress = {job, done, total, what, true};
                                  }};
        auto record = std::make_shared<examine::Record>(runCheck(*host, path, models, context, frame));
        shared->events.push(Finished{job, std::move(record)});
    });
    if (!m_timer.isActive()) m_timer.start();
    return job;
}

void ExamineService::cancel(const std::unordered_set<std::uint64_t>& jobs) {
    m_worker.cancel(jobs);
    for (const std::uint64_t job : jobs) {
        if (m_open.erase(job) > 0) Q_EMIT cancelled(job);
    }
}

void ExamineService::cancelAll() {
    m_worker.cancelAll();
    const auto open = std::exchange(m_open, {});
    for (const quint64 job : open) Q_EMIT cancelled(job);
}

void ExamineService::pollEngine() {
    const EngineHost::Status status = m_host->status();
    if (status == m_lastStatus) return;
    m_lastStatus = status;
    Q_EMIT engineChanged(status.state, status.state == EngineState::Failed ? sentence(status.message)
                                                                           : toText(status.message));
}

void ExamineService::drain() {
    pollEngine();
    for (Event& event : m_shared->events.drain()) {
        if (const auto* start = std::get_if<Started>(&event)) {
            if (m_open.contains(start->job)) Q_EMIT started(start->job);
        } else if (auto* end = std::get_if<Finished>(&event)) {
            if (m_open.erase(end->job) > 0) Q_EMIT finished(end->job, end->record);
        }
    }
    Progress latest;
    {
        const std::lock_guard lock(m_shared->progressMutex);
        latest = std::exchange(m_shared->progress, {});
    }
    if (latest.fresh && m_open.contains(latest.job)) {
        Q_EMIT progress(latest.job, latest.done, latest.total, toText(latest.what));
    }
    if (m_open.empty()) {
        m_timer.stop();
        Q_EMIT becameIdle();
    }
}

}  // namespace signet::ui
