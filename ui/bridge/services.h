#pragma once

#include <QObject>
#include <memory>

#include "ui/bridge/case_service.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/examine_service.h"
#include "ui/bridge/experiment_service.h"
#include "ui/bridge/fingerprint_service.h"
#include "ui/bridge/generator_service.h"
#include "ui/bridge/key_service.h"
#include "ui/bridge/media_service.h"
#include "ui/bridge/model_choice.h"
#include "ui/bridge/roc_service.h"
#include "ui/bridge/sign_service.h"
#include "ui/bridge/training_service.h"

namespace signet::ui {

/// Who asked MediaService for paths.
enum PathsTag { kInspectPaths = 1, kSignPaths = 2, kCasePaths = 3, kFingerprintPaths = 4 };

/// What every page is given: the workers, the workspace and the list of models. Lives on the GUI thread,
/// owned by the desktop; pages keep references.
class Services : public QObject {
    Q_OBJECT
public:
    Services(Backend backend, std::filesystem::path workspace, QObject* parent = nullptr);

    ExamineService& examine() { return m_examine; }
    SignService& sign() { return m_sign; }
    MediaService& media() { return m_media; }
    TrainingService& training() { return m_training; }
    CaseService& cases() { return m_cases; }
    RocService& roc() { return m_roc; }
    FingerprintService& fingerprints() { return m_fingerprints; }
    GeneratorService& generators() { return m_generators; }
    ExperimentService& experiments() { return m_experiments; }
    ModelChoice& modelChoice() { return m_modelChoice; }
    KeyService& keys() { return m_keys; }
    const KeyService& keys() const { return m_keys; }
    const std::filesystem::path& workspace() const { return m_workspace; }
    std::string runtimeDescription() const { return m_backend.runtimeDescription(); }

    /// Null until the list has been read; catalogueChanged says when.
    std::shared_ptr<const Catalogue> catalogue() const { return m_catalogue; }
    const ModelEntry* model(const std::string& name) const;
    /// Whether a model is installed that has use for keys.
    bool hasKeyedModel() const;
    /// Reads the list of models again, on a worker.
    void refreshCatalogue();

Q_SIGNALS:
    void catalogueChanged();

private:
    Backend m_backend;
    std::filesystem::path m_workspace;
    std::shared_ptr<KeyRing> m_keyRing;
    std::shared_ptr<EngineHost> m_host;
    KeyService m_keys;
    std::shared_ptr<const Catalogue> m_catalogue;
    ExamineService m_examine;
    SignService m_sign;
    MediaService m_media;
    TrainingService m_training;
    CaseService m_cases;
    RocService m_roc;
    FingerprintService m_fingerprints;
    GeneratorService m_generators;
    ExperimentService m_experiments;
    ModelChoice m_modelChoice;
};

}  // namespace signet::ui
