#include "ui/bridge/engine.h"

#include <unistd.h>

#include <exception>

#include "core/base/error.h"
#include "core/examine/keyed_detector.h"
#include "core/registry/registered_fingerprints.h"
#include "ui/bridge/key_ring.h"

namespace signet::ui {
namespace {

class ExaminerEngine final : public Engine {
public:
    ExaminerEngine(const std::filesystem::path& workspace, const LoadingNote& note,
                   std::vector<signature::SecretKey> keys)
        : m_workspace(workspace),
          m_keys(std::move(keys)),
          m_examiner({.device = "auto",
                      .threads = 0,
                      .workspace = workspace,
                      .keys = m_keys,
                      .fingerprints = std::make_shared<registry::RegisteredFingerprints>("", workspace, 1)}) {
        const std::vector<std::string> names = defaultModels();
        // where there is none, models that were chosen by name still examine
        if (names.empty() && models::listModels(workspace).empty()) throwNoModel();
        for (std::size_t i = 0; i < names.size(); ++i) {
            note("Loading model " + names[i] + " (" + std::to_string(i + 1) + " of " +
                 std::to_string(names.size()) + ")");
            try {
                m_examiner.loadModel(names[i]);
                m_usable.push_back(names[i]);
            } catch (const std::exception& error) {
                m_warnings.push_back("Model " + names[i] + " is not used: " + error.what());
            }
        }
        if (m_usable.empty() && !m_warnings.empty()) throw Error(ErrorCode::Environment, m_warnings.front());
    }

    examine::Record check(const std::filesystem::path& path, const std::vector<std::string>& models,
                          const WorkContext& context, int frame) override {
        examine::CheckOptions options;
        options.models = usable(models);
        options.frame = frame;
        return m_examiner.check(path, options, context);
    }

    examine::SignRecord sign(const std::filesystem::path& input, const std::filesystem::path& output,
                             const examine::SignOptions& options, const WorkContext& context) override {
        return m_examiner.sign(input, output, options, context);
    }

    examine::SignPreview previewSign(const std::filesystem::path& input, const examine::SignOptions& options,
                                     int maxSide) override {
        return m_examiner.previewSign(input, options, maxSide);
    }

    cases::BatchExaminer batchExaminer(const std::vector<std::string>& models) override {
        return cases::batchExaminer(m_examiner, usable(models));
    }

    std::vector<signature::SecretKey> keys() const override { return m_keys; }

    std::vector<std::string> warnings() const override { return m_warnings; }

private:
    [[noreturn]] void throwNoModel() const {
        throw Error(ErrorCode::Environment,
                    "No validated model is installed. Put a model folder (weights.safetensors, "
                    "manifest.json, calibration.json) into the program's models folder or into " +
                        (m_workspace / "models").string() + ", then examine again.");
    }

    const std::vector<std::string>& usable(const std::vector<std::string>& models) const {
        if (models.empty() && m_usable.empty()) throwNoModel();
        return models.empty() ? m_usable : models;
    }

    std::vector<std::string> defaultModels() const {
        try {
            return m_examiner.defaultModels();
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Environment) return {};
            throw;
        }
    }

    std::filesystem::path m_workspace;
    std::vector<signature::SecretKey> m_keys;
    examine::Examiner m_examiner;
    std::vector<std::string> m_usable;
    std::vector<std::string> m_warnings;
};

Catalogue readCatalogue(const std::filesystem::path& workspace) {
    Catalogue catalogue;
    for (models::Manifest& manifest : models::listModels(workspace, &catalogue.warnings)) {
        ModelEntry entry;
        try {
            entry.calibration = models::loadCalibration(manifest);
            entry.card = models::loadCard(manifest);
        } catch (const std::exception& error) {
            entry.problem = error.what();
        }
        entry.isWritable = ::access(manifest.folder.c_str(), W_OK) == 0;
        entry.manifest = std::move(manifest);
        catalogue.models.push_back(std::move(entry));
    }
    return catalogue;
}

}  // namespace

bool ModelEntry::isKeyed() const {
    return examine::isKeyed(manifest);
}

std::optional<double> ModelEntry::threshold() const {
    if (isKeyed()) return examine::kKeyedThresholds.present;
    return calibration ? std::optional(calibration->threshold) : std::nullopt;
}

Backend coreBackend(const std::filesystem::path& workspace) {
    Backend backend;
    backend.createEngine = [workspace](const LoadingNote& note,
                                       std::vector<signature::SecretKey> keys) -> std::unique_ptr<Engine> {
        return std::make_unique<ExaminerEngine>(workspace, note, std::move(keys));
    };
    backend.listModels = [workspace] { return readCatalogue(workspace); };
    backend.runtimeDescription = [] { return examine::runtimeDescription(); };
    return backend;
}

EngineHost::EngineHost(CreateEngine create, std::shared_ptr<KeyRing> keys)
    : m_create(std::move(create)), m_keys(std::move(keys)) {}

std::shared_ptr<Engine> EngineHost::acquire() {
    const std::lock_guard lock(m_loadMutex);
    if (m_engine) return m_engine;
    setStatus(EngineState::Loading, "Loading models");
    try {
        m_engine = m_create([this](const std::string& what) { setStatus(EngineState::Loading, what); },
                            m_keys ? m_keys->openKeys() : std::vector<signature::SecretKey>());
    } catch (const std::exception& error) {
        setStatus(EngineState::Failed, error.what());
        if (const auto* known = dynamic_cast<const Error*>(&error)) throw *known;
        throw Error(ErrorCode::Internal, error.what());
    }
    std::string warnings;
    for (const std::string& warning : m_engine->warnings()) {
        warnings += (warnings.empty() ? "" : "\n") + warning;
    }
    setStatus(EngineState::Ready, warnings);
    return m_engine;
}

void EngineHost::reload() {
    const std::lock_guard lock(m_loadMutex);
    if (!m_engine) return;
    m_engine.reset();
    setStatus(EngineState::NotLoaded, {});
}

EngineHost::Status EngineHost::status() const {
    const std::lock_guard lock(m_statusMutex);
    return m_status;
}

void EngineHost::setStatus(EngineState state, std::string message) {
    const std::lock_guard lock(m_statusMutex);
    m_status = {state, std::move(message)};
}

}  // namespace signet::ui
