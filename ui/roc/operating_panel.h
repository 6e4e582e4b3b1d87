#pragma once

#include <QWidget>
#include <optional>

#include "core/metrics/operating_point.h"
#include "ui/itemmodels/detector_model.h"

class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace signet::ui {

class CalibrationCard;
class ElidedLabel;

/// The operating point of the chosen detector: its threshold and where that comes from, its rates with n and
/// interval, and ways to choose another. GUI thread.
class OperatingPanel : public QWidget {
    Q_OBJECT
public:
    explicit OperatingPanel(QWidget* parent = nullptr);

    /// entry: the detector's model as installed, null where there is none. row null: no detector is chosen.
    void showRow(const DetectorModel::Row* row, const ModelEntry* entry);
    CalibrationCard* calibration() const { return m_calibration; }
    double maxFpr() const;
    void setMaxFpr(double share);

Q_SIGNALS:
    void thresholdChosen(double threshold, signet::ui::ThresholdOrigin origin);

private:
    void showRates(const metrics::OperatingPoint& at, const metrics::Roc& roc);
    void takeTyped();
    void checkMaxFpr();

    RocDetectorPtr m_detector;
    std::optional<double> m_calibrated;
    double m_threshold = 0;
    ElidedLabel* m_name;
    QLabel* m_set;
    QLineEdit* m_edit;
    QDoubleSpinBox* m_maxFpr;
    QPushButton* m_largest;
    QPushButton* m_balanced;
    QPushButton* m_own;
    QLabel* m_values[3];
    QLabel* m_details[3];
    QLabel* m_origin;
    QLabel* m_typo;
    CalibrationCard* m_calibration;
};

}  // namespace signet::ui
