#include "ui/shell/screenshot_tour.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTableView>
#include <cstdio>

#include "core/base/platform.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/cases/exhibit_findings.h"
#include "ui/cases/exhibit_panel.h"
#include "ui/cases/report_form.h"
#include "ui/cases/report_panel.h"
#include "ui/experiments/experiment_page.h"
#include "ui/fingerprints/fingerprint_page.h"
#include "ui/inspect/inspect_page.h"
#include "ui/intake/image_intake.h"
#include "ui/itemmodels/run_list_model.h"
#include "ui/roc/roc_page.h"
#include "ui/shell/main_window.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/theme.h"
#include "ui/training/training_page.h"
#include "ui/viewer/compare_panel.h"

namespace signet::ui {
namespace {

constexpr int kPollMs = 100;
constexpr std::size_t kRuns = 2;
const QSize kSizes[] = {QSize(900, 600), QSize(1440, 900)};

QString themeName(ThemeMode mode) {
    return mode == ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
}

}  // namespace

ScreenshotTour::ScreenshotTour(MainWindow& window, Services& services, ThemeController& theme,
                               std::filesystem::path folder)
    : m_window(window), m_services(services), m_theme(theme), m_folder(std::move(folder)) {
    QDir().mkpath(fromPath(m_folder));
    connect(&m_timer, &QTimer::timeout, this, &ScreenshotTour::step);
    m_timer.start(kPollMs);
    m_clock.start();
}

void ScreenshotTour::finish(int status) {
    m_timer.stop();
    QFile::remove(fromPath(m_folder / "settings.ini"));
    QDir(fromPath(m_folder / "workspace")).removeRecursively();
    QApplication::exit(status);
}

void ScreenshotTour::settleFingerprints() const {
    const FingerprintService& service = m_services.fingerprints();
    while (service.isReading() || service.isChanging() || service.isDrawing() || service.isIdentifying())
        QApplication::processEvents();
}

void ScreenshotTour::settleExperiments() const {
    while (m_services.experiments().isReading()) QApplication::processEvents();
}

bool ScreenshotTour::settled() const {
    return m_services.examine().isIdle() && m_services.media().isIdle() &&
           !m_services.media().isLoadingImage() && !m_services.sign().isPreviewing() &&
           !m_services.sign().isLooking() && m_services.catalogue();
}

void ScreenshotTour::step() {
    if (m_clock.elapsed() > kTimeLimitMs) {
        std::fprintf(stderr, "screenshots: the samples were not done within %d s\n", kTimeLimitMs / 1000);
        finish(1);
        return;
    }
    switch (m_stage) {
        case Stage::Start:
            if (!m_services.catalogue()) return;
            for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
                m_theme.setMode(mode);
                for (const QSize& size : kSizes) {
                    m_window.resize(size);
                    const QString suffix =
                        QStringLiteral("%1-%2x%3").arg(themeName(mode)).arg(size.width()).arg(size.height());
                    savePicture(QStringLiteral("empty-%1").arg(suffix));
                    m_window.showPage(QStringLiteral("cases"));
                    savePicture(QStringLiteral("cases-empty-%1").arg(suffix));
                    m_window.page<CasePage>()->showForm();
                    savePicture(QStringLiteral("cases-new-%1").arg(suffix));
                    m_window.page<CasePage>()->showCurrent();
                    m_window.showPage(QStringLiteral("roc"));
                    savePicture(QStringLiteral("roc-empty-%1").arg(suffix));
                    m_window.showPage(QStringLiteral("fingerprints"));
                    settleFingerprints();
                    savePicture(QStringLiteral("fingerprints-empty-%1").arg(suffix));
                    m_window.showPage(QStringLiteral("experiments"));
                    settleExperiments();
                    savePicture(QStringLiteral("experiments-empty-%1").arg(suffix));
                    m_window.showPage(QStringLiteral("generators"));
                    savePicture(QStringLiteral("generators-empty-%1").arg(suffix));
                    m_window.showPage(QStringLiteral("inspect"));
                }
            }
            m_window.page<InspectPage>()->intake()->addSamples();
            m_stage = Stage::Examining;
            return;
        case Stage::Examining:
            if (!settled()) return;
            prepare();
            m_stage = Stage::Previewing;
            return;
        case Stage::Previewing:
            if (!settled() || m_window.page<SignPage>()->model()->rowCount() == 0) return;
            if (m_window.page<SignPage>()->preview()->psnrText().isEmpty() &&
                m_clock.elapsed() < kTimeLimitMs / 4)
                return;
            m_window.showPage(QStringLiteral("training"));
            m_stage = Stage::Training;
            return;
        case Stage::Training:
            if (m_services.training().runs().size() < kRuns || !m_services.training().isIdle()) return;
            if (m_window.page<TrainingPage>()->model()->run(0)->step() == 0) return;
            m_window.page<TrainingPage>()->table()->selectAll();
            if (++m_turns < kTurnsToRead) return;
            m_window.showPage(QStringLiteral("cases"));
            m_stage = Stage::Case;
            return;
        case Stage::Case:
            if (!m_services.cases().isIdle() || !m_services.media().isIdle() || !prepareCase()) return;
            m_window.showPage(QStringLiteral("roc"));
            m_stage = Stage::Roc;
            return;
        case Stage::Roc:
            if (!m_services.roc().isIdle() || !prepareRoc()) return;
            m_window.showPage(QStringLiteral("generators"));
            m_stage = Stage::Drawing;
            return;
        case Stage::Drawing:
            if (!prepareGenerators()) return;
            m_stage = Stage::Taking;
            return;
        case Stage::Taking:
            saveAll();
            finish(m_failed ? 1 : 0);
    }
}

