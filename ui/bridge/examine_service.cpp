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

}  // namespace

examine::Record checkFile(EngineHost& host, const std::filesystem::path& path,
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

ExamineService::ExamineService(std::shared_ptr<EngineHost> host, QObject* parent)
    : QObject(parent),
      m_host(std::move(host)),
      m_engine(m_host),
      m_outbox([this](quint64 job, Message& message) { announce(job, message); }, [this] { m_engine.look(); },
               [this] { Q_EMIT becameIdle(); }) {
    connect(&m_engine, &EngineWatch::changed, this, &ExamineService::engineChanged);
}

quint64 ExamineService::enqueue(const std::filesystem::path& path, int frame) {
    const auto out = m_outbox.begin();
    m_worker.post(out.request(), [=, models = m_models, host = m_host](const std::stop_token& stop) {
        out.send(Started{});
        const WorkContext context{stop,
                                  [&](std::uint64_t done, std::uint64_t total, const std::string& what) {
                                      out.sendLatest(Progress{done, total, what});
                                  }};
        out.finish(std::make_shared<const examine::Record>(checkFile(*host, path, models, context, frame)));
    });
    return out.request();
}

void ExamineService::cancel(const std::unordered_set<std::uint64_t>& jobs) {
    m_worker.cancel(jobs);
    for (const std::uint64_t job : jobs) {
        if (m_outbox.end(job)) Q_EMIT cancelled(job);
    }
}

void ExamineService::cancelAll() {
    m_worker.cancelAll();
    for (const quint64 job : m_outbox.endAll()) Q_EMIT cancelled(job);
}

void ExamineService::announce(quint64 job, const Message& message) {
    if (std::holds_alternative<Started>(message)) {
        Q_EMIT started(job);
    } else if (const auto* latest = std::get_if<Progress>(&message)) {
        Q_EMIT progress(job, latest->done, latest->total, toText(latest->what));
    } else if (const auto* record = std::get_if<RecordPtr>(&message)) {
        Q_EMIT finished(job, *record);
    }
}

}  // namespace signet::ui
