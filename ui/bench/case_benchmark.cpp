#include "ui/bench/case_benchmark.h"

#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QScrollBar>
#include <fstream>

#include "core/base/error.h"
#include "core/cases/sample_case.h"
#include "ui/bench/bench_window.h"
#include "ui/bench/heartbeat.h"
#include "ui/bench/offscreen_application.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/style/copy_table_view.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

constexpr int kPictures = 1'000;  ///< files with bytes of their own; the exhibits are links to them
const QSize kPictureSize(160, 120);

double residentMiB() {
    std::ifstream statm("/proc/self/statm");
    double all = 0, resident = 0;
    statm >> all >> resident;
    return resident * 4096 / (1 << 20);
}

/// Counts what is painted of a widget.
class PaintWatch : public QObject {
public:
    explicit PaintWatch(QWidget* widget) { widget->installEventFilter(this); }
    int paints = 0;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint) ++paints;
        return QObject::eventFilter(watched, event);
    }
};

class Benchmark {
public:
    Benchmark(const CaseBenchmarkOptions& options, const std::stop_token& stop,
              const std::function<void(const std::string&)>& progress)
        : m_options(options),
          m_stop(stop),
          m_progress(progress),
          m_bench(stop),
          m_view(m_window.page<CasePage>()->view()),
          m_watch(m_view->table()->viewport()) {
        QObject::connect(&m_services.cases(), &CaseService::failed, &m_window,
                         [this](const QString& message, bool) { m_bench.fail(message); });
        QObject::connect(&m_services.media(), &MediaService::thumbnailReady, &m_window,
                         [this] { ++m_result.thumbnails; });
        m_services.cases().setExaminer("benchmark");
    }

    CaseBenchmark run() {
        makeCase();
        m_window.resize(m_options.width, m_options.height);
        m_window.show();
        m_window.showPage(QStringLiteral("cases"));
        QApplication::processEvents();
        openCase();
        scroll();
        search();
        filter();
        sort();
        choose();
        return m_result;
    }

private:
    void makeCase() {
        QElapsedTimer clock;
        clock.start();
        m_progress("making pictures");
        fs::create_directories(m_workspace / "pictures");
        std::vector<fs::path> pictures;
        const int count = std::min(kPictures, m_options.exhibits);
        for (int i = 0; i < count; ++i) {
            QImage image(kPictureSize, QImage::Format_RGB32);
            image.fill(QColor::fromHsv(i * 360 / count, 90 + i % 100, 220));
            image.setPixel(i % kPictureSize.width(), i / kPictureSize.width(), qRgb(i & 255, i >> 8, 7));
            pictures.push_back(m_workspace / "pictures" / (std::to_string(i) + ".png"));
            image.save(fromPath(pictures.back()));
        }
        cases::SampleCaseOptions options;
        fs::create_directories(m_workspace / "exhibits");
        for (int i = 0; i < m_options.exhibits; ++i) {
            options.files.push_back(
                m_workspace / "exhibits" /
                ("IMG_" + std::to_string((i * 7919LL) % 1'000'000) + "_" + std::to_string(i) + ".png"));
            fs::create_hard_link(pictures[static_cast<std::size_t>(i % count)], options.files.back());
        }
        const std::string file = (m_workspace / "many.case").string();
        cases::CaseInfo info;
        info.title = "Benchmark";
        info.examiner = "benchmark";
        cases::CaseStore::create(file, info, {});
        cases::OpenOptions open;
        open.actor = "benchmark";
        cases::CaseStore store(file, open);
        cases::fillSampleCase(
            store, options,
            {m_stop, [this](auto done, auto total, const std::string& what) {
                 m_progress(what + " (" + std::to_string(done) + " of " + std::to_string(total) + ")");
             }});
        m_result.makeSeconds = 1e-3 * static_cast<double>(clock.elapsed());
    }

    void openCase() {
        m_progress("opening the case");
        const double before = residentMiB();
        Heartbeat heartbeat;
        heartbeat.start();
        QElapsedTimer clock;
        clock.start();
        m_window.page<CasePage>()->openCase(fromPath(m_workspace / "many.case"));
        waitUntil([this] { return m_view->model()->rowCount() == m_options.exhibits; });
        m_view->table()->viewport()->update();
        waitForPaint(m_watch.paints);
        m_result.openSeconds = 1e-9 * static_cast<double>(clock.nsecsElapsed());
        heartbeat.stop();
        m_result.openBlock = heartbeat.longestBlock();
        m_result.contentsMiB = residentMiB() - before;
        waitUntil([this] { return m_services.cases().isIdle() && m_services.media().isIdle(); });
    }

