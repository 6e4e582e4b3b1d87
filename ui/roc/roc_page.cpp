#include "ui/roc/roc_page.h"

#include <QAction>
#include <QHeaderView>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QUndoStack>

#include "core/base/file_io.h"
#include "core/image/file_names.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/remove_rows_command.h"
#include "ui/plot/roc_plot.h"
#include "ui/plot/score_histogram.h"
#include "ui/roc/calibration_card.h"
#include "ui/roc/measure_panel.h"
#include "ui/roc/operating_panel.h"
#include "ui/roc/roc_exports.h"
#include "ui/roc/roc_text.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kMostNamed = 200;  ///< files in a notice's details

QString unscoredText(const examine::FolderScores& scores) {
    QStringList lines;
    for (const examine::UnscoredFile& file : scores.unscored) {
        if (lines.size() == kMostNamed) {
            lines << QObject::tr("… and %1 more").arg(scores.unscored.size() - kMostNamed);
            break;
        }
        lines << QStringLiteral("%1: %2").arg(toText(file.path), toText(file.failure.message));
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

void RocPage::connectService() {
    RocService& roc = m_services.roc();
    connect(&roc, &RocService::opened, this, [this](const RocDetectors& detectors) {
        m_notice->hide();
        add(detectors);
    });
    connect(&roc, &RocService::openFailed, this,
            [this](const std::filesystem::path& file, const QString& why) {
                m_notice->showNotice(
                    NoticeBar::Kind::Problem, tr("%1 could not be read: %2").arg(fileName(file), why),
                    tr("A score file has a score and a label on each line, 1 for signed and 0 for not, "
                       "and may have a detector's name as third field."));
            });
    connect(&roc, &RocService::progress, m_measure, &MeasurePanel::showProgress);
    connect(&roc, &RocService::measured, this,
            [this](const FolderScoresPtr& scores, const RocDetectors& detectors, const QString& problem) {
                add(detectors);
                showMeasured(scores, problem);
                showWhatFits();
            });
    connect(&roc, &RocService::measureFailed, this, [this](const QString& why) {
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("Nothing was measured. %1").arg(why));
        showWhatFits();
    });
    connect(&roc, &RocService::calibrationSaved, this,
            [this](const QString& model, const std::filesystem::path& kept) {
                QString text = tr("The calibration was saved with %1.").arg(model);
                if (!kept.empty()) text += tr(" The one before is kept as %1.").arg(fileName(kept));
                m_notice->showNotice(NoticeBar::Kind::Information, text, toText(kept));
                const int at = m_model->indexOf(m_savingFor);
                if (const auto* row = m_model->row(at))
                    m_model->setThreshold(at, row->threshold, ThresholdOrigin::Calibration);
            });
    connect(&roc, &RocService::calibrationFailed, this, [this](const QString& why) {
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("The calibration was not saved. %1").arg(why));
    });
    connect(&roc, &RocService::written, this, [this](const std::filesystem::path& path) {
        m_notice->showNotice(NoticeBar::Kind::Information, tr("Written: %1").arg(toText(path)));
    });
    connect(&roc, &RocService::writeFailed, this, [this](const QString& why) {
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("The export failed. %1").arg(why));
    });
    connect(&m_services, &Services::catalogueChanged, this, [this] {
        m_measure->setCatalogue(m_services.catalogue());
        showCurrent();
    });
    connect(m_measure, &MeasurePanel::startWanted, this, &RocPage::startMeasuring);
    connect(m_measure, &MeasurePanel::stopWanted, &roc, &RocService::stop);
    connect(m_measure, &MeasurePanel::closed, this, [this] { showMeasurePanel(false); });
    connect(m_operating->calibration(), &CalibrationCard::saveWanted, this,
            [this](const models::Manifest& manifest) {
                const auto* row = current();
                if (!row) return;
                m_savingFor = row->id;
                m_services.roc().saveCalibration(manifest, row->detector, row->threshold);
            });
    connect(m_operating, &OperatingPanel::thresholdChosen, this, &RocPage::setThreshold);
    connect(m_plot, &RocPlot::pointChosen, this, [this](std::size_t index) {
        if (const auto* row = current())
            setThreshold(metrics::thresholdOf(row->detector->roc, index), ThresholdOrigin::ThisSet);
    });
    connect(m_plot, &RocPlot::seriesToggled, this, [this](quint64 id) {
        const int at = m_model->indexOf(id);
        if (const auto* row = m_model->row(at)) m_model->setVisible(at, !row->visible);
    });
    connect(m_histogram, &ScoreHistogram::thresholdDragged, this,
            [this](double threshold) { setThreshold(threshold, ThresholdOrigin::ThisSet); });
    connect(m_histogram, &ScoreHistogram::stepWanted, this, [this](int steps) {
        const auto* row = current();
        if (!row) return;
        const metrics::Roc& roc = row->detector->roc;
        const auto now = static_cast<std::ptrdiff_t>(metrics::pointIndexAt(roc, row->threshold));
        const auto then =
            std::clamp<std::ptrdiff_t>(now - steps, 0, static_cast<std::ptrdiff_t>(roc.points.size()) - 1);
        setThreshold(metrics::thresholdOf(roc, static_cast<std::size_t>(then)), ThresholdOrigin::ThisSet);
    });
    connect(m_model, &DetectorModel::dataChanged, this, &RocPage::showList);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RocPage::showCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RocPage::showWhatFits);
}

