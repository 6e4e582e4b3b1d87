#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "ui/bridge/engine.h"
#include "ui/bridge/key_ring.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

/// The keys of the workspace for the pages: which there are, which are open, unlocking and making them. Reads
/// them again when their folder changes. Where other keys are open than before, the engine is made anew with
/// them when it is next needed. Lives on the GUI thread, which it never blocks; no secret gets there.
class KeyService : public QObject {
    Q_OBJECT
public:
    KeyService(std::shared_ptr<KeyRing> ring, std::shared_ptr<EngineHost> host,
               const std::filesystem::path& workspace, QObject* parent = nullptr);

    /// As last read, the public one first.
    const std::vector<HeldKey>& keys() const { return m_list.keys; }
    /// Null where no such key is known.
    const HeldKey* find(const std::string& nameOrFingerprint) const;
    /// Empty where no such key is known.
    QString nameOf(const std::string& fingerprint) const;

    /// Reads the folder again.
    quint64 reload();
    /// Opens a key until the program ends. answered follows with the id that this returns, as for create.
    quint64 unlock(const std::string& fingerprint, const QString& passphrase);
    /// An empty passphrase leaves the key unprotected.
    quint64 create(const QString& name, const QString& passphrase);
    bool isIdle() const { return m_outbox.isIdle(); }

Q_SIGNALS:
    /// keys() gives something else.
    void changed();
    /// A protected key is open that was not.
    void unlocked(const QString& name);
    /// Keys that are kept but not used, one sentence a line.
    void warned(const QString& text);
    /// problem: why nothing was done, as a sentence; empty: it was done.
    void answered(quint64 request, const QString& problem);

private:
    struct Answer {
        KeyList list;
        std::string problem;
    };

    /// change: true where other keys are open afterwards.
    quint64 ask(std::function<bool(KeyRing&)> change);
    void announce(quint64 request, const Answer& answer);
    void watch();

    std::shared_ptr<KeyRing> m_ring;
    std::shared_ptr<EngineHost> m_host;
    const QString m_folder;  ///< of the keys
    const QString m_above;   ///< the workspace, where that folder is made
    KeyList m_list = KeyRing::publicAlone();
    QFileSystemWatcher m_watcher;
    QTimer m_settle;  ///< a file that is written changes its folder several times
    Outbox<Answer> m_outbox;
    WorkerThread m_worker{"keys"};
};

}  // namespace signet::ui
