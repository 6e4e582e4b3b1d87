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
    : QObject(parent),
      m_host(std::move(host)),
      m_engine(m_host),
      m_jobs([this](quint64 job, const JobMessage& message) { announce(job, message); },
             [this] { m_engine.look(); }, [this] { Q_EMIT becameIdle(); }),
      m_looks([this](quint64, const SignatureLook& look) { Q_EMIT looked(look); },
              [this] { m_engine.look(); }),
      m_previews([this](quint64, const Preview& preview) { announce(preview); },
                 [this] { m_engine.look(); }) {
    connect(&m_engine, &EngineWatch::changed, this, &SignService::engineChanged);
}

quint64 SignService::enqueue(const fs::path& input, const SignTarget& target,
                             const examine::SignOptions& options) {
    const auto out = m_jobs.begin();
    m_worker.post(out.request(), [=, host = m_host](const std::stop_token& stop) {
        out.send(Started{});
        out.finish(std::make_shared<const examine::SignRecord>(
            runSign(*host, input, target, options, WorkContext{stop, nullptr})));
    });
    return out.request();
}

void SignService::cancelAll() {
    // The running file keeps its job: once written it must be shown, whether the stop came in time or not.
    for (const std::uint64_t job : m_worker.cancelAll()) {
        if (m_jobs.end(job)) Q_EMIT cancelled(job);
    }
}

void SignService::look(const fs::path& path, const std::string& model) {
    const auto out = m_looks.begin();
    m_lookWorker.post(out.request(), [=, host = m_host](const std::stop_token& stop) {
        SignatureLook look{path, model, examine::Presence::Absent, {}, {}};
        try {
            const auto engine = host->acquire();
            const jobs::DeviceLease::Hold hold(*host->lease(), EngineHost::kPatience);
            const examine::Record record = engine->check(path, {model}, WorkContext{stop, nullptr});
            if (record.error) look.problem = record.error->message;
            for (const examine::Finding& finding : record.findings) {
                look.presence = finding.presence;
                if (finding.code && finding.code->bits > 1) look.code = finding.code;
            }
        } catch (const std::exception& error) {
            look.problem = error.what();
        }
        out.finish(std::move(look));
    });
}

void SignService::dropLooks() {
    m_looks.endAll();
    m_lookWorker.cancelAll();
}

void SignService::requestPreview(const fs::path& input, const examine::SignOptions& options, int maxSide) {
    m_previews.endAll();
    const auto out = m_previews.begin();
    m_previewWorker.postLatest(out.request(), [=, host = m_host](const std::stop_token& stop) {
        if (stop.stop_requested()) return;
        Preview answer;
        try {
            const auto engine = host->acquire();
            const jobs::DeviceLease::Hold hold(*host->lease(), EngineHost::kPatience);
            answer.preview =
                std::make_shared<examine::SignPreview>(engine->previewSign(input, options, maxSide));
        } catch (const std::exception& error) {
            answer.problem = error.what();
        }
        out.finish(std::move(answer));
    });
}

void SignService::dropPreview() {
    m_previews.endAll();
    m_previewWorker.cancelAll();
}

void SignService::announce(quint64 job, const JobMessage& message) {
    if (const auto* record = std::get_if<SignRecordPtr>(&message))
        Q_EMIT finished(job, *record);
    else
        Q_EMIT started(job);
}

void SignService::announce(const Preview& preview) {
    if (preview.preview)
        Q_EMIT previewReady(preview.preview);
    else
        Q_EMIT previewFailed(sentence(preview.problem));
}

}  // namespace signet::ui
