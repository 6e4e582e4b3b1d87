#pragma once

#include <QWidget>
#include <optional>

#include "ui/bridge/roc_service.h"

class QLabel;
class QPushButton;

namespace signet::ui {

/// Saving the calibration of the chosen detector: the button with the reason where it is not possible, and
/// the confirmation in place, which says what changes from what to what. GUI thread.
class CalibrationCard : public QWidget {
    Q_OBJECT
public:
    explicit CalibrationCard(QWidget* parent = nullptr);

    /// entry: the model of the detector as it is installed; null: there is none.
    void setSubject(const RocDetectorPtr& detector, const ModelEntry* entry, double threshold);

Q_SIGNALS:
    void saveWanted(const signet::models::Manifest& manifest);

private:
    QString problem() const;
    void refresh();
    void fillChanges();

    RocDetectorPtr m_detector;
    std::optional<ModelEntry> m_entry;
    double m_threshold = 0;
    bool m_asking = false;
    QPushButton* m_button;
    QLabel* m_reason;
    QWidget* m_question;
    QLabel* m_changes[4][3];
    QLabel* m_consequence;
};

}  // namespace signet::ui