void ScreenshotTour::saveAll() {
    prepareFingerprints();
    prepareExperiments();
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        m_theme.setMode(mode);
        for (const QSize& size : kSizes) {
            m_window.resize(size);
            m_window.showPage(QStringLiteral("inspect"));
            m_window.page<InspectPage>()->restoreDefaultLayout();
            const QString suffix =
                QStringLiteral("%1-%2x%3").arg(themeName(mode)).arg(size.width()).arg(size.height());
            m_window.page<InspectPage>()->showRow(m_conflictRow);
            while (m_services.media().isLoadingImage()) QApplication::processEvents();
            const char* const docks[] = {"metadata", "file"};
            for (int dock = 0; dock < 2; ++dock) {
                m_window.page<InspectPage>()->showDock(2 + dock);
                savePicture(QStringLiteral("inspect-%1-%2").arg(QLatin1String(docks[dock]), suffix));
            }
            m_window.page<InspectPage>()->showDock(1);
            m_window.page<InspectPage>()->showRow(m_bestRow);
            while (m_services.media().isLoadingImage()) QApplication::processEvents();
            saveComparison(suffix);
            m_window.showPage(QStringLiteral("training"));
            const char* const tabs[] = {"curves", "samples", "checkpoints", "parameters", "log"};
            for (int tab = 4; tab >= 0; --tab) {
                m_window.page<TrainingPage>()->showTab(static_cast<TrainingPage::Tab>(tab));
                savePicture(QStringLiteral("training-%1-%2").arg(QLatin1String(tabs[tab]), suffix));
            }
            m_window.page<TrainingPage>()->showNewRun();
            savePicture(QStringLiteral("training-new-%1").arg(suffix));
            m_window.page<TrainingPage>()->showRuns();
            m_window.showPage(QStringLiteral("cases"));
            const char* const parts[] = {"results", "intake", "findings", "metadata", "custody"};
            for (int part = ExhibitPanel::Custody; part >= ExhibitPanel::Results; --part) {
                m_window.page<CasePage>()->view()->panel()->showTab(static_cast<ExhibitPanel::Tab>(part));
                savePicture(QStringLiteral("cases-%1-%2").arg(QLatin1String(parts[part]), suffix));
            }
            saveCaseParts(suffix);
            saveRoc(suffix);
            FingerprintPage* fingerprints = m_window.page<FingerprintPage>();
            m_window.showPage(QStringLiteral("fingerprints"));
            const char* const panels[] = {"identify", "residual", "calculator"};
            for (int panel = FingerprintPage::Calculator; panel >= FingerprintPage::Identify; --panel) {
                fingerprints->showTab(static_cast<FingerprintPage::Tab>(panel));
                auto* draw = fingerprints->findChild<QAction*>(QStringLiteral("residualDrawAction"));
                if (panel == FingerprintPage::Residual && draw->isEnabled()) draw->trigger();
                settleFingerprints();
                savePicture(QStringLiteral("fingerprints-%1-%2").arg(QLatin1String(panels[panel]), suffix));
            }
            ExperimentPage* experiments = m_window.page<ExperimentPage>();
            m_window.showPage(QStringLiteral("experiments"));
            settleExperiments();
            for (int tab = ExperimentPage::Failures; tab >= ExperimentPage::Results; --tab) {
                experiments->showTab(static_cast<ExperimentPage::Tab>(tab));
                savePicture(QStringLiteral("experiments-%1-%2").arg(tab).arg(suffix));
            }
            for (const QString& page : m_window.pages()) {
                m_window.showPage(page);
                savePicture(QStringLiteral("%1-%2-%3x%4")
                                .arg(page, themeName(mode))
                                .arg(size.width())
                                .arg(size.height()));
            }
        }
    }
}

