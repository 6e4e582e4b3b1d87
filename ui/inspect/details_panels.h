#pragma once

#include <QTableView>
#include <QWidget>

#include "ui/bridge/examine_service.h"
#include "ui/bridge/loaded_image.h"

class QLabel;

namespace signet::ui {

class KeyValueModel;

/// The Metadata dock: how the pixels were decoded, then EXIF, IPTC, XMP and ICC. GUI thread.
class MetadataPanel : public QWidget {
    Q_OBJECT
public:
    explicit MetadataPanel(QWidget* parent = nullptr);
    /// Null: nothing chosen.
    void showImage(const LoadedImagePtr& image);
    QTableView* view() const { return m_view; }

private:
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
