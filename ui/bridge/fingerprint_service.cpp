#include "ui/bridge/fingerprint_service.h"

#include <cstdlib>

#include "core/base/text.h"

namespace fs = std::filesystem;

namespace signet::ui {

FingerprintService::FingerprintService(std::shared_ptr<EngineHost> host, const fs::path& workspace,
                                       QObject* parent)
    : QObject(parent),
      m_host(std::move(host)),
      m_drawer(std::make_shared<ResidualDrawer>(m_models, m_host)),
      m_ofWorkspace(registry::InstanceRegistry::fileIn(workspace).string()),
      m_location(m_ofWorkspace),
      m_readings([this](quint64, const RegistryContentsPtr& contents) { Q_EMIT registryRead(contents); }),
      m_changes(
          [this](quint64 request, const RegistryAnswer& answer) {
              Q_EMIT answered(request, answer);
              if (answer.problem.empty() && answer.what != RegistryAnswer::What::Exported) reload();
          },
          {}, [this] { Q_EMIT changesEnded(); }),
      m_identifications(
          [this](quint64, const IdentifiedPtr& picture) {
              if (picture) Q_EMIT identified(picture);
          },
          {}, [this] { Q_EMIT identifyingEnded(); }),
      m_drawings([this](quint64, const ResidualPicturesPtr& pictures) { Q_EMIT drawn(pictures); }) {}

void FingerprintService::setRegistry(const std::string& location) {
    m_location = location.empty() ? m_ofWorkspace : location;
    m_search = {};
    m_readings.endAll();
    stopIdentifying();
}

void FingerprintService::search(const RegistrySearch& search) {
    m_search = search;
    m_readings.endAll();
    const auto out = m_readings.begin();
    m_reader.postLatest(out.request(), [out, location = m_location, search](const std::stop_token& stop) {
        out.finish(readRegistry(location, search, stop));
    });
}

registry::RegistryOptions FingerprintService::forWriting() const {
    registry::RegistryOptions options;
    options.actor = m_actor;
    if (options.actor.empty())
        if (const char* user = std::getenv("USER")) options.actor = toUtf8(user);
    options.patienceSeconds = kRegistryPatienceSeconds;
    return options;
}

quint64 FingerprintService::change(RegistryAnswer::What what, Change run) {
    const auto out = m_changes.begin();
    m_changer.post(out.request(), [out, what, run = std::move(run)](const std::stop_token& stop) {
        RegistryAnswer answer;
        try {
            run(answer, stop);
        } catch (const std::exception& error) {
            answer = {};
            answer.problem = error.what();
        }
        answer.what = what;
        out.finish(std::move(answer));
    });
    return out.request();
}

quint64 FingerprintService::issue(const IssueOrder& order) {
    return change(RegistryAnswer::What::Issued,
                  [order, location = m_location, options = forWriting(), models = m_models, host = m_host](
                      RegistryAnswer& answer, const std::stop_token&) {
                      registry::IssueRequest request;
                      request.holder = order.holder;
                      request.notes = order.notes;
                      request.folder = freeInstanceFolder(order.parent, order.holder);
                      const auto model = models->get(order.model);
                      registry::InstanceRegistry registry(location, options);
                      const jobs::DeviceLease::Hold hold(*host->lease(), EngineHost::kPatience);
                      answer.instance = registry::issue(*model, registry, request);
                      answer.path = request.folder;
                  });
}

quint64 FingerprintService::revoke(registry::RowId instance, const std::string& reason) {
    return change(RegistryAnswer::What::Revoked, [=, location = m_location, options = forWriting()](
                                                     RegistryAnswer& answer, const std::stop_token&) {
        registry::InstanceRegistry registry(location, options);
        registry.revoke(instance, reason);
        answer.instance = registry.find(instance);
    });
}

quint64 FingerprintService::importFrom(const fs::path& file) {
    return change(RegistryAnswer::What::Imported, [=, location = m_location, options = forWriting()](
                                                      RegistryAnswer& answer, const std::stop_token& stop) {
        registry::InstanceRegistry registry(location, options);
        answer.taken = registry.importCsv(file, {stop, {}});
        answer.path = file;
    });
}

quint64 FingerprintService::exportTo(const fs::path& file) {
    return change(RegistryAnswer::What::Exported, [=, location = m_location, options = forWriting()](
                                                      RegistryAnswer& answer, const std::stop_token& stop) {
        registry::InstanceRegistry registry(location, options);
        answer.written = registry.exportCsv(file, true, {stop, {}});
        answer.path = file;
    });
}

void FingerprintService::identify(const models::Manifest& model, const std::vector<fs::path>& files) {
    const auto out = m_identifications.begin();
    m_identifier.post(out.request(), [out, task = IdentifyTask{m_location, model, files}, models = m_models,
                                      host = m_host](const std::stop_token& stop) {
        identifyPictures(task, *models, *host, stop,
                         [&out](const IdentifiedPtr& picture) { out.send(picture); });
        out.finish(nullptr);
    });
}

void FingerprintService::stopIdentifying() {
    m_identifications.endAll();
    m_identifier.cancelAll();
}

void FingerprintService::draw(const ResidualRequest& request) {
    m_drawings.endAll();
    const auto out = m_drawings.begin();
    m_residuals.postLatest(out.request(), [out, request, drawer = m_drawer](const std::stop_token& stop) {
        out.finish(drawer->draw(request, stop));
    });
}

void FingerprintService::stopDrawing() {
    m_drawings.endAll();
    m_residuals.cancelAll();
}

void FingerprintService::stop() {
    stopIdentifying();
    stopDrawing();
    m_readings.endAll();
    m_reader.cancelAll();
    for (const std::uint64_t waiting : m_changer.cancelAll()) m_changes.end(waiting);
}

}  // namespace signet::ui
