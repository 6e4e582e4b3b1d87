#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/cases/batch.h"
#include "core/examine/examine.h"
#include "core/jobs/device_lease.h"

namespace signet::ui {

class KeyRing;

/// What the desktop asks of the networks. Called from worker threads only; implementations are thread-safe.
class Engine {
public:
    virtual ~Engine() = default;

    /// Never throws about the image itself: such an error is in the record. models: none stands for all that
    /// are usable unasked. Throws signet::Error, e.g. for a model that is not installed.
    virtual examine::Record check(const std::filesystem::path& path, const std::vector<std::string>& models,
                                  const WorkContext& context, int frame = 1) = 0;
    virtual examine::SignRecord sign(const std::filesystem::path& input, const std::filesystem::path& output,
                                     const examine::SignOptions& options, const WorkContext& context) = 0;
    /// Throws signet::Error.
    virtual examine::SignPreview previewSign(const std::filesystem::path& input,
                                             const examine::SignOptions& options, int maxSide) = 0;
    /// For the exhibits of a case; not to be used after the engine. models, errors: as for check.
    virtual cases::BatchExaminer batchExaminer(const std::vector<std::string>& models) = 0;
    /// That keyed signatures are looked for with; the case's batch records their fingerprints.
    virtual std::vector<signature::SecretKey> keys() const = 0;
    /// Models that could not be loaded while others could, one sentence each.
    virtual std::vector<std::string> warnings() const { return {}; }
};

/// One installed model with everything the Models page shows.
struct ModelEntry {
    models::Manifest manifest;
    std::optional<models::Calibration> calibration;
    std::string card;        ///< Markdown; empty where there is none
    std::string problem;     ///< why calibration or card could not be read; empty when all is well
    bool isWritable = true;  ///< files may be put into its folder

    /// Its signatures are written and looked for with a secret key.
    bool isKeyed() const;
    /// From which score on it reports; nothing where that is not known.
    std::optional<double> threshold() const;
};

struct Catalogue {
    std::vector<ModelEntry> models;
    std::vector<std::string> warnings;  ///< model folders left out, and why
};

/// Says what is being loaded; called from the loading thread.
using LoadingNote = std::function<void(const std::string& what)>;

/// Makes an engine that looks for keyed signatures with these keys and writes them. Throws signet::Error.
using CreateEngine =
    std::function<std::unique_ptr<Engine>(const LoadingNote&, std::vector<signature::SecretKey> keys)>;

/// The seam between the desktop and the core: tests put their own engine here.
struct Backend {
    CreateEngine createEngine;
    std::function<Catalogue()> listModels;            ///< reads manifests, no weights
    std::function<std::string()> runtimeDescription;  ///< e.g. "LibTorch 2.11.0, cpu"
};

/// The real one. Nothing is loaded before createEngine is called.
Backend coreBackend(const std::filesystem::path& workspace);

enum class EngineState { NotLoaded, Loading, Ready, Failed };

/// Creates the engine when it is first needed, on the thread that needs it, and keeps it. Thread-safe.
class EngineHost {
public:
    /// keys: those that are open when the engine is made are given to it; null: the public one.
    explicit EngineHost(CreateEngine create, std::shared_ptr<KeyRing> keys = nullptr);

    /// The engine; loads it first where that has not happened or failed before. Throws signet::Error.
    std::shared_ptr<Engine> acquire();

    /// The engine is made anew when it is next needed, because a model or the open keys have changed; who has
    /// it keeps the old one. Waits while one is being loaded: not for the GUI thread.
    void reload();

    /// Of the device that examinations, signing and training share.
    const std::shared_ptr<jobs::DeviceLease>& lease() const { return m_lease; }
    /// How long a person's request waits for training to finish its step before it goes ahead beside it.
    static constexpr std::chrono::milliseconds kPatience{300};

    struct Status {
        EngineState state = EngineState::NotLoaded;
        std::string message;  ///< what is being loaded, or why loading failed, or the warnings
        bool operator==(const Status&) const = default;
    };
    Status status() const;

private:
    void setStatus(EngineState state, std::string message);

    CreateEngine m_create;
    std::shared_ptr<KeyRing> m_keys;
    std::shared_ptr<jobs::DeviceLease> m_lease = std::make_shared<jobs::DeviceLease>();
    std::mutex m_loadMutex;  // held while loading: a second worker waits for the first
    mutable std::mutex m_statusMutex;
    std::shared_ptr<Engine> m_engine;
    Status m_status;
};

}  // namespace signet::ui
