#pragma once

#include <QWidget>

#include "ui/bridge/training_service.h"

class QLabel;
class QSlider;

namespace signet::ui {

class CopyTableView;
class ImageCanvas;
class KeyValueModel;

/// The sample grids of a run over its steps: the same photographs and codes each time, cover, signed and ten
/// times the residual on a fixed scale, with what the detector reads. GUI thread.
class SamplePanel : public QWidget {
    Q_OBJECT
public:
    explicit SamplePanel(TrainingService& service, QWidget* parent = nullptr);

    /// Forgets what it has; samples of this run follow.
    void setRun(const std::filesystem::path& folder);
    /// The slider stays at the newest unless it was moved away.
    void add(const std::vector<Json>& samples);
    void clearSamples();
    int count() const { return static_cast<int>(m_samples.size()); }
    ImageCanvas* canvas() const { return m_canvas; }

private:
    void showStep();

    TrainingService& m_service;
    std::filesystem::path m_folder;
    std::vector<Json> m_samples;
    QSlider* m_slider;
    QLabel* m_step;
    QLabel* m_hint;
    ImageCanvas* m_canvas;
    KeyValueModel* m_readings;
    CopyTableView* m_table;
    bool m_keepView = false;
};

}  // namespace signet::ui
