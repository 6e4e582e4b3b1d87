#include "ui/style/file_dialogs.h"

#include <QFileDialog>
#include <QFileInfo>
#include <utility>

namespace signet::ui {

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
    auto* dialog =
        new QFileDialog(parent, title, folder,
                        QObject::tr("Images (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.JPG *.JPEG "
                                    "*.PNG *.WEBP *.TIF *.TIFF *.BMP);;All files (*)"));
    dialog->setObjectName(QStringLiteral("openFilesDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, done);
    dialog->show();
}

void FileDialogs::openFile(QWidget* parent, const QString& title, const QString& folder,
                           const QString& filter, const Done& done) {
    if (answered(done)) return;
    auto* dialog = new QFileDialog(parent, title, folder, filter);
    dialog->setObjectName(QStringLiteral("openFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, done);
    dialog->show();
}

void FileDialogs::openFolder(QWidget* parent, const QString& title, const QString& folder, const Done& done) {
    if (answered(done)) return;
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setObjectName(QStringLiteral("openFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, done);
    dialog->show();
}

void FileDialogs::saveFile(QWidget* parent, const QString& title, const QString& suggestion,
                           const QString& filter, const Done& done) {
    if (answered(done)) return;
    auto* dialog = new QFileDialog(parent, title, suggestion, filter);
    dialog->setObjectName(QStringLiteral("saveFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDefaultSuffix(QFileInfo(suggestion).suffix());
    dialog->selectFile(suggestion);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, done);
    dialog->show();
}

}  // namespace signet::ui
