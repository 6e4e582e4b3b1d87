#pragma once

#include <QImage>
#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "ui/bridge/engine.h"
#include "ui/bridge/loaded_image.h"
#include "ui/bridge/mailbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

inline constexpr std::size_t kMaxQueuedFiles = 100'000;  ///< a dropped folder adds at most this many
inline constexpr int kThumbnailSide = 96;                ///< px

/// The files a drop or an open stands for.
struct Expansion {
    std::vector<std::filesystem::path> files;  ///< in the order given; a folder's sorted by name
    bool capped = false;                       ///< there were more than kMaxQueuedFiles
    int otherFiles = 0;  ///< files in folders left out because their name is not an image's
};

/// Regular files of paths; folders with all below them. Paths that do not exist are kept, so that they are
/// reported one by one. Stops early when asked to. Not for the GUI thread.
Expansion expandForQueue(const std::vector<std::filesystem::path>& paths, std::size_t limit,
                         const std::stop_token& stop);

/// Everything that needs a disk but no network: thumbnails, the image in the viewer, folders, pasted
/// pictures, the list of models. Lives on the GUI thread and never blocks it.
class MediaService : public QObject {
    Q_OBJECT
public:
    explicit MediaService(QObject* parent = nullptr);

    /// key comes back with the thumbnail. The newest request is served first.
    void requestThumbnail(quint64 key, const std::filesystem::path& path);
    /// Only the last image asked for arrives.
    void requestImage(const std::filesystem::path& path);
    void dropImage();
    bool isLoadingImage() const { return m_imagePending; }

    /// Both answer with pathsReady carrying the receiver's tag.
    void expand(int tag, std::vector<std::filesystem::path> paths);
    /// Saves a picture of the clipboard as PNG into folder ("pasted-<UTC>.png").
    void savePasted(int tag, const QImage& picture, const std::filesystem::path& folder);

    void listModels(const std::function<Catalogue()>& list);
    bool isIdle() const { return m_open == 0; }

Q_SIGNALS:
    void thumbnailReady(quint64 key, const QImage& thumbnail);
    void thumbnailDropped(quint64 key);
    void imageReady(signet::ui::LoadedImagePtr image);
    void pathsReady(int tag, const signet::ui::Expansion& expansion);
    void pasteFailed(int tag, const QString& message);
    void catalogueReady(std::shared_ptr<const signet::ui::Catalogue> catalogue);

private:
    struct Thumbnail {
        quint64 key;
        QImage picture;
    };
    struct Loaded {
        quint64 generation;
        LoadedImagePtr image;
    };
    struct Paths {
        int tag;
        Expansion expansion;
    };
    struct PasteError {
        int tag;
        QString message;
    };
    using CataloguePtr = std::shared_ptr<const Catalogue>;
    using Event = std::variant<Thumbnail, Loaded, Paths, PasteError, CataloguePtr>;
    using Events = Mailbox<Event>;

    void drain();
    void began();

    std::shared_ptr<Events> m_events = std::make_shared<Events>();
    quint64 m_imageGeneration = 0;
    quint64 m_nextTask = 1;
    bool m_imagePending = false;
    int m_open = 0;
    QTimer m_timer;
    WorkerThread m_thumbnails{"thumbnails"};
    WorkerThread m_viewer{"viewer-load"};
    WorkerThread m_files{"files"};
};

}  // namespace signet::ui
