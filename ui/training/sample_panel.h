#pragma once

#include <QWidget>
#include <map>

#include "ui/bridge/training_service.h"

class QLabel;
class QSlider;

namespace signet::ui {

class CopyTableView;
class ElidedLabel;
class ImageCanvas;
class KeyValueModel;

/// The sample grids of a run over its steps, with what each row says and what validations came to meanwhile:
/// the task of the run describes all of it. GUI thread.
class SamplePanel : public QWidget {
    Q_OBJECT
public:
    explicit SamplePanel(TrainingService& service, QWidget* parent = nullptr);

    /// Forgets what it has; news of this run follow. record: its own, which names its task.
    void setRun(const std::filesystem::path& folder, const training::RunRecord& record);
    /// The slider stays at the newest unless it was moved away.
    void add(const training::RunNews& news);
    int count() const { return static_cast<int>(m_samples.size()); }
    ImageCanvas* canvas() const { return m_canvas; }

private:
    void clearSamples();
    void addSamples(const std::vector<Json>& samples);
    void noteValidations(const std::vector<Json>& curves);
    void showStep();
    /// What the newest validation until the step that is shown came to.
    void showValidation();
    std::uint64_t step() const;

    TrainingService& m_service;
    std::filesystem::path m_folder;
    const training::TaskType* m_task = nullptr;      ///< null: one this program does not know
    std::vector<training::Metric> m_metrics;         ///< that its curves are
    std::map<std::uint64_t, QString> m_validations;  ///< what each came to, by its step
    std::vector<Json> m_samples;
    QSlider* m_slider;
    QLabel* m_step;
    QLabel* m_hint;
    ElidedLabel* m_validation;
    ImageCanvas* m_canvas;
    KeyValueModel* m_readings;
    CopyTableView* m_table;
    bool m_keepView = false;
};

}  // namespace signet::ui
