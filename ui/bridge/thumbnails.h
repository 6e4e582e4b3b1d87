#pragma once

#include <QCache>
#include <QHash>
#include <QObject>
#include <QPixmap>
#include <QSet>
#include <filesystem>

namespace signet::ui {

class MediaService;

/// The thumbnails of one list, by keys of its own: those that were made, and who is waited for. The service
/// names its answers, so that a list never gets another's picture, nor one that was asked for before clear().
/// GUI thread.
class Thumbnails : public QObject {
    Q_OBJECT
public:
    explicit Thumbnails(MediaService& media, QObject* parent = nullptr);

    /// The thumbnail of a row that is being drawn; a null pixmap is that of a file that is no picture.
    /// nullptr: there is none yet, it is asked for, and changed comes with it.
    const QPixmap* of(quint64 key, const std::filesystem::path& path, int frame = 1);
    /// The keys mean other files from here on.
    void clear();

Q_SIGNALS:
    void changed(quint64 key);

private:
    void receive(quint64 id, const QImage& picture);
    void drop(quint64 id);

    MediaService& m_media;
    quint64 m_generation = 0;  ///< of the keys
    QCache<quint64, QPixmap> m_known{512};
    QHash<quint64, quint64> m_keyOfRequest;
    QSet<quint64> m_asked;  ///< keys
};

}  // namespace signet::ui
