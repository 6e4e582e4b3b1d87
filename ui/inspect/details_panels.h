#pragma once

#include <QTableView>
#include <QWidget>

#include "ui/bridge/examine_service.h"
#include "ui/bridge/loaded_image.h"

class QLabel;
class QScrollArea;

namespace signet::ui {

class KeyValueModel;

/// The Metadata dock: conflicts between the layers of the image, the embedded thumbnail beside the image, how
/// the pixels were decoded, then EXIF, IPTC, XMP, PNG text and ICC. GUI thread.
class MetadataPanel : public QWidget {
    Q_OBJECT
public:
    explicit MetadataPanel(QWidget* parent = nullptr);
    /// Null: nothing chosen.
    void showImage(const LoadedImagePtr& image);
    void showConflicts(const std::vector<examine::Conflict>& conflicts);
    QTableView* view() const { return m_view; }
    /// Conflicts and table, tab-separated.
    QString asText() const;

Q_SIGNALS:
    void methodWanted(const QString& helpPage);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeThumbnails();
    void showThumbnail(const LoadedImagePtr& image);
    void layOut();

    std::vector<examine::Conflict> m_conflicts;
    QScrollArea* m_top;  ///< what stands above the table, if anything
    QWidget* m_conflictCard = nullptr;
    QWidget* m_thumbnails = nullptr;
    QLabel* m_thumbnailPicture = nullptr;
    QLabel* m_thumbnailText = nullptr;
    QLabel* m_imagePicture = nullptr;
    KeyValueModel* m_model;
    QTableView* m_view;
    QLabel* m_note;
};

/// The File dock: path, size, SHA-256, dimensions and format, each to be copied. GUI thread.
class FilePanel : public QWidget {
    Q_OBJECT
public:
    explicit FilePanel(QWidget* parent = nullptr);
    /// path may be empty: nothing chosen. image null: not loaded yet.
    void showFile(const std::filesystem::path& path, const LoadedImagePtr& image);

private:
    enum Line { Path, Size, Sha256, Dimensions, Format, LineCount };
    QLabel* m_values[LineCount];
};

}  // namespace signet::ui
