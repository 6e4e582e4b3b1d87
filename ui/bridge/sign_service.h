#pragma once

#include <QObject>
#include <memory>
#include <variant>

#include "ui/bridge/engine_watch.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

using SignRecordPtr = std::shared_ptr<const examine::SignRecord>;
/// Whether an image carries a signature of a model before it is signed.
struct SignatureLook {
    std::filesystem::path path;
    std::string model;
    examine::Presence presence = examine::Presence::Absent;
    std::optional<examine::CodeReading> code;  ///< of more than one bit, where one was read
    std::string problem;                       ///< why it could not be looked at; the rest is empty then
};

using SignPreviewPtr = std::shared_ptr<const examine::SignPreview>;

/// Where a signed copy goes. The name is chosen on the worker, just before writing, so that nothing that is
/// there by then is replaced.
struct SignTarget {
    std::filesystem::path folder;
};

/// "photo.jpg" -> folder/"photo-signed.png" with the ending of format (its own where empty), or "-signed-2"
/// and so on where that name is taken.
std::filesystem::path freeOutputName(const std::filesystem::path& input, const std::filesystem::path& folder,
                                     const std::optional<image::Format>& format);

/// The signed copy of a file among candidates, or its original where the file is a signed copy, by the names
/// that freeOutputName gives; one in the same folder first. Empty: none.
std::filesystem::path signedOrOriginal(const std::filesystem::path& file,
                                       const std::vector<std::filesystem::path>& candidates);

/// Signs files and makes previews, each on a worker thread of its own. Lives on the GUI thread, which it
/// never blocks. Of previews only the last one asked for arrives.
class SignService : public QObject {
    Q_OBJECT
public:
    explicit SignService(std::shared_ptr<EngineHost> host, QObject* parent = nullptr);

    quint64 enqueue(const std::filesystem::path& input, const SignTarget& target,
                    const examine::SignOptions& options);
    void cancelAll();
    bool isIdle() const { return m_jobs.isIdle(); }

    /// Looks whether an image carries a signature of the model; looked follows.
    void look(const std::filesystem::path& path, const std::string& model);
    /// What was asked for and not answered is not.
    void dropLooks();
    bool isLooking() const { return !m_looks.isIdle(); }

    /// maxSide: longest side of the preview, px. An older request that has not been answered is dropped.
    void requestPreview(const std::filesystem::path& input, const examine::SignOptions& options, int maxSide);
    void dropPreview();
    bool isPreviewing() const { return !m_previews.isIdle(); }

Q_SIGNALS:
    void started(quint64 job);
    void finished(quint64 job, signet::ui::SignRecordPtr record);
    void cancelled(quint64 job);
    void becameIdle();
    void looked(const signet::ui::SignatureLook& look);
    void previewReady(signet::ui::SignPreviewPtr preview);
    void previewFailed(const QString& message);
    void engineChanged(signet::ui::EngineState state, const QString& message);

private:
    struct Started {};
    using JobMessage = std::variant<Started, SignRecordPtr>;
    struct Preview {
        SignPreviewPtr preview;  ///< null where it failed
        std::string problem;
    };

    void announce(quint64 job, const JobMessage& message);
    void announce(const Preview& preview);

    std::shared_ptr<EngineHost> m_host;
    EngineWatch m_engine;
    Outbox<JobMessage> m_jobs;
    Outbox<SignatureLook> m_looks;
    Outbox<Preview> m_previews;
    WorkerThread m_lookWorker{"sign-look"};
    WorkerThread m_previewWorker{"sign-preview"};
    WorkerThread m_worker{"sign"};
};

}  // namespace signet::ui
