#include "ui/bridge/services.h"

#include <algorithm>

namespace signet::ui {

Services::Services(Backend backend, std::filesystem::path workspace, QObject* parent)
    : QObject(parent),
      m_backend(std::move(backend)),
      m_workspace(std::move(workspace)),
      m_keyRing(std::make_shared<KeyRing>(m_workspace)),
      m_host(std::make_shared<EngineHost>(m_backend.createEngine, m_keyRing)),
      m_keys(m_keyRing, m_host, m_workspace),
      m_examine(m_host),
      m_sign(m_host),
      m_training(m_host->lease(), m_workspace),
      m_cases(m_host, m_workspace),
      m_roc(m_host),
      m_fingerprints(m_host, m_workspace),
      m_generators(m_host, m_keyRing),
      m_experiments(m_workspace) {
    connect(&m_roc, &RocService::calibrationSaved, this, &Services::refreshCatalogue);
    connect(&m_modelChoice, &ModelChoice::changed, this, [this] {
        m_examine.setModels(m_modelChoice.names());
        m_cases.setModels(m_modelChoice.names());
    });
    connect(&m_media, &MediaService::catalogueReady, this,
            [this](const std::shared_ptr<const Catalogue>& list) {
                m_catalogue = list;
                m_modelChoice.setCatalogue(list);
                Q_EMIT catalogueChanged();
            });
    m_keys.reload();
}

const ModelEntry* Services::model(const std::string& name) const {
    if (!m_catalogue) return nullptr;
    for (const ModelEntry& entry : m_catalogue->models) {
        if (entry.manifest.name == name) return &entry;
    }
    return nullptr;
}

bool Services::hasKeyedModel() const {
    return m_catalogue && std::any_of(m_catalogue->models.begin(), m_catalogue->models.end(),
                                      [](const ModelEntry& entry) { return entry.isKeyed(); });
}

void Services::refreshCatalogue() {
    m_media.listModels(m_backend.listModels);
}

}  // namespace signet::ui
