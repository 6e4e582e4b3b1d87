#include "ui/bridge/thumbnails.h"

#include "ui/bridge/media_service.h"

namespace signet::ui {

Thumbnails::Thumbnails(MediaService& media, QObject* parent) : QObject(parent), m_media(media) {
    connect(&media, &MediaService::thumbnailReady, this, &Thumbnails::receive);
    connect(&media, &MediaService::thumbnailDropped, this, &Thumbnails::drop);
}

const QPixmap* Thumbnails::of(quint64 key, const std::filesystem::path& path, int frame) {
    if (const QPixmap* known = m_known.object(key)) return known;
    if (!m_asked.contains(key)) {
        m_asked.insert(key);
        // Not while the row is drawn: what the service drops for it is another row's to draw again.
        QMetaObject::invokeMethod(
            this,
            [this, key, path, frame, generation = m_generation] {
                if (generation == m_generation)
                    m_keyOfRequest.insert(m_media.requestThumbnail(path, frame), key);
            },
            Qt::QueuedConnection);
    }
    return nullptr;
}

void Thumbnails::clear() {
    ++m_generation;
    m_media.forget({m_keyOfRequest.keyBegin(), m_keyOfRequest.keyEnd()});
    m_keyOfRequest.clear();
    m_asked.clear();
    m_known.clear();
}

void Thumbnails::receive(quint64 id, const QImage& picture) {
    const auto request = m_keyOfRequest.find(id);
    if (request == m_keyOfRequest.end()) return;
    const quint64 key = request.value();
    m_keyOfRequest.erase(request);
    m_asked.remove(key);
    m_known.insert(key, new QPixmap(QPixmap::fromImage(picture)));
    Q_EMIT changed(key);
}

void Thumbnails::drop(quint64 id) {
    if (const auto request = m_keyOfRequest.find(id); request != m_keyOfRequest.end()) {
        m_asked.remove(request.value());
        m_keyOfRequest.erase(request);
    }
}

}  // namespace signet::ui
