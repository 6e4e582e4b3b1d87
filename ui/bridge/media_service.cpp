#include "ui/bridge/media_service.h"

#include <QDateTime>
#include <QDir>

#include "core/base/error.h"
#include "ui/bridge/sign_service.h"
#include "ui/bridge/text.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr std::size_t kMaxWaitingThumbnails = 64;  ///< more than a screen shows

}  // namespace

MediaService::MediaService(QObject* parent)
    : QObject(parent), m_outbox([this](quint64 request, Message& message) { announce(request, message); }) {}

quint64 MediaService::requestThumbnail(const fs::path& path, int frame) {
    const auto out = m_outbox.begin();
    const auto dropped = m_thumbnails.postFront(
        out.request(),
        [=](const std::stop_token&) { out.finish(loadThumbnail(path, kThumbnailSide, frame)); },
        kMaxWaitingThumbnails);
    for (const std::uint64_t oldest : dropped) {
        m_outbox.end(oldest);
        Q_EMIT thumbnailDropped(oldest);
    }
    return out.request();
}

void MediaService::requestImage(const fs::path& path, int frame) {
    m_outbox.end(m_image);
    const auto out = m_outbox.begin();
    m_image = out.request();
    m_viewer.postLatest(m_image, [=](const std::stop_token&) { out.finish(loadImage(path, frame)); });
}

void MediaService::dropImage() {
    m_outbox.end(m_image);
    m_viewer.cancelAll();
}

template <class Make>
quint64 MediaService::want(WorkerThread& worker, Make content) {
    const auto out = m_outbox.begin();
    worker.post(out.request(), [out, content = std::move(content)](const std::stop_token& stop) {
        out.finish(content(stop));
    });
    return out.request();
}

quint64 MediaService::loadApart(const fs::path& path, int frame) {
    return want(m_apart, [=](const std::stop_token&) { return loadImage(path, frame); });
}

quint64 MediaService::requestDifference(const LoadedImagePtr& a, const LoadedImagePtr& b, int gain) {
    return want(m_apart, [=](const std::stop_token&) { return makeDifference(*a, *b, gain); });
}

quint64 MediaService::findCounterpart(const fs::path& file, std::vector<fs::path> known) {
    return want(m_files, [file, known = std::move(known)](const std::stop_token&) {
        if (fs::path there = signedOrOriginal(file, known); !there.empty()) return there;
        return signedOrOriginal(file, image::findImages({file.parent_path()}, {}).files);
    });
}

void MediaService::forget(const std::unordered_set<std::uint64_t>& ids) {
    for (const std::uint64_t id : ids) m_outbox.end(id);
    for (WorkerThread* worker : {&m_thumbnails, &m_apart, &m_files}) worker->cancel(ids);
}

void MediaService::expand(int tag, std::vector<fs::path> paths) {
    want(m_files, [tag, paths = std::move(paths)](const std::stop_token& stop) {
        return Paths{tag, image::findImages(paths, {.recursive = true, .limit = kMaxQueuedFiles}, stop)};
    });
}

void MediaService::savePasted(int tag, const QImage& picture, const fs::path& folder) {
    want(m_files, [=](const std::stop_token&) -> Message {
        const QString directory = fromPath(folder);
        const QString name =
            QStringLiteral("pasted-%1.png")
                .arg(QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmsszzz'Z'")));
        const QString file = QDir(directory).filePath(name);
        if (QDir().mkpath(directory) && picture.save(file, "PNG"))
            return Paths{tag, image::FoundImages{{toPath(file)}, {}, false}};
        return PasteError{
            tag, QStringLiteral("The pasted picture could not be saved as %1. Check the rights and the free "
                                "space of that folder, then paste again.")
                     .arg(file)};
    });
}

void MediaService::listModels(const std::function<Catalogue()>& list) {
    want(m_files, [list](const std::stop_token&) -> CataloguePtr {
        auto catalogue = std::make_shared<Catalogue>();
        try {
            *catalogue = list();
        } catch (const std::exception& error) {
            catalogue->warnings.emplace_back(error.what());
        }
        return catalogue;
    });
}

void MediaService::announce(quint64 request, const Message& message) {
    if (const auto* image = std::get_if<LoadedImagePtr>(&message)) {
        if (request == m_image)
            Q_EMIT imageReady(*image);
        else
            Q_EMIT imageLoaded(request, *image);
    } else if (const auto* difference = std::get_if<LoadedDifferencePtr>(&message)) {
        Q_EMIT differenceReady(request, *difference);
    } else if (const auto* file = std::get_if<fs::path>(&message)) {
        Q_EMIT counterpartReady(request, *file);
    } else if (const auto* thumbnail = std::get_if<QImage>(&message)) {
        Q_EMIT thumbnailReady(request, *thumbnail);
    } else if (const auto* paths = std::get_if<Paths>(&message)) {
        Q_EMIT pathsReady(paths->tag, paths->found);
    } else if (const auto* failed = std::get_if<PasteError>(&message)) {
        Q_EMIT pasteFailed(failed->tag, failed->message);
    } else if (const auto* catalogue = std::get_if<CataloguePtr>(&message)) {
        Q_EMIT catalogueReady(*catalogue);
    }
}

}  // namespace signet::ui
