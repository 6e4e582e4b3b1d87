#pragma once

#include <QColor>
#include <QWidget>
#include <functional>

namespace signet::ui {

/// A colour bar with what its ends and its middle stand for. GUI thread.
class ScaleLegend : public QWidget {
    Q_OBJECT
public:
    /// colourAt: the colour of a place on the bar, 0..1.
    ScaleLegend(const QString& objectName, std::function<QColor(double)> colourAt, QWidget* parent = nullptr);

    /// description: the scale in words, for the tool tip and for those who cannot see the bar.
    void setTexts(const QString& low, const QString& middle, const QString& high, const QString& description);
    const QString& highText() const { return m_high; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::function<QColor(double)> m_colourAt;
    QString m_low, m_middle, m_high;
};

}  // namespace signet::ui
