#include "ui/bridge/key_service.h"

#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

constexpr int kSettleMs = 150;

const HeldKey* findIn(const std::vector<HeldKey>& keys, const std::string& nameOrFingerprint) {
    const auto at = std::find_if(keys.begin(), keys.end(), [&](const HeldKey& key) {
        return key.name == nameOrFingerprint || key.fingerprint == nameOrFingerprint;
    });
    return at == keys.end() ? nullptr : &*at;
}

}  // namespace

KeyService::KeyService(std::shared_ptr<KeyRing> ring, std::shared_ptr<EngineHost> host,
                       const std::filesystem::path& workspace, QObject* parent)
    : QObject(parent),
      m_ring(std::move(ring)),
      m_host(std::move(host)),
      m_folder(fromPath(signature::KeyStore(workspace).folder())),
      m_above(fromPath(workspace)),
      m_outbox([this](quint64 request, const Answer& answer) { announce(request, answer); }) {
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_settle, &QTimer::timeout, this, &KeyService::reload);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this](const QString& folder) {
        if (folder == m_folder || QFileInfo::exists(m_folder)) m_settle.start();
    });
}

const HeldKey* KeyService::find(const std::string& nameOrFingerprint) const {
    return findIn(m_list.keys, nameOrFingerprint);
}

QString KeyService::nameOf(const std::string& fingerprint) const {
    const HeldKey* key = find(fingerprint);
    return key != nullptr ? toText(key->name) : QString();
}

quint64 KeyService::reload() {
    return ask([](KeyRing& ring) { return ring.reload(); });
}

quint64 KeyService::unlock(const std::string& fingerprint, const QString& passphrase) {
    return ask([fingerprint, secret = passphrase.toStdString()](KeyRing& ring) {
        return ring.unlock(fingerprint, secret);
    });
}

quint64 KeyService::create(const QString& name, const QString& passphrase) {
    return ask([name = name.toStdString(), secret = passphrase.toStdString()](KeyRing& ring) {
        return ring.create(name, secret);
    });
}

quint64 KeyService::ask(std::function<bool(KeyRing&)> change) {
    const auto out = m_outbox.begin();
    m_worker.post(out.request(),
                  [out, change = std::move(change), ring = m_ring, host = m_host](const std::stop_token&) {
                      Answer answer;
                      try {
                          if (change(*ring)) host->reload();
                      } catch (const std::exception& error) {
                          answer.problem = error.what();
                      }
                      answer.list = ring->list();
                      out.finish(std::move(answer));
                  });
    return out.request();
}

void KeyService::announce(quint64 request, const Answer& answer) {
    const KeyList before = std::exchange(m_list, answer.list);
    watch();
    if (m_list.keys != before.keys) Q_EMIT changed();
    for (const HeldKey& key : m_list.keys) {
        const HeldKey* was = findIn(before.keys, key.fingerprint);
        if (key.isProtected && key.isOpen && !(was != nullptr && was->isOpen))
            Q_EMIT unlocked(toText(key.name));
    }
    if (m_list.warnings != before.warnings && !m_list.warnings.empty()) {
        QStringList lines;
        for (const std::string& warning : m_list.warnings) lines << sentence(warning);
        Q_EMIT warned(lines.join(QLatin1Char('\n')));
    }
    Q_EMIT answered(request, answer.problem.empty() ? QString() : sentence(answer.problem));
}

void KeyService::watch() {
    const QString wanted = QFileInfo::exists(m_folder) ? m_folder : m_above;
    const QStringList watched = m_watcher.directories();
    if (watched.contains(wanted)) return;
    if (!watched.isEmpty()) m_watcher.removePaths(watched);
    if (QFileInfo::exists(wanted)) m_watcher.addPath(wanted);
}

}  // namespace signet::ui
