#include "ui/bench/training_benchmark.h"

#include <QApplication>
#include <QElapsedTimer>

#include "core/base/file_io.h"
#include "core/image/find_images.h"
#include "ui/bench/bench_window.h"
#include "ui/bench/heartbeat.h"
#include "ui/bench/offscreen_application.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

class Benchmark {
public:
    Benchmark(const TrainingBenchmarkOptions& options, const std::stop_token& stop,
              const std::function<void(const std::string&)>& progress)
        : m_options(options),
          m_progress(progress),
          m_bench(stop),
          m_photos(image::findImages({m_options.options.at("data").get<std::string>()}, {}).files) {
        QObject::connect(&m_services.training(), &TrainingService::failed, &m_window,
                         [this](const QString& message) { m_bench.fail(message); });
        QObject::connect(&m_services.examine(), &ExamineService::finished, &m_window,
                         [this](quint64, const RecordPtr& record) { examined(*record); });
    }

    TrainingBenchmark run() {
        m_window.resize(1440, 900);
        m_window.show();
        m_window.showPage(QStringLiteral("training"));
        m_progress("loading the models");
        ask();
        waitUntil([this] { return m_examined > 0; });
        m_progress("beginning to train");
        m_services.training().create(m_options.options);
        waitUntil([this] { return step() > 0; });
        m_result.examineSeconds.clear();
        watch();
        m_services.training().finishAll();
        waitUntil([this] { return m_services.training().isIdle(); });
        return m_result;
    }

private:
    void watch() {
        m_progress("watching the window while it trains");
        const auto firstStep = step();
        Heartbeat heartbeat;
        QElapsedTimer clock, sinceAsked;
        heartbeat.start();
        clock.start();
        sinceAsked.start();
        while (static_cast<double>(clock.elapsed()) < 1e3 * m_options.seconds || m_asked.isValid()) {
            m_bench.check();
            if (!m_asked.isValid() &&
                static_cast<double>(sinceAsked.elapsed()) > 1e3 * m_options.examineEvery) {
                ask();
                sinceAsked.restart();
            }
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        heartbeat.stop();
        m_result.longestBlock = heartbeat.longestBlock();
        m_result.longestBusy = heartbeat.longestBusy();
        m_result.heartbeats = static_cast<std::size_t>(heartbeat.beats());
        m_result.steps = step() - firstStep;
        if (m_result.steps > 0)
            m_result.secondsPerStep =
                1e-3 * static_cast<double>(clock.elapsed()) / static_cast<double>(m_result.steps);
    }

    void ask() {
        m_services.examine().enqueue(m_photos[m_examined % m_photos.size()]);
        m_asked.start();
    }

    void examined(const examine::Record& record) {
        if (record.error) m_bench.fail(toText(record.error->message));
        m_result.examineSeconds.push_back(1e-9 * static_cast<double>(m_asked.nsecsElapsed()));
        m_asked.invalidate();
        ++m_examined;
    }

    std::uint64_t step() const {
        const auto& runs = m_services.training().runs();
        return runs.empty() ? 0 : runs.front().step();
    }

    void waitUntil(const std::function<bool()>& condition) {
        m_bench.waitUntil(condition, "the run did not begin or end in time");
    }

    const TrainingBenchmarkOptions& m_options;
    const std::function<void(const std::string&)>& m_progress;
    BenchWindow m_bench;
    Services& m_services = m_bench.services();
    MainWindow& m_window = m_bench.window();
    std::vector<std::filesystem::path> m_photos;
    QElapsedTimer m_asked;
    std::size_t m_examined = 0;
    TrainingBenchmark m_result;
};

}  // namespace

TrainingBenchmark benchmarkTraining(const TrainingBenchmarkOptions& options, const std::stop_token& stop,
                                    const std::function<void(const std::string&)>& progress) {
    const OffscreenApplication application;
    return Benchmark(options, stop, progress).run();
}

}  // namespace signet::ui
