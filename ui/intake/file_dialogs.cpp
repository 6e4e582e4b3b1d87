#include "ui/intake/file_dialogs.h"

#include <QAbstractFileIconProvider>
#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMimeDatabase>
#include <QStyle>
#include <utility>

namespace signet::ui {
namespace {

/// What a name says. Qt's own icons come from a look into each file that is listed, also into the database of
/// an open case.
class IconsByName : public QAbstractFileIconProvider {
public:
    QIcon icon(const QFileInfo& file) const override {
        const QIcon plain =
            QApplication::style()->standardIcon(file.isDir() ? QStyle::SP_DirIcon : QStyle::SP_FileIcon);
        return file.isDir() ? plain : QIcon::fromTheme(typeOf(file).iconName(), plain);
    }
    QString type(const QFileInfo& file) const override {
        return file.isDir() ? QObject::tr("Folder") : typeOf(file).comment();
    }

private:
    static QMimeType typeOf(const QFileInfo& file) {
        return QMimeDatabase().mimeTypeForFile(file.fileName(), QMimeDatabase::MatchExtension);
    }
};

QString imageFilter() {
    return QObject::tr(
        "Images (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.JPG *.JPEG *.PNG *.WEBP *.TIF *.TIFF *.BMP);;"
        "All files (*)");
}

/// A dialog at a folder, or at a file's, that deletes itself; done is called with what is chosen.
QFileDialog* makeDialog(QWidget* parent, const QString& title, const char* name, const QString& at,
                        const FileDialogs::Done& done) {
    static IconsByName icons;
    // Begins where there are only folders: Qt reads the first one before its icons can be replaced.
    auto* dialog = new QFileDialog(parent, title, QDir::rootPath());
    dialog->setIconProvider(&icons);
    const QFileInfo place(at.isEmpty() ? QDir::homePath() : at);
    dialog->setDirectory(place.isDir() ? place.absoluteFilePath() : place.absolutePath());
    dialog->setObjectName(QLatin1String(name));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, done);
    return dialog;
}

}  // namespace

QStringList FileDialogs::s_next;

void FileDialogs::setNextFileNames(const QStringList& names) {
    s_next = names;
}

bool FileDialogs::answered(const Done& done) {
    if (s_next.isEmpty()) return false;
    done(std::exchange(s_next, {}));
    return true;
}

void FileDialogs::openFiles(QWidget* parent, const QString& title, const QString& folder, const Done& done) {
    if (answered(done)) return;
    QFileDialog* dialog = makeDialog(parent, title, "openFilesDialog", folder, done);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilter(imageFilter());
    dialog->show();
}

void FileDialogs::openImage(QWidget* parent, const QString& title, const QString& folder, const Done& done) {
    openFile(parent, title, folder, imageFilter(), done);
}

void FileDialogs::openFile(QWidget* parent, const QString& title, const QString& folder,
                           const QString& filter, const Done& done) {
    if (answered(done)) return;
    QFileDialog* dialog = makeDialog(parent, title, "openFileDialog", folder, done);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(filter);
    dialog->show();
}

void FileDialogs::openFolder(QWidget* parent, const QString& title, const QString& folder, const Done& done) {
    if (answered(done)) return;
    QFileDialog* dialog = makeDialog(parent, title, "openFolderDialog", folder, done);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->show();
}

void FileDialogs::saveFile(QWidget* parent, const QString& title, const QString& suggestion,
                           const QString& filter, const Done& done) {
    if (answered(done)) return;
    QFileDialog* dialog = makeDialog(parent, title, "saveFileDialog", suggestion, done);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilter(filter);
    dialog->setDefaultSuffix(QFileInfo(suggestion).suffix());
    dialog->selectFile(suggestion);
    dialog->show();
}

}  // namespace signet::ui
