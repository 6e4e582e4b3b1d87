#pragma once

#include <QWidget>
#include <filesystem>

#include "core/cases/case_types.h"
#include "ui/bridge/media_service.h"

class QLabel;

namespace signet::ui {

/// An evidence map as an examination recorded it, read when it is first shown; one that is no longer what was
/// recorded is not shown but said. GUI thread.
class RecordedMap : public QWidget {
    Q_OBJECT
public:
    /// model: that it is of; empty: not known.
    RecordedMap(MediaService& media, const cases::Artifact& artifact, const std::filesystem::path& folder,
                const QString& model, QWidget* parent = nullptr);
    ~RecordedMap() override;
    bool hasPicture() const { return !m_picture.isNull(); }

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showLoaded(const LoadedImagePtr& image);
    void scale();

    MediaService& m_media;
    std::filesystem::path m_file;
    std::string m_sha256;
    QLabel* m_label;
    QLabel* m_note;
    QImage m_picture;
    quint64 m_loading = 0;
    bool m_asked = false;
};

}  // namespace signet::ui
