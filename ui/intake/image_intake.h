#pragma once

#include <QObject>
#include <QString>
#include <filesystem>
#include <vector>

#include "ui/bridge/services.h"

class QWidget;

namespace signet::ui {

class NoticeBar;

/// The ways images come onto a page: dropped or opened files and folders, the samples, the clipboard. Folders
/// are read on a worker; what cannot be taken is said in the page's notice bar. GUI thread.
class ImageIntake : public QObject {
    Q_OBJECT
public:
    /// page: parent of the dialogs. tag: tells this page's answers from another's.
    ImageIntake(Services& services, PathsTag tag, NoticeBar* notice, QWidget* page);

    void addPaths(std::vector<std::filesystem::path> paths);
    void addSamples();
    void paste();
    void openFiles();
    void openFolder();

    const QString& lastFolder() const { return m_lastFolder; }
    void setLastFolder(const QString& folder) { m_lastFolder = folder; }

Q_SIGNALS:
    /// Image files as they were found, and what of the folders is none: not both are empty.
    void filesFound(const std::vector<std::filesystem::path>& files,
                    const std::vector<signet::image::LeftOut>& leftOut);

private:
    void passOn(const image::FoundImages& found);

    Services& m_services;
    PathsTag m_tag;
    NoticeBar* m_notice;
    QWidget* m_page;
    QString m_lastFolder;
};

}  // namespace signet::ui
