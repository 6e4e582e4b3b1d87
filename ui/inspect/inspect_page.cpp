#include "ui/inspect/inspect_page.h"

#include <QAction>
#include <QEvent>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <utility>

#include "ui/bridge/text.h"
#include "ui/inspect/details_panels.h"
#include "ui/inspect/evidence_panel.h"
#include "ui/inspect/queue_panel.h"
#include "ui/intake/empty_state.h"
#include "ui/intake/image_intake.h"
#include "ui/itemmodels/keyed_text.h"
#include "ui/page/engine_notice.h"
#include "ui/page/model_choice_button.h"
#include "ui/page/page_requests.h"
#include "ui/style/widgets.h"
#include "ui/viewer/compare_panel.h"
#include "ui/viewer/viewer_panel.h"

namespace signet::ui {

namespace {

ViewerPanel::Layer layerOf(const examine::Finding& finding) {
    ViewerPanel::Layer layer{toText(finding.model), finding.evidence, finding.scoreLogit};
    if (!finding.keyed) return layer;
    layer.unit = MapUnit::Deviations;
    if (finding.presence != examine::Presence::Present) return layer;  // else it would look like an answer
    for (const examine::KeyedEvidence::Region& region : finding.keyed->regions) {
        OutlineCanvas::Outline outline;
        for (const auto& corner : region.outline) outline.polygon << QPointF(corner[0], corner[1]);
        outline.label = regionText(region);
        layer.outlines.push_back(std::move(outline));
    }
    return layer;
}

}  // namespace

InspectPage::InspectPage(Services& services, PageRequests& requests, QWidget* parent)
    : QMainWindow(parent),
      Page({QStringLiteral("inspect"), QStringLiteral("inspect"), tr("Inspect"), Qt::Key_1}),
      m_services(services),
      m_requests(requests),
      m_queue(new QueuePanel(services, this)),
      m_viewer(new ViewerPanel(this)),
      m_compare(new ComparePanel(services.media(), this)),
      m_evidence(new EvidencePanel(services, this)),
      m_metadata(new MetadataPanel(this)),
      m_file(new FilePanel(this)),
      m_notice(new NoticeBar(QStringLiteral("inspectNotice"), this)),
      m_intake(new ImageIntake(services, kInspectPaths, m_notice, this)) {
    setObjectName(QStringLiteral("inspectPage"));
    setWindowFlags(Qt::Widget);
    setContextMenuPolicy(Qt::NoContextMenu);
    makeActions();

    m_stack = new QStackedWidget(this);
    m_stack->setObjectName(QStringLiteral("inspectStack"));
    m_stack->addWidget(
        new EmptyState(QStringLiteral("inspectEmpty"), tr("Drop photographs or folders here"),
                       tr("Each is examined by the chosen models: what is found, which code it "
                          "carries, how sure that is, and where. Files are only read, never "
                          "changed."),
                       m_fileActions, this));
    m_stack->addWidget(m_viewer);
    m_stack->addWidget(m_compare);
    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("inspectCentre"));
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_stack, 1);
    column->addWidget(new NoticeStrip(QStringLiteral("inspectNotices"), {m_notice}, centre));
    setCentralWidget(centre);
    makeDocks();
    connectServices();
    connectRequests();
    restoreDefaultLayout();
    showCurrent();
    m_queue->view()->setFocus();  // at first: not the search field, which would take the keys of the viewer
}

void InspectPage::showModelChoice() {
    showDock(0);
    m_queue->modelChoice()->setFocus(Qt::ShortcutFocusReason);
    // when the page has its place, and without the nested loop of showMenu()
    QTimer::singleShot(0, this, [this] {
        QToolButton* button = m_queue->modelChoice();
        button->menu()->popup(button->mapToGlobal(QPoint(0, -button->menu()->sizeHint().height())));
    });
}

void InspectPage::connectServices() {
    connect(m_queue, &QueuePanel::currentRowChanged, this, &InspectPage::showCurrent);
    connect(m_queue, &QueuePanel::engineChanged, this, &InspectPage::showEngine);
    connect(m_evidence, &EvidencePanel::conflictsWanted, this, [this] { showDock(2); });
    connect(&m_services, &Services::catalogueChanged, this, [this] {
        m_shownRecord = nullptr;  // cards show the model's calibration: build them again
        showCurrent();
    });
    connect(&m_services.keys(), &KeyService::changed, this, [this] {
        m_shownRecord = nullptr;  // they show the names of keys, too
        showCurrent();
    });
    connect(&m_services.keys(), &KeyService::unlocked, this, [this](const QString& name) {
        m_notice->showNotice(NoticeBar::Kind::Information,
                             tr("The key %1 is open until Signet is closed. Images examined before were not "
                                "looked at with it.")
                                 .arg(name),
                             {}, m_queue->model()->rowCount() > 0 ? m_queue->examineAgainAction() : nullptr);
    });
    connect(&m_services.keys(), &KeyService::warned, this, [this](const QString& text) {
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("Some keys are not used."), text);
    });
    MediaService& media = m_services.media();
    connect(&media, &MediaService::imageReady, this, &InspectPage::showImage);
    connect(m_intake, &ImageIntake::filesFound, m_queue, &QueuePanel::addFiles);
    connect(m_queue, &QueuePanel::compareWanted, this, &InspectPage::compare);
    connect(m_queue, &QueuePanel::counterpartWanted, this, &InspectPage::compareWithCounterpart);
    connect(&media, &MediaService::counterpartReady, this, &InspectPage::takeCounterpart);
    connect(m_compare, &ComparePanel::closeWanted, this, [this] {
        setComparing(false);
        m_viewer->canvas()->setFocus();
    });
}

