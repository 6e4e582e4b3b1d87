#include "ui/bench/plot_benchmark.h"

#include <QApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include "core/base/error.h"
#include "core/base/platform.h"
#include "ui/bench/heartbeat.h"
#include "ui/bench/offscreen_application.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/plain_plot.h"
#include "ui/style/theme.h"
#include "ui/training/curve_panel.h"

namespace signet::ui {
namespace {

using Clock = std::chrono::steady_clock;
using Points = std::vector<CurvePlot::Point>;
constexpr std::size_t kPart = 50000;  // points handed to a plot at a time
constexpr double kSmoothing = 0.9;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A falling loss with noise, the same for the same seed.
class LossSource {
public:
    explicit LossSource(unsigned seed) : m_random(seed) {}
    CurvePlot::Point next() {
        const double trend = 2 / (1 + 1e-4 * static_cast<double>(m_step)) + 0.2;
        ++m_step;
        return {m_step, 16 * m_step, 0.05 * static_cast<double>(m_step),
                trend * std::exp(0.2 * m_noise(m_random))};
    }
    Points take(std::size_t count) {
        Points points(count);
        for (CurvePlot::Point& point : points) point = next();
        return points;
    }

private:
    std::mt19937 m_random;
    std::normal_distribution<double> m_noise;
    std::uint64_t m_step = 0;
};

/// Adds count points to a curve in parts; a vector of all would stand in the memory measured.
void fill(CurvePlot& plot, int id, LossSource& source, std::size_t count) {
    for (std::size_t done = 0; done < count; done += kPart)
        plot.append(id, source.take(std::min(kPart, count - done)));
}

class Benchmark {
public:
    Benchmark(const PlotBenchmarkOptions& options, const std::stop_token& stop,
              const std::function<void(const std::string&)>& progress)
        : m_options(options), m_stop(stop), m_progress(progress) {}

    PlotBenchmark run() {
        measureRedraws();
        measureLive();
        return m_result;
    }

private:
    void begin(const std::string& what) {
        checkStop();
        m_progress(what);
    }
    void checkStop() const {
        if (m_stop.stop_requested()) throw Error(ErrorCode::Cancelled, "interrupted");
    }

    /// Replot and painting into the window's store.
    template <class Plot>
    double redraw(Plot& plot) {
        const auto start = Clock::now();
        plot.redrawNow();
        plot.repaint();
        QApplication::sendPostedEvents();
        const double seconds = secondsSince(start);
        QApplication::processEvents();
        return seconds;
    }

    void measureRedraws() {
        begin("making the curves");
        CurvePlot plot;
        plot.setSmoothing(kSmoothing);
        plot.resize(m_options.width, m_options.height);
        const double before = currentRssMiB();
        for (int c = 0; c < m_options.curves; ++c) {
            LossSource source(static_cast<unsigned>(c));
            fill(plot, plot.addCurve(QStringLiteral("run %1").arg(c + 1), seriesColour(c)), source,
                 m_options.points);
            checkStop();
        }
        m_result.curvesMiB = currentRssMiB() - before;
        PlainPlot plain(kSmoothing);
        plain.resize(m_options.width, m_options.height);
        for (int c = 0; c < m_options.curves; ++c)
            plain.addCurve(LossSource(static_cast<unsigned>(c)).take(m_options.points));
        m_result.bytesPerPoint =
            m_result.curvesMiB * (1 << 20) / static_cast<double>(m_options.points) / m_options.curves;
        plot.show();
        plain.show();
        QApplication::processEvents();
        redraw(plot);  // first use of fonts and caches is not measured
        redraw(plain);
        begin("redrawing");
        for (int i = 0; i < m_options.redraws; ++i) {
            checkStop();
            m_result.redrawSeconds.push_back(redraw(plot));
            m_result.referenceSeconds.push_back(redraw(plain));
        }
        plain.hide();
        measureSmoothing(plot);
        zoomToTenth(plot);
        for (int i = 0; i < m_options.redraws; ++i) m_result.zoomedSeconds.push_back(redraw(plot));
    }