void RocPage::openFile(const std::filesystem::path& scoreFile) {
    m_services.roc().open(scoreFile);
}

void RocPage::takeFiles(std::vector<std::filesystem::path> paths) {
    for (const std::filesystem::path& path : paths) {
        std::error_code error;
        if (std::filesystem::is_directory(path, error)) {
            m_measure->takeFolder(fromPath(path));
            showMeasurePanel(true);
        } else if (image::formatOfName(path)) {
            m_notice->showNotice(
                NoticeBar::Kind::Information,
                tr("%1 is an image. Drop two folders of images, as of signed and of unsigned ones, or a "
                   "score file.")
                    .arg(fileName(path)));
        } else {
            openFile(path);
        }
    }
}

void RocPage::startMeasuring() {
    m_notice->hide();
    m_services.roc().measure(m_measure->options());
    showWhatFits();
}

void RocPage::showMeasured(const FolderScoresPtr& scores, const QString& problem) {
    QStringList parts;
    const examine::SetWords words = examine::commonWords(scores->words);
    parts << tr("%1 %2 and %3 %4 images were measured.")
                 .arg(QString::number(scores->count(true)), toText(words.positives),
                      QString::number(scores->count(false)), toText(words.negatives));
    if (!scores->complete) parts << tr("The measurement was stopped before all were done.");
    if (!scores->unscored.empty())
        parts << tr("%1 left out.").arg(countText(static_cast<int>(scores->unscored.size()), "file"));
    if (!scores->leftOut.empty()) parts << leftOutText(scores->leftOut);
    if (scores->duplicates > 0)
        parts << tr("%1 counted once.").arg(countText(scores->duplicates, "duplicate"));
    if (!problem.isEmpty()) parts << tr("There is no curve: %1").arg(problem);
    const bool isProblem = !problem.isEmpty() || !scores->unscored.empty();
    m_notice->showNotice(isProblem ? NoticeBar::Kind::Problem : NoticeBar::Kind::Information,
                         parts.join(QLatin1Char(' ')),
                         QStringList{unscoredText(*scores), leftOutDetails(scores->leftOut)}
                             .join(QLatin1Char('\n'))
                             .trimmed());
    if (problem.isEmpty()) showMeasurePanel(false);
}

void RocPage::add(const RocDetectors& detectors) {
    int at = -1;
    for (const RocDetectorPtr& added : detectors) {
        const RocDetectorPtr detector = m_model->named(added);
        const ModelEntry* entry = detector->folders ? m_services.model(detector->model) : nullptr;
        const std::optional<double> own = entry ? entry->threshold() : std::nullopt;
        at = m_model->add(
            detector, own ? *own : metrics::thresholdOf(detector->roc, metrics::balancedIndex(detector->roc)),
            own ? ThresholdOrigin::Calibration : ThresholdOrigin::ThisSet);
    }
    showList();
    if (at >= 0) m_table->selectRow(at - static_cast<int>(detectors.size()) + 1);
    showCurrent();
}

void RocPage::removeSelected() {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) rows.push_back(index.row());
    if (rows.empty()) return;
    auto* command = new RemoveRowsCommand<DetectorModel::Taken>(
        rows, [this](const std::vector<int>& taken) { return m_model->takeRows(taken); },
        [this](const std::vector<DetectorModel::Taken>& taken) { m_model->restore(taken); });
    command->setText(tr("removal of %1").arg(countText(static_cast<int>(rows.size()), "detector")));
    m_undo->push(command);
}

const DetectorModel::Row* RocPage::current() const {
    return m_model->row(m_table->currentIndex().row());
}

const ModelEntry* RocPage::entryOf(const DetectorModel::Row* row) const {
    return row && row->detector->folders ? m_services.model(row->detector->model) : nullptr;
}

void RocPage::showList() {
    std::vector<RocPlot::Series> series;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const DetectorModel::Row& row = *m_model->row(i);
        series.push_back({row.id, toText(row.detector->name), row.slot, row.visible,
                          std::shared_ptr<const metrics::Roc>(row.detector, &row.detector->roc),
                          std::shared_ptr<const metrics::RocBand>(row.detector, &row.detector->band)});
    }
    m_plot->setSeries(std::move(series));
    showWhatFits();
}