    void scroll() {
        m_progress("scrolling through the table");
        QScrollBar* bar = m_view->table()->verticalScrollBar();
        bar->setValue(0);
        QApplication::processEvents();
        m_result.thumbnails = 0;
        for (int at = bar->pageStep(); at <= bar->maximum(); at += bar->pageStep()) {
            const int paints = m_watch.paints;
            const double cpu = threadCpuSeconds();
            QElapsedTimer clock;
            clock.start();
            bar->setValue(at);
            waitForPaint(paints);
            m_result.frameSeconds.push_back(1e-9 * static_cast<double>(clock.nsecsElapsed()));
            m_result.frameCpuSeconds.push_back(threadCpuSeconds() - cpu);
            m_bench.check();
        }
        waitUntil([this] { return m_services.media().isIdle(); });
    }

    /// Until what was asked for is on the screen.
    template <typename Ask>
    double secondsOf(Ask&& ask) {
        QApplication::processEvents();
        const int paints = m_watch.paints;
        QElapsedTimer clock;
        clock.start();
        ask();
        m_view->table()->viewport()->update();  // where all rows stay as they are, nothing else asks for it
        waitForPaint(paints);
        return 1e-9 * static_cast<double>(clock.nsecsElapsed());
    }

    void search() {
        auto* field = m_view->findChild<QLineEdit*>(QStringLiteral("caseSearch"));
        m_view->table()->scrollToTop();
        for (const char* text : {"i", "im", "img_4", "img_42", "img_4", "", "nothing has this", ""})
            m_result.searchSeconds =
                std::max(m_result.searchSeconds, secondsOf([&] { field->setText(QLatin1String(text)); }));
    }

    void filter() {
        for (const char* name : {"caseStateFilter", "casePresenceFilter", "caseTagFilter"}) {
            auto* combo = m_view->findChild<QComboBox*>(QLatin1String(name));
            for (const int entry : {1, combo->count() - 1, 0})
                m_result.filterSeconds =
                    std::max(m_result.filterSeconds, secondsOf([&] { combo->setCurrentIndex(entry); }));
        }
    }

    void sort() {
        for (int column = 1; column < ExhibitModel::ColumnCount; ++column) {
            for (const auto order : {Qt::DescendingOrder, Qt::AscendingOrder})
                m_result.sortSeconds = std::max(
                    m_result.sortSeconds, secondsOf([&] { m_view->table()->sortByColumn(column, order); }));
        }
    }

    void choose() {
        bool there = false;
        const auto connection = QObject::connect(&m_services.cases(), &CaseService::detailsReady,
                                                 [&](const ExhibitDetailsPtr&) { there = true; });
        for (const int row : {m_options.exhibits / 2, m_options.exhibits - 1, 0}) {
            there = false;
            QElapsedTimer clock;
            clock.start();
            m_view->table()->selectRow(row);
            waitUntil([&] { return there; });
            m_result.selectSeconds =
                std::max(m_result.selectSeconds, 1e-9 * static_cast<double>(clock.nsecsElapsed()));
        }
        QObject::disconnect(connection);
    }

    void waitForPaint(int paints) {
        QElapsedTimer clock;
        clock.start();
        while (m_watch.paints == paints) {
            QApplication::processEvents(QEventLoop::AllEvents);
            if (clock.elapsed() > 10'000) throw Error(ErrorCode::Environment, "the table was not drawn");
        }
    }

    void waitUntil(const std::function<bool()>& condition) {
        m_bench.waitUntil(condition, "the case did not open in time");
    }

    const CaseBenchmarkOptions& m_options;
    const std::stop_token& m_stop;
    const std::function<void(const std::string&)>& m_progress;
    BenchWindow m_bench;
    const fs::path& m_workspace = m_bench.workspace();
    Services& m_services = m_bench.services();
    MainWindow& m_window = m_bench.window();
    CaseView* m_view;
    PaintWatch m_watch;
    CaseBenchmark m_result;
};

}  // namespace

CaseBenchmark benchmarkCase(const CaseBenchmarkOptions& options, const std::stop_token& stop,
                            const std::function<void(const std::string&)>& progress) {
    const OffscreenApplication application;
    return Benchmark(options, stop, progress).run();
}

}  // namespace signet::ui
