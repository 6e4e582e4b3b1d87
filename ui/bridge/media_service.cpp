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

MediaService::MediaService(QObject* parent) : QObject(parent) {
    m_timer.setInterval(kDrainIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &MediaService::drain);
}

void MediaService::began() {
    ++m_open;
    if (!m_timer.isActive()) m_timer.start();
}

quint64 MediaService::requestThumbnail(const fs::path& path, int frame) {
    const quint64 id = m_nextTask++;
    m_wanted.insert(id);
    const auto dropped = m_thumbnails.postFront(
        id,
        [id, path, frame, events = m_events](const std::stop_token&) {
            events->push(Answer<QImage>{id, loadThumbnail(path, kThumbnailSide, frame)});
        },
        kMaxWaitingThumbnails);
    for (const std::uint64_t oldest : dropped) {
        m_wanted.erase(oldest);
        Q_EMIT thumbnailDropped(oldest);
    }
    if (!m_timer.isActive()) m_timer.start();
    return id;
}

void MediaService::requestImage(const fs::path& path, int frame) {
    const quint64 generation = ++m_imageGeneration;
    m_imagePending = true;
    m_viewer.postLatest(generation, [generation, path, frame, events = m_events](const std::stop_token&) {
        events->push(Loaded{generation, loadImage(path, frame)});
    });
    if (!m_timer.isActive()) m_timer.start();
}

void MediaService::dropImage() {
    ++m_imageGeneration;
    m_imagePending = false;
    m_viewer.cancelAll();
}

template <class Make>
quint64 MediaService::want(WorkerThread& worker, Make content) {
    const quint64 id = m_nextTask++;
    m_wanted.insert(id);
    worker.post(id, [id, content = std::move(content), events = m_events](const std::stop_token&) {
        events->push(Answer<decltype(content())>{id, content()});
    });
    if (!m_timer.isActive()) m_timer.start();
    return id;
}

quint64 MediaService::loadApart(const fs::path& path, int frame) {
    return want(m_apart, [path, frame] { return loadImage(path, frame); });
}

quint64 MediaService::requestDifference(const LoadedImagePtr& a, const LoadedImagePtr& b, int gain) {
    return want(m_apart, [a, b, gain] { return makeDifference(*a, *b, gain); });
}

quint64 MediaService::findCounterpart(const fs::path& file, std::vector<fs::path> known) {
    return want(m_files, [file, known = std::move(known)] {
        if (fs::path there = signedOrOriginal(file, known); !there.empty()) return there;
        return signedOrOriginal(file, image::findImages({file.parent_path()}, {}).files);
    });
}

void MediaService::forget(const std::unordered_set<std::uint64_t>& ids) {
    for (const std::uint64_t id : ids) m_wanted.erase(id);
    for (WorkerThread* worker : {&m_thumbnails, &m_apart, &m_files}) worker->cancel(ids);
}

bool MediaService::takeAnswer(Event& event) {
    const auto isWanted = [this](quint64 id) { return m_wanted.erase(id) > 0; };
    if (const auto* image = std::get_if<Answer<LoadedImagePtr>>(&event)) {
        if (isWanted(image->id)) Q_EMIT imageLoaded(image->id, image->content);
    } else if (const auto* difference = std::get_if<Answer<LoadedDifferencePtr>>(&event)) {
        if (isWanted(difference->id)) Q_EMIT differenceReady(difference->id, difference->content);
    } else if (const auto* file = std::get_if<Answer<fs::path>>(&event)) {
        if (isWanted(file->id)) Q_EMIT counterpartReady(file->id, file->content);
    } else if (const auto* thumbnail = std::get_if<Answer<QImage>>(&event)) {
        if (isWanted(thumbnail->id)) Q_EMIT thumbnailReady(thumbnail->id, thumbnail->content);
    } else {
        return false;
    }
    return true;
}

void MediaService::expand(int tag, std::vector<fs::path> paths) {
    began();
    m_files.post(
        m_nextTask++, [tag, paths = std::move(paths), events = m_events](const std::stop_token& stop) {
            events->push(
                Paths{tag, image::findImages(paths, {.recursive = true, .limit = kMaxQueuedFiles}, stop)});
        });
}

void MediaService::savePasted(int tag, const QImage& picture, const fs::path& folder) {
    began();
    m_files.post(m_nextTask++, [=, events = m_events](const std::stop_token&) {
        const QString directory = fromPath(folder);
        const QString name =
            QStringLiteral("pasted-%1.png")
                .arg(QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmsszzz'Z'")));
        const QString file = QDir(directory).filePath(name);
        if (!QDir().mkpath(directory) || !picture.save(file, "PNG")) {
            events->push(PasteError{
                tag,
                QStringLiteral("The pasted picture could not be saved as %1. Check the rights and the free "
                               "space of that folder, then paste again.")
                    .arg(file)});
            return;
        }
        events->push(Paths{tag, image::FoundImages{{toPath(file)}, {}, false}});
    });
}

void MediaService::listModels(const std::function<Catalogue()>& list) {
    began();
    m_files.post(m_nextTask++, [list, events = m_events](const std::stop_token&) {
        auto catalogue = std::make_shared<Catalogue>();
        try {
            *catalogue = list();
        } catch (const std::exception& error) {
            catalogue->warnings.emplace_back(error.what());
        }
        events->push(CataloguePtr(std::move(catalogue)));
    });
}

void MediaService::drain() {
    for (Event& event : m_events->drain()) {
        if (auto* loaded = std::get_if<Loaded>(&event)) {
            if (loaded->generation != m_imageGeneration) continue;
            m_imagePending = false;
            Q_EMIT imageReady(loaded->image);
            continue;
        }
        if (takeAnswer(event)) continue;
        --m_open;
        if (auto* paths = std::get_if<Paths>(&event)) {
            Q_EMIT pathsReady(paths->tag, paths->found);
        } else if (auto* failed = std::get_if<PasteError>(&event)) {
            Q_EMIT pasteFailed(failed->tag, failed->message);
        } else if (auto* catalogue = std::get_if<CataloguePtr>(&event)) {
            Q_EMIT catalogueReady(*catalogue);
        }
    }
    if (isIdle() && !m_imagePending) m_timer.stop();
}

}  // namespace signet::ui
