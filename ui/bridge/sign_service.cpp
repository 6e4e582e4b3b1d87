#include "ui/bridge/sign_service.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/image/detect.h"
#include "core/image/file_names.h"
#include "ui/bridge/text.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

examine::SignRecord runSign(EngineHost& host, const fs::path& input, const SignTarget& target,
                            const examine::SignOptions& options, const WorkContext& context) {
    examine::SignRecord failed;
    failed.path = input;
    failed.model = options.model;
    try {
        const fs::path output = freeOutputName(input, target.folder, options.format);
        const auto engine = host.acquire();
        const jobs::DeviceLease::Hold hold(*host.lease(), EngineHost::kPatience);
        return engine->sign(input, output, options, context);
    } catch (const Error& error) {
        failed.error = examine::Record::Failure{std::string(toString(error.code())), error.what()};
    } catch (const std::exception& error) {
        failed.error = examine::Record::Failure{"internal", error.what()};
    }
    return failed;
}

constexpr std::string_view kSignedSuffix = "-signed";

struct SignedName {
    std::string original;  ///< the name without ending and suffix
    bool isSigned = false;
};

/// "photo-signed-2.png" is a signed copy of "photo".
SignedName signedName(const fs::path& file) {
    const std::string stem = file.stem().native();
    const auto at = stem.rfind(kSignedSuffix);
    if (at == std::string::npos) return {stem, false};
    const std::string number = stem.substr(at + kSignedSuffix.size());
    const bool counted = number.size() > 1 && number.front() == '-' &&
                         number.find_first_not_of("0123456789", 1) == std::string::npos;
    if (!number.empty() && !counted) return {stem, false};
    return {stem.substr(0, at), true};
}

}  // namespace

fs::path freeOutputName(const fs::path& input, const fs::path& folder,
                        const std::optional<image::Format>& format) {
    std::optional<image::Format> written = format;
    try {
        if (!written) written = image::formatOfFile(input);
    } catch (const Error&) {  // signing it will say why
    }
    const fs::path name = written ? image::withEndingOf(input.filename(), *written) : input.filename();
    const auto numbered = [&](const std::string& number) {
        const std::string end = std::string(kSignedSuffix) + number + name.extension().native();
        return folder / fittingName(name.stem().native(), end);
    };
    std::error_code error;
    fs::path candidate = numbered({});
    for (int number = 2; fs::exists(fs::symlink_status(candidate, error)); ++number)
        candidate = numbered(fmt::format("-{}", number));
    return candidate;
}

fs::path signedOrOriginal(const fs::path& file, const std::vector<fs::path>& candidates) {
    const SignedName wanted = signedName(file);
    fs::path best;
    for (const fs::path& candidate : candidates) {
        const SignedName name = signedName(candidate);
        if (name.original != wanted.original || name.isSigned == wanted.isSigned) continue;
        if (candidate.parent_path() == file.parent_path()) return candidate;
        if (best.empty()) best = candidate;
    }
    return best;
}

SignService::SignService(std::shared_ptr<EngineHost> host, QObject* parent)
    : QObject(parent), m_host(std::move(host)) {
    m_timer.setInterval(kDrainIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &SignService::drain);
}

quint64 SignService::enqueue(const fs::path& input, const SignTarget& target,
                             const examine::SignOptions& options) {
    const quint64 job = m_nextJob++;
    m_open.insert(job);
    m_worker.post(job, [=, host = m_host, events = m_events](const std::stop_token& stop) {
        events->push(Started{job});
        auto record = std::make_shared<examine::SignRecord>(
            runSign(*host, input, target, options, WorkContext{stop, nullptr}));
        events->push(Finished{job, std::move(record)});
    });
    if (!m_timer.isActive()) m_timer.start();
    return job;
}

void SignService::cancelAll() {
    // The running file keeps its job: once written it must be shown, whether the stop came in time or not.
    for (const std::uint64_t job : m_worker.cancelAll()) {
        if (m_open.erase(job) > 0) Q_EMIT cancelled(job);
    }
}

void SignService::look(const fs::path& path, const std::string& model) {
    ++m_looksOpen;
    m_lookWorker.post(m_nextJob++, [=, generation = m_lookGeneration, host = m_host,
                                    events = m_events](const std::stop_token& stop) {
        SignatureLook look{path, model, examine::Presence::Absent, {}, {}};
        try {
            const auto engine = host->acquire();
            const jobs::DeviceLease::Hold hold(*host->lease(), EngineHost::kPatience);
            const examine::Record record = engine->check(path, {model}, WorkContext{stop, nullptr});
            if (record.error) look.problem = record.error->message;
            for (const examine::Finding& finding : record.findings) {
                look.presence = finding.presence;
                if (finding.code && finding.code->bits > 1) look.codeHex = finding.code->hex;
            }
        } catch (const std::exception& error) {
            look.problem = error.what();
        }
        events->push(Looked{generation, std::move(look)});
    });
    if (!m_timer.isActive()) m_timer.start();
}

void SignService::dropLooks() {
    ++m_lookGeneration;
    m_looksOpen = 0;
    m_lookWorker.cancelAll();
}

void SignService::requestPreview(const fs::path& input, const examine::SignOptions& options, int maxSide) {
    const quint64 generation = ++m_previewGeneration;
    m_previewPending = true;
    m_previewWorker.postLatest(
        generation, [=, host = m_host, events = m_events](const std::stop_token& stop) {
            if (stop.stop_requested()) return;
            Preview answer{generation, nullptr, {}};
            try {
                const auto engine = host->acquire();
                const jobs::DeviceLease::Hold hold(*host->lease(), EngineHost::kPatience);
                answer.preview =
                    std::make_shared<examine::SignPreview>(engine->previewSign(input, options, maxSide));
            } catch (const std::exception& error) {
                answer.message = error.what();
            }
            events->push(std::move(answer));
        });
    if (!m_timer.isActive()) m_timer.start();
}

void SignService::dropPreview() {
    ++m_previewGeneration;
    m_previewPending = false;
    m_previewWorker.cancelAll();
}

void SignService::drain() {
    if (const EngineHost::Status status = m_host->status(); status != m_lastStatus) {
        m_lastStatus = status;
        Q_EMIT engineChanged(status.state, status.state == EngineState::Failed ? sentence(status.message)
                                                                               : toText(status.message));
    }
    const bool wasBusy = !m_open.empty();
    for (Event& event : m_events->drain()) {
        if (const auto* start = std::get_if<Started>(&event)) {
            if (m_open.contains(start->job)) Q_EMIT started(start->job);
        } else if (auto* end = std::get_if<Finished>(&event)) {
            if (m_open.erase(end->job) > 0) Q_EMIT finished(end->job, end->record);
        } else if (auto* seen = std::get_if<Looked>(&event)) {
            if (seen->generation != m_lookGeneration) continue;
            --m_looksOpen;
            Q_EMIT looked(seen->look);
        } else if (auto* preview = std::get_if<Preview>(&event)) {
            if (preview->generation != m_previewGeneration) continue;
            m_previewPending = false;
            if (preview->preview) {
                Q_EMIT previewReady(preview->preview);
            } else {
                Q_EMIT previewFailed(sentence(preview->message));
            }
        }
    }
    if (m_open.empty() && wasBusy) Q_EMIT becameIdle();
    if (m_open.empty() && !m_previewPending && m_looksOpen == 0) m_timer.stop();
}

}  // namespace signet::ui
