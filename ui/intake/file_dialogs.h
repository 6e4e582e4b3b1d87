#pragma once

#include <QString>
#include <QStringList>
#include <functional>

class QWidget;

namespace signet::ui {

/// File dialogs that do not block: the answer arrives in done, which is not called on a cancelled dialog.
class FileDialogs {
public:
    using Done = std::function<void(const QStringList& names)>;

    /// Image files, several at once.
    static void openFiles(QWidget* parent, const QString& title, const QString& folder, const Done& done);
    /// One image file.
    static void openImage(QWidget* parent, const QString& title, const QString& folder, const Done& done);
    /// One file; filter as of QFileDialog.
    static void openFile(QWidget* parent, const QString& title, const QString& folder, const QString& filter,
                         const Done& done);
    /// One folder.
    static void openFolder(QWidget* parent, const QString& title, const QString& folder, const Done& done);

    /// A name to write to, proposed as suggestion (its ending is added where none is typed). An existing file
    /// is asked about.
    static void saveFile(QWidget* parent, const QString& title, const QString& suggestion,
                         const QString& filter, const Done& done);

    /// The next dialog is not shown but answers with these names at once (tests).
    static void setNextFileNames(const QStringList& names);

private:
    static bool answered(const Done& done);
    static QStringList s_next;
};

}  // namespace signet::ui
