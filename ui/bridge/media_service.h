#pragma once

#include <QImage>
#include <QObject>
#include <functional>
#include <memory>
#include <unordered_set>
#include <variant>
#include <vector>

#include "core/image/find_images.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/loaded_image.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

inline constexpr std::size_t kMaxQueuedFiles = 100'000;  ///< a dropped folder adds at most this many
inline constexpr int kThumbnailSide = 96;                ///< px

/// Everything that needs a disk but no network: thumbnails, the image in the viewer, folders, pasted
/// pictures, the list of models. Lives on the GUI thread and never blocks it.
class MediaService : public QObject {
    Q_OBJECT
public:
    explicit MediaService(QObject* parent = nullptr);

    /// thumbnailReady brings it with the id that this returns. The newest request is served first; where too
    /// many wait, thumbnailDropped names the oldest: they do not arrive. Lists ask through Thumbnails.
    quint64 requestThumbnail(const std::filesystem::path& path, int frame = 1);
    /// Only the last image asked for arrives.
    void requestImage(const std::filesystem::path& path, int frame = 1);
    void dropImage();
    bool isLoadingImage() const { return m_outbox.isOpen(m_image); }

    /// Loads an image apart from the viewer's; imageLoaded brings it with the id that this returns. Served in
    /// order, any number at a time.
    quint64 loadApart(const std::filesystem::path& path, int frame = 1);
    /// |a - b| times gain; differenceReady brings it with the id that this returns.
    quint64 requestDifference(const LoadedImagePtr& a, const LoadedImagePtr& b, int gain);
    /// Looks among known files, then in the file's folder, for its signed copy or, where it is one, its
    /// original; counterpartReady brings it with the id that this returns.
    quint64 findCounterpart(const std::filesystem::path& file, std::vector<std::filesystem::path> known);
    /// What was asked for under these ids does not arrive any more.
    void forget(const std::unordered_set<std::uint64_t>& ids);

    /// Both answer with pathsReady carrying the receiver's tag.
    void expand(int tag, std::vector<std::filesystem::path> paths);
    /// Saves a picture of the clipboard as PNG into folder ("pasted-<UTC>.png").
    void savePasted(int tag, const QImage& picture, const std::filesystem::path& folder);

    void listModels(const std::function<Catalogue()>& list);
    bool isIdle() const { return m_outbox.isIdle(); }

Q_SIGNALS:
    void thumbnailReady(quint64 id, const QImage& thumbnail);
    void thumbnailDropped(quint64 id);
    void imageReady(signet::ui::LoadedImagePtr image);
    void imageLoaded(quint64 id, signet::ui::LoadedImagePtr image);
    void differenceReady(quint64 id, signet::ui::LoadedDifferencePtr difference);
    /// Empty: there is none.
    void counterpartReady(quint64 id, const std::filesystem::path& file);
    /// Folders with all that is below them.
    void pathsReady(int tag, const signet::image::FoundImages& found);
    void pasteFailed(int tag, const QString& message);
    void catalogueReady(std::shared_ptr<const signet::ui::Catalogue> catalogue);

private:
    struct Paths {
        int tag;
        image::FoundImages found;
    };
    struct PasteError {
        int tag;
        QString message;
    };
    using CataloguePtr = std::shared_ptr<const Catalogue>;
    using Message = std::variant<QImage, LoadedImagePtr, LoadedDifferencePtr, std::filesystem::path, Paths,
                                 PasteError, CataloguePtr>;

    void announce(quint64 request, const Message& message);
    /// Has content(stop) made on a worker; returns the id of the request that it answers.
    template <class Make>
    quint64 want(WorkerThread& worker, Make content);

    Outbox<Message> m_outbox;
    quint64 m_image = 0;  ///< the newest request for the viewer
    WorkerThread m_thumbnails{"thumbnails"};
    WorkerThread m_viewer{"viewer-load"};
    WorkerThread m_files{"files"};
    WorkerThread m_apart{"compare-load"};
};

}  // namespace signet::ui
