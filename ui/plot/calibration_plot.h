#pragma once

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

namespace signet::ui {

/// A score against the thresholds on a model's calibration histogram: unsigned scores as a filled outline,
/// signed ones hatched (shape beside colour), both in per cent of their own number; dashed threshold lines;
/// the score as a solid line. The scale is the same for every image of a model unless the score lies outside
/// it. GUI thread. The only door to QCustomPlot.
class CalibrationPlot : public QWidget {
    Q_OBJECT
public:
    explicit CalibrationPlot(QWidget* parent = nullptr);
    ~CalibrationPlot() override;

    struct Data {
        std::vector<float> unsignedScores;
        std::vector<float> signedScores;
        double lowerThreshold = 0;
        double threshold = 0;
        QString unit = QStringLiteral("logit");          ///< of all of these
        QString positives = QStringLiteral("signed");    ///< what the images of signedScores are called
        QString negatives = QStringLiteral("unsigned");  ///< and of unsignedScores
    };
    struct Colours {
        QColor unsignedSeries;
        QColor signedSeries;
        QColor marker;
    };

    void setData(const Data& data);
    /// A score to mark; none: no marker.
    void setScore(std::optional<double> score);
    void setColours(const Colours& colours);

    QSize sizeHint() const override { return {300, 150}; }
    QSize minimumSizeHint() const override { return {200, 130}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void describe();

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::ui
