#pragma once

#include <QWidget>

#include "ui/bridge/training_service.h"

class QLabel;
class QSlider;

namespace signet::ui {

class CopyTableView;
class ImageCanvas;
class KeyValueModel;

/// The sample grids of a run over its steps, with what each row says: the task of the run describes both. GUI
/// thread.
class SamplePanel : public QWidget {
    Q_OBJECT
public:
    explicit SamplePanel(TrainingService& service, QWidget* parent = nullptr);

    /// Forgets what it has; samples of this run follow. options: its own, which name its task.
    void setRun(const std::filesystem::path& folder, const Json& options);
    /// The slider stays at the newest unless it was moved away.
    void add(const std::vector<Json>& samples);
    void clearSamples();
    int count() const { return static_cast<int>(m_samples.size()); }
    ImageCanvas* canvas() const { return m_canvas; }

private:
    void showStep();

    TrainingService& m_service;
    std::filesystem::path m_folder;
    const training::TaskType* m_task = nullptr;  ///< null: one this program does not know
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
