#include "ui/intake/image_intake.h"

#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QMimeData>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/widgets.h"

namespace signet::ui {

ImageIntake::ImageIntake(Services& services, PathsTag tag, NoticeBar* notice, QWidget* page)
    : QObject(page), m_services(services), m_tag(tag), m_notice(notice), m_page(page) {
    connect(&m_services.media(), &MediaService::pathsReady, this,
            [this](int receiver, const image::FoundImages& found) {
                if (receiver == m_tag) passOn(found);
            });
    connect(&m_services.media(), &MediaService::pasteFailed, this,
            [this](int receiver, const QString& message) {
                if (receiver == m_tag) m_notice->showNotice(NoticeBar::Kind::Problem, message);
            });
}

void ImageIntake::passOn(const image::FoundImages& found) {
    QStringList parts;
    if (found.files.empty())
        parts << tr("No image was found there. Signet reads %1 files.").arg(toText(image::readFormats()));
    if (found.capped)
        parts << tr("Only the first %1 images were added. Add the rest once these are done.")
                     .arg(found.files.size());
    if (!found.leftOut.empty()) parts << leftOutText(found.leftOut);
    if (!parts.isEmpty())
        m_notice->showNotice(NoticeBar::Kind::Information, parts.join(QLatin1Char(' ')),
                             leftOutDetails(found.leftOut));
    if (!found.files.empty() || !found.leftOut.empty()) Q_EMIT filesFound(found.files, found.leftOut);
}

void ImageIntake::addPaths(std::vector<std::filesystem::path> paths) {
    if (!paths.empty()) m_services.media().expand(m_tag, std::move(paths));
}

void ImageIntake::addSamples() {
    try {
        addPaths({dataFolder() / "resources" / "samples"});
    } catch (const Error& error) {
        m_notice->showNotice(NoticeBar::Kind::Problem, toText(error.what()));
    }
}

void ImageIntake::paste() {
    const QMimeData* mime = QApplication::clipboard()->mimeData();
    std::vector<std::filesystem::path> paths;
    if (mime) paths = toPaths(mime->urls());
    if (!paths.empty()) {
        addPaths(std::move(paths));
    } else if (mime && mime->hasImage()) {
        m_services.media().savePasted(m_tag, qvariant_cast<QImage>(mime->imageData()),
                                      m_services.workspace() / "pasted");
    } else {
        m_notice->showNotice(
            NoticeBar::Kind::Information,
            tr("The clipboard holds neither files nor a picture. Copy one, then paste again."));
    }
}

void ImageIntake::openFiles() {
    FileDialogs::openFiles(m_page, tr("Open image files"), m_lastFolder, [this](const QStringList& names) {
        std::vector<std::filesystem::path> paths;
        for (const QString& name : names) paths.push_back(toPath(name));
        if (!names.isEmpty()) m_lastFolder = QFileInfo(names.front()).absolutePath();
        addPaths(std::move(paths));
    });
}

void ImageIntake::openFolder() {
    FileDialogs::openFolder(m_page, tr("Open a folder"), m_lastFolder, [this](const QStringList& names) {
        if (names.isEmpty()) return;
        m_lastFolder = names.front();
        addPaths({toPath(names.front())});
    });
}

}  // namespace signet::ui