    void zoomToTenth(CurvePlot& plot) const {
        QKeyEvent nearer(QEvent::KeyPress, Qt::Key_Plus, Qt::NoModifier);
        const double all = plot.xRange().upper - plot.xRange().lower;
        while (plot.xRange().upper - plot.xRange().lower > all / 10) QApplication::sendEvent(&plot, &nearer);
    }

    void measureSmoothing(CurvePlot& plot) {
        begin("smoothing");
        Heartbeat heartbeat;
        heartbeat.start();
        const auto start = Clock::now();
        plot.setSmoothing(0.97);
        while (plot.isSmoothing()) QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        m_result.smoothingSeconds = secondsSince(start);
        heartbeat.stop();
        m_result.smoothingBlock = heartbeat.longestBlock();
    }

    void measureLive() {
        begin("live curves");
        QWidget window;
        auto* grid = new QGridLayout(&window);
        std::vector<CurvePanel*> panels;
        std::vector<LossSource> sources;
        for (int p = 0; p < m_options.panels; ++p) {
            auto* panel = new CurvePanel(&window);
            panel->setMetrics({QStringLiteral("metric %1").arg(p + 1)});
            grid->addWidget(panel, p / 2, p % 2);
            panels.push_back(panel);
            for (int c = 0; c < m_options.curves; ++c) {
                LossSource& source = sources.emplace_back(static_cast<unsigned>(100 * p + c));
                const int id = panel->plot()->addCurve(QStringLiteral("run %1").arg(c + 1), seriesColour(c));
                fill(*panel->plot(), id, source, m_options.panelPoints);
            }
        }
        window.resize(1440, 900);
        window.show();
        for (int i = 0; i < 20; ++i) QApplication::processEvents(QEventLoop::AllEvents, 50);

        std::jthread writer([&](const std::stop_token& stop) {
            const std::chrono::duration<double> pause(1 / m_options.recordsPerSecond);
            auto due = Clock::now();
            while (!stop.stop_requested()) {
                std::vector<CurvePlot::Point> record;
                record.reserve(sources.size());
                for (LossSource& source : sources) record.push_back(source.next());
                QMetaObject::invokeMethod(&window, [this, &panels, record] { takeIn(panels, record); });
                due += std::chrono::duration_cast<Clock::duration>(pause);
                std::this_thread::sleep_until(due);
            }
        });
        Heartbeat heartbeat;
        heartbeat.start();
        const auto start = Clock::now();
        while (secondsSince(start) < m_options.liveSeconds && !m_stop.stop_requested())
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        heartbeat.stop();
        writer.request_stop();
        writer.join();
        checkStop();
        m_result.liveBlock = heartbeat.longestBlock();
        m_result.liveBusy = heartbeat.longestBusy();
        m_result.heartbeats = static_cast<std::size_t>(heartbeat.beats());
    }

    void takeIn(const std::vector<CurvePanel*>& panels, const Points& record) {
        for (std::size_t i = 0; i < record.size(); ++i) {
            const auto curves = static_cast<std::size_t>(m_options.curves);
            panels[i / curves]->plot()->append(static_cast<int>(i % curves), std::span(&record[i], 1));
        }
        ++m_result.liveRecords;
    }

    const PlotBenchmarkOptions& m_options;
    const std::stop_token& m_stop;
    const std::function<void(const std::string&)>& m_progress;
    PlotBenchmark m_result;
};

}  // namespace

PlotBenchmark benchmarkPlots(const PlotBenchmarkOptions& options, const std::stop_token& stop,
                             const std::function<void(const std::string&)>& progress) {
    const OffscreenApplication application;
    const ThemeController theme;
    return Benchmark(options, stop, progress).run();
}

}  // namespace signet::ui
