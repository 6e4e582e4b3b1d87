#pragma once

#include <QRect>
#include <QWidget>
#include <filesystem>

#include "ui/bridge/case_data.h"
#include "ui/bridge/media_service.h"

class QLabel;
class QSpinBox;
class QToolButton;

namespace signet::ui {

class RegionCanvas;

/// The exhibit's picture with the regions of its findings, and one that is being chosen: drawn by dragging,
/// or typed in pixels of the image as displayed. Reads the file when it is shown. GUI thread.
class FindingRegion : public QWidget {
    Q_OBJECT
public:
    explicit FindingRegion(MediaService& media, QWidget* parent = nullptr);
    ~FindingRegion() override;

    void setExhibit(const std::filesystem::path& file, const std::string& sha256, int frame);
    void setFindings(const std::vector<cases::Finding>& findings);
    /// Marks this finding's region among the others; 0: none.
    void highlight(cases::RowId finding);
    void setRegion(const QRect& region);  ///< empty: none
    QRect region() const { return m_region; }
    void setWritable(bool writable);
    RegionCanvas* canvas() const { return m_canvas; }

Q_SIGNALS:
    void regionChanged(const QRect& region);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void load();
    void showLoaded(const LoadedImagePtr& image);
    void updateRegions();
    void typed();

    MediaService& m_media;
    RegionCanvas* m_canvas;
    QLabel* m_problem;
    QSpinBox* m_numbers[4] = {};  ///< x, y, width, height
    QToolButton* m_clear;
    std::filesystem::path m_file;
    int m_frame = 1;
    std::string m_sha256;
    std::vector<cases::Finding> m_findings;
    cases::RowId m_highlighted = 0;
    QRect m_region;
    quint64 m_loading = 0;
    bool m_loaded = false;
};

/// [x, y, width, height] of a finding, and back; empty and null where there is none.
QRect regionOf(const Json& json);
Json regionJson(const QRect& region);
QString regionText(const QRect& region);  ///< "x 12, y 20, 100 × 50 px"

}  // namespace signet::ui
