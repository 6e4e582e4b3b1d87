#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/metrics/operating_point.h"
#include "core/metrics/roc_band.h"
#include "ui/plot/plot_widget.h"

namespace signet::ui {

/// ROC curves with their confidence bands and one operating point, with its 95 % intervals as a cross. Each
/// curve has a colour and a line style. The operating point of the current curve is moved by a click, by
/// dragging, and with the focus by the arrow keys (one point of the curve), Page up and down (a fiftieth of
/// them), Home and End. The wheel zooms about the mouse, + and - about the middle, 0 or a double click shows
/// all. A click on a legend entry hides its curve. GUI thread. One of the doors to QCustomPlot.
class RocPlot : public PlotWidget {
    Q_OBJECT
public:
    struct Series {
        quint64 id = 0;
        QString name;
        int slot = 0;  ///< of series_colours
        bool visible = true;
        std::shared_ptr<const metrics::Roc> roc;
        std::shared_ptr<const metrics::RocBand> band;
    };

    explicit RocPlot(QWidget* parent = nullptr);
    ~RocPlot() override;

    void setSeries(std::vector<Series> series);
    /// Whose operating point is shown and moved; 0: none.
    void setCurrent(quint64 id);
    void setOperatingPoint(const std::optional<metrics::OperatingPoint>& point);
    void setLogFpr(bool on);
    bool isLogFpr() const;
    void setBandsVisible(bool on);
    bool areBandsVisible() const;
    void showAll();

    /// Where rates lie in this widget, px.
    QPointF pixelAt(metrics::RatePoint rates) const;

    enum class Format { Png, Pdf };
    /// Takes what is shown as it is now; calling the result encodes and writes it, on any thread, and
    /// replaces an existing file, atomically. It throws signet::Error.
    using ExportJob = std::function<void(const std::filesystem::path&)>;
    ExportJob prepareExport(Format format);

    QSize sizeHint() const override { return {420, 320}; }
    QSize minimumSizeHint() const override { return {220, 170}; }

Q_SIGNALS:
    /// A person chose this point of the current curve.
    void pointChosen(std::size_t index);
    void seriesToggled(quint64 id);

protected:
    std::function<void()> keyAction(const QKeyEvent* event) override;
    void restyle() override { rebuild(); }
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild();
    void build(const QPalette& palette);
    void showRange();
    void drawOperatingPoint(const QPalette& palette);
    void describe();
    void chooseNearest(QPointF at);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::ui