void RocPage::showCurrent() {
    const DetectorModel::Row* row = current();
    const ModelEntry* entry = entryOf(row);
    m_plot->setCurrent(row ? row->id : 0);
    m_histogram->setColours({meaningColours().unsignedSeries, meaningColours().signedSeries});
    m_histogram->setCalibrated(entry ? entry->threshold() : std::nullopt);
    const examine::SetWords words = row ? row->detector->words : examine::SetWords();
    m_histogram->setNames({toText(words.positives), toText(words.negatives)});
    if (row)
        m_histogram->setScores(row->detector->signedScores, row->detector->unsignedScores);
    else
        m_histogram->setScores({}, {});
    showOperatingPoint();
    showWhatFits();
}

void RocPage::showOperatingPoint() {
    const DetectorModel::Row* row = current();
    m_operating->showRow(row, entryOf(row));
    m_histogram->setThreshold(row ? std::optional(row->threshold) : std::nullopt);
    m_plot->setOperatingPoint(
        row ? std::optional(metrics::operatingPointAt(row->detector->roc, row->threshold)) : std::nullopt);
}

void RocPage::setThreshold(double threshold, ThresholdOrigin origin) {
    m_model->setThreshold(m_table->currentIndex().row(), threshold, origin);
    showOperatingPoint();
}

void RocPage::showMeasurePanel(bool on) {
    m_measurePanelOpen = on;
    showWhatFits();
}

void RocPage::showWhatFits() {
    const bool measuring = m_services.roc().isMeasuring();
    const bool any = m_model->rowCount() > 0;
    m_measure->setMeasuring(measuring);
    m_measure->setVisible(m_measurePanelOpen || measuring);
    m_stack->setCurrentIndex(any || m_measurePanelOpen || measuring ? 1 : 0);
    m_stopAction->setEnabled(measuring);
    m_remove->setEnabled(m_table->selectionModel()->hasSelection());
    m_exportAction->setEnabled(any);
}

void RocPage::exportAs(Export what) {
    static const struct {
        const char* name;
        QString filter;
    } kTexts[] = {{"scores.csv", tr("Text (*.csv)")},
                  {"roc.csv", tr("Text (*.csv)")},
                  {"roc.png", tr("Picture (*.png)")},
                  {"roc.pdf", tr("PDF (*.pdf)")}};
    const auto& text = kTexts[static_cast<int>(what)];
    FileDialogs::saveFile(this, tr("Export"), QLatin1String(text.name), text.filter,
                          [this, what](const QStringList& names) { writeTo(what, names.value(0)); });
}

void RocPage::writeTo(Export what, const QString& name) {
    RocDetectors shown;
    for (int i = 0; i < m_model->rowCount(); ++i)
        if (m_model->row(i)->visible) shown.push_back(m_model->row(i)->detector);
    RocService::Write job;
    switch (what) {
        case Export::Scores:
            job = scoresExport(std::move(shown));
            break;
        case Export::Curves:
            job = curvesExport(std::move(shown));
            break;
        case Export::Png:
            job = m_plot->prepareExport(RocPlot::Format::Png);
            break;
        case Export::Pdf:
            job = m_plot->prepareExport(RocPlot::Format::Pdf);
            break;
    }
    m_services.roc().write(toPath(name), std::move(job));
}

void RocPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !m_stack) return;
    m_model->restyle();
    showCurrent();
}

Page::StillRuns RocPage::finish() {
    m_services.roc().stop();
    return StillRuns::Nothing;
}

void RocPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("roc/signedFolder"), m_measure->signedFolder());
    settings.setValue(QStringLiteral("roc/unsignedFolder"), m_measure->unsignedFolder());
    settings.setValue(QStringLiteral("roc/lastFile"), m_lastFile);
    settings.setValue(QStringLiteral("roc/logFpr"), m_logAction->isChecked());
    settings.setValue(QStringLiteral("roc/bands"), m_bandsAction->isChecked());
    settings.setValue(QStringLiteral("roc/maxFpr"), m_operating->maxFpr());
    settings.setValue(QStringLiteral("roc/splitter"), m_splitter->saveState());
    settings.setValue(QStringLiteral("roc/plots"), m_plots->saveState());
}

void RocPage::restoreSettings(const QSettings& settings) {
    m_measure->setFolders(settings.value(QStringLiteral("roc/signedFolder")).toString(),
                          settings.value(QStringLiteral("roc/unsignedFolder")).toString());
    m_lastFile = settings.value(QStringLiteral("roc/lastFile")).toString();
    m_logAction->setChecked(settings.value(QStringLiteral("roc/logFpr"), false).toBool());
    m_bandsAction->setChecked(settings.value(QStringLiteral("roc/bands"), true).toBool());
    m_operating->setMaxFpr(settings.value(QStringLiteral("roc/maxFpr"), 0.01).toDouble());
    m_splitter->restoreState(settings.value(QStringLiteral("roc/splitter")).toByteArray());
    m_plots->restoreState(settings.value(QStringLiteral("roc/plots")).toByteArray());
}

}  // namespace signet::ui