void InspectPage::connectRequests() {
    connect(m_evidence, &EvidencePanel::modelCardWanted, &m_requests, &PageRequests::modelCard);
    connect(m_evidence, &EvidencePanel::methodWanted, &m_requests, &PageRequests::method);
    connect(m_metadata, &MetadataPanel::methodWanted, &m_requests, &PageRequests::method);
    connect(m_queue, &QueuePanel::addToCaseWanted, &m_requests, &PageRequests::addToCase);
    connect(&m_requests, &PageRequests::compare, this, [this](const NamedFile& a, const NamedFile& b) {
        Q_EMIT m_requests.show(label().id);
        compare(a, b);
    });
    connect(&m_requests, &PageRequests::inspect, this, [this](const NamedFile& file, const QString& problem) {
        Q_EMIT m_requests.show(label().id);
        showExhibit(file, problem);
    });
    connect(&m_requests, &PageRequests::modelChoice, this, [this] {
        Q_EMIT m_requests.show(label().id);
        showModelChoice();
    });
    connect(&m_requests, &PageRequests::addedToCase, this, [this](const QString& text, QAction* show) {
        m_notice->showNotice(NoticeBar::Kind::Information, text, {}, show);
    });
}

void InspectPage::takeFiles(std::vector<std::filesystem::path> files) {
    m_intake->addPaths(std::move(files));
}

Page::StillRuns InspectPage::finish() {
    m_services.examine().cancelAll();
    return StillRuns::Nothing;
}

void InspectPage::setComparing(bool on) {
    if (on == m_comparing) return;
    m_comparing = on;
    if (!on) m_compare->clear();
    showViewActions(isVisible());
    m_stack->setCurrentIndex(on ? 2 : m_queue->model()->rowCount() > 0 ? 1 : 0);
    showTitle();
}

void InspectPage::compare(const NamedFile& a, const NamedFile& b) {
    const bool sameName = a.shown() == b.shown();
    const auto side = [&](const NamedFile& file) {
        const QString folder = sameName ? fileName(file.path.parent_path()) + QLatin1Char('/') : QString();
        // an exhibit is read anew: it is hashed from the bytes that are shown
        const bool loaded = m_shownImage && m_shownImage->path == file.path &&
                            m_shownImage->info.frame == file.frame && file.sha256.empty();
        return ComparePanel::Side{folder + file.shown(), file, loaded ? m_shownImage : nullptr};
    };
    setComparing(true);
    m_compare->compare(side(a), side(b));
    showTitle();
}

void InspectPage::showExhibit(const NamedFile& file, const QString& problem) {
    setComparing(false);
    m_queue->showFile(file);
    if (!problem.isEmpty())
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("%1 is not what was taken in.").arg(file.shown()),
                             problem);
    m_viewer->canvas()->setFocus();
}

void InspectPage::showTitle() {
    const ExamineModel::Row* row = m_queue->currentRow();
    if (m_comparing)
        setWindowTitle(tr("%1 and %2").arg(m_compare->side(0).label, m_compare->side(1).label));
    else
        setWindowTitle(row ? row->file().shown() : QString());
}

void InspectPage::compareWithCounterpart(const NamedFile& file) {
    std::vector<std::filesystem::path> known;
    for (int row = 0; row < m_queue->model()->rowCount(); ++row)
        known.push_back(m_queue->model()->row(row).path);
    m_counterpartOf = file;
    m_counterpartId = m_services.media().findCounterpart(file.path, std::move(known));
}

void InspectPage::takeCounterpart(quint64 id, const std::filesystem::path& counterpart) {
    if (id != m_counterpartId) return;
    if (counterpart.empty()) {
        m_notice->showNotice(
            NoticeBar::Kind::Information,
            tr("No signed copy or original of %1 was found by its name, neither in the queue nor beside the "
               "file. Select two images of the queue and press Ctrl+D to compare them.")
                .arg(m_counterpartOf.shown()));
        return;
    }
    // the original is A, whichever of the two was asked about
    const bool isCopy = counterpart.stem().native().size() < m_counterpartOf.path.stem().native().size();
    compare(isCopy ? NamedFile(counterpart) : m_counterpartOf,
            isCopy ? m_counterpartOf : NamedFile(counterpart));
}

