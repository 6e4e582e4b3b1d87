#pragma once

#include <QObject>
#include <functional>

#include "core/registry/issue.h"
#include "ui/bridge/fingerprint_service_work.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

/// What became of a change of the registry, or of an export.
struct RegistryAnswer {
    enum class What { Issued, Revoked, Imported, Exported };
    What what = What::Issued;
    std::string problem;           ///< why it was not done; the rest is empty then
    registry::Instance instance;   ///< that was issued or revoked
    std::filesystem::path path;    ///< of the instance's folder; of the file
    registry::ImportResult taken;  ///< of an import
    std::int64_t written = 0;      ///< instances of an export
};

/// What is to be issued.
struct IssueOrder {
    models::Manifest model;
    std::string holder, notes;
    std::filesystem::path parent;  ///< where the instance's folder is made, under a name of the holder's
};

/// The registry of fingerprinted instances for its page: reading and searching it, issuing, revoking, import
/// and export, whose instance drew a picture, and pictures that differ in their fingerprint alone. Lives on
/// the GUI thread, which it never blocks; each task has a connection of its own. Changes are done one after
/// another; of searches and of drawings a newer request takes the place of an older one. One fingerprinting
/// model is kept loaded.
class FingerprintService : public QObject {
    Q_OBJECT
public:
    FingerprintService(std::shared_ptr<EngineHost> host, const std::filesystem::path& workspace,
                       QObject* parent = nullptr);

    /// File or URL of the registry that all is about from now on; empty: that of the workspace. Nothing is
    /// searched for in it yet, and nothing of the one before arrives any more.
    void setRegistry(const std::string& location);
    const std::string& location() const { return m_location; }
    bool isOfWorkspace() const { return m_location == m_ofWorkspace; }
    /// Whose changes the audit log says they are; empty: the user's name.
    void setActor(const std::string& name) { m_actor = name; }

    /// registryRead follows, also after each change.
    void search(const RegistrySearch& search);
    void reload() { search(m_search); }
    bool isReading() const { return !m_readings.isIdle(); }

    /// answered follows with the id that these return.
    quint64 issue(const IssueOrder& order);
    quint64 revoke(registry::RowId instance, const std::string& reason);
    quint64 importFrom(const std::filesystem::path& file);
    /// Replaces the file.
    quint64 exportTo(const std::filesystem::path& file);
    bool isChanging() const { return !m_changes.isIdle(); }

    /// identified follows for each file.
    void identify(const models::Manifest& model, const std::vector<std::filesystem::path>& files);
    /// What has not been answered is not.
    void stopIdentifying();
    bool isIdentifying() const { return !m_identifications.isIdle(); }

    void draw(const ResidualRequest& request);
    void stopDrawing();
    bool isDrawing() const { return !m_drawings.isIdle(); }

    /// The program ends: what waits is not begun, what runs ends as soon as it may; changesEnded follows
    /// where a change runs.
    void stop();

Q_SIGNALS:
    void registryRead(signet::ui::RegistryContentsPtr contents);
    void answered(quint64 request, const signet::ui::RegistryAnswer& answer);
    /// The last change that was asked for was answered.
    void changesEnded();
    void identified(signet::ui::IdentifiedPtr picture);
    /// Nothing more is being identified.
    void identifyingEnded();
    void drawn(signet::ui::ResidualPicturesPtr pictures);

private:
    using Change = std::function<void(RegistryAnswer& answer, const std::stop_token& stop)>;
    quint64 change(RegistryAnswer::What what, Change run);
    registry::RegistryOptions forWriting() const;

    std::shared_ptr<EngineHost> m_host;
    std::shared_ptr<LoadedFingerprintModel> m_models = std::make_shared<LoadedFingerprintModel>();
    std::shared_ptr<ResidualDrawer> m_drawer;
    const std::string m_ofWorkspace;
    std::string m_location;
    std::string m_actor;
    RegistrySearch m_search;
    Outbox<RegistryContentsPtr> m_readings;
    Outbox<RegistryAnswer> m_changes;
    Outbox<IdentifiedPtr> m_identifications;
    Outbox<ResidualPicturesPtr> m_drawings;
    WorkerThread m_reader{"registry-read"};
    WorkerThread m_changer{"registry-write"};
    WorkerThread m_identifier{"identify"};
    WorkerThread m_residuals{"residual"};
};

}  // namespace signet::ui