void ScreenshotTour::saveCaseParts(const QString& suffix) {
    CasePage* page = m_window.page<CasePage>();
    const auto settle = [this] {
        while (!m_services.cases().isIdle() || !m_services.media().isIdle()) QApplication::processEvents();
    };
    page->view()->panel()->showTab(ExhibitPanel::Findings);
    page->view()->panel()->findings()->showRegions(true);
    QApplication::processEvents();
    settle();
    savePicture(QStringLiteral("cases-region-%1").arg(suffix));
    page->view()->panel()->findings()->showRegions(false);
    page->view()->panel()->showTab(ExhibitPanel::Results);
    page->showProperties();
    savePicture(QStringLiteral("cases-properties-%1").arg(suffix));
    page->showExport();
    savePicture(QStringLiteral("cases-export-%1").arg(suffix));
    page->showCodes();
    settle();
    savePicture(QStringLiteral("cases-codes-%1").arg(suffix));
    page->showAudit();
    settle();
    savePicture(QStringLiteral("cases-audit-%1").arg(suffix));
    page->showReport();
    settle();
    savePicture(QStringLiteral("cases-report-%1").arg(suffix));
    m_services.cases().previewReport(page->report()->form()->options());
    settle();
    for (int turn = 0; turn < 5; ++turn) QApplication::processEvents();
    settle();
    savePicture(QStringLiteral("cases-preview-%1").arg(suffix));
    page->report()->showIssued();
    savePicture(QStringLiteral("cases-issued-%1").arg(suffix));
    page->showCurrent();
}

void ScreenshotTour::saveRoc(const QString& suffix) {
    RocPage* page = m_window.page<RocPage>();
    m_window.showPage(QStringLiteral("roc"));
    page->table()->selectRow(2);  // a model that was measured
    page->showMeasurePanel(true);
    savePicture(QStringLiteral("roc-measure-%1").arg(suffix));
    page->showMeasurePanel(false);
    page->table()->selectRow(0);
    page->menuActions(Page::Menu::View).front()->trigger();
    savePicture(QStringLiteral("roc-log-%1").arg(suffix));
    page->menuActions(Page::Menu::View).front()->trigger();
}

void ScreenshotTour::saveComparison(const QString& suffix) {
    InspectPage* page = m_window.page<InspectPage>();
    ComparePanel* panel = page->comparison();
    const std::filesystem::path samples = dataFolder() / "resources/samples";
    page->compare(samples / "astronaut.png", samples / "astronaut-signed.jpg");
    const char* const modes[] = {"side-by-side", "swipe", "blink", "difference"};
    for (int mode = 0; mode < 4; ++mode) {
        while (panel->isLoading()) QApplication::processEvents();
        panel->setMode(static_cast<CompareMode>(mode));
        while (panel->isLoading()) QApplication::processEvents();
        savePicture(QStringLiteral("compare-%1-%2").arg(QLatin1String(modes[mode]), suffix));
    }
    panel->setMode(CompareMode::SideBySide);
    panel->closeAction()->trigger();
}

void ScreenshotTour::savePicture(const QString& name) {
    for (int turn = 0; turn < 5; ++turn) QApplication::processEvents();
    const QString file = QDir(fromPath(m_folder)).filePath(name + QStringLiteral(".png"));
    if (!m_window.grab().save(file)) {
        std::fprintf(stderr, "screenshots: cannot write %s\n", qPrintable(file));
        m_failed = true;
    }
}

}  // namespace signet::ui