void InspectPage::showRow(int row) {
    m_queue->select(row);
}

void InspectPage::showCurrent() {
    const ExamineModel::Row* row = m_queue->currentRow();
    const bool isSide =
        row && (row->path == m_compare->side(0).file.path || row->path == m_compare->side(1).file.path);
    if ((row ? row->key : 0) != m_shownKey && !isSide) setComparing(false);
    if (!m_comparing) m_stack->setCurrentIndex(m_queue->model()->rowCount() > 0 ? 1 : 0);
    showTitle();
    if (!row) {
        m_shownKey = 0;
        m_shownRecord = nullptr;
        m_shownImage = nullptr;
        m_services.media().dropImage();
        m_viewer->clear();
        m_viewer->setLayers({});
        m_evidence->showMessage(
            m_queue->model()->rowCount() > 0
                ? tr("Choose an image in the queue to see its evidence.")
                : tr("The evidence about the chosen image appears here, one card a model."));
        m_metadata->showImage(nullptr);
        m_metadata->showConflicts({});
        m_file->showFile({}, nullptr);
        return;
    }
    if (row->key != m_shownKey) {
        m_shownKey = row->key;
        m_shownRecord = nullptr;
        m_shownImage = nullptr;
        m_viewer->clear();
        m_viewer->showMessage(tr("Loading %1").arg(row->file().shown()));
        m_metadata->showImage(nullptr);
        m_file->showFile(row->path, nullptr);
        m_services.media().requestImage(row->path, row->frame);
    }
    if (!row->record) {
        m_shownRecord = nullptr;
        m_viewer->setLayers({});
        m_metadata->showConflicts({});
        m_evidence->showMessage(
            row->state == ItemState::Cancelled
                ? tr("The examination was cancelled. Press F5 to examine the image again.")
                : tr("%1: %2").arg(row->file().shown(), stateText(row->state)));
        return;
    }
    if (row->record.get() == m_shownRecord) return;
    m_shownRecord = row->record.get();
    m_evidence->showRecord(*row->record);
    m_metadata->showConflicts(row->record->conflicts);
    std::vector<ViewerPanel::Layer> layers;
    for (const examine::Finding& finding : row->record->findings) {
        ViewerPanel::Layer layer = layerOf(finding);
        if (layer.map.columns > 0 || !layer.outlines.empty()) layers.push_back(std::move(layer));
    }
    m_viewer->setLayers(std::move(layers));
}

void InspectPage::showImage(const LoadedImagePtr& image) {
    const ExamineModel::Row* row = m_queue->currentRow();
    if (!row || row->key != m_shownKey) return;
    m_shownImage = image;
    if (const QString problem = row->file().problemOf(image->sha256); !problem.isEmpty())
        m_notice->showNotice(NoticeBar::Kind::Problem,  // also where it changed since it was opened
                             tr("%1 is not what was taken in.").arg(row->file().shown()), problem);
    m_viewer->showImage(image);
    m_metadata->showImage(image);
    m_file->showFile(image->path, image);
}

void InspectPage::showEngine(EngineState state, const QString& message) {
    showEngineProblem(*m_notice, state, message, m_queue->examineFailedAction());
    if (state == EngineState::Ready && !message.isEmpty())
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("Some models are not used."), message);
}

void InspectPage::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    // dock sizes only take once the page has its own size
    if (!std::exchange(m_layoutKnown, true)) QTimer::singleShot(0, this, &InspectPage::restoreDefaultLayout);
}

void InspectPage::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || m_recolour) return;
    // not at once: widgets may not go while the change is being handed out to them
    m_recolour = true;
    QTimer::singleShot(0, this, [this] {
        m_recolour = false;
        m_shownRecord = nullptr;
        showCurrent();
    });
}

void InspectPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("inspect/docks"), saveState());
    settings.setValue(QStringLiteral("inspect/lastFolder"), m_intake->lastFolder());
    settings.setValue(QStringLiteral("inspect/overlay"), m_viewer->overlayAction()->isChecked());
    settings.setValue(QStringLiteral("inspect/opacity"), m_viewer->opacityPercent());
    settings.setValue(QStringLiteral("inspect/outlines"), m_viewer->outlinesAction()->isChecked());
}

void InspectPage::restoreSettings(const QSettings& settings) {
    if (const QByteArray state = settings.value(QStringLiteral("inspect/docks")).toByteArray();
        !state.isEmpty()) {
        m_layoutKnown = restoreState(state);
    }
    m_intake->setLastFolder(settings.value(QStringLiteral("inspect/lastFolder")).toString());
    m_viewer->overlayAction()->setChecked(settings.value(QStringLiteral("inspect/overlay"), true).toBool());
    m_viewer->outlinesAction()->setChecked(settings.value(QStringLiteral("inspect/outlines"), true).toBool());
    m_viewer->setOpacityPercent(settings.value(QStringLiteral("inspect/opacity"), 55).toInt());
}

}  // namespace signet::ui
