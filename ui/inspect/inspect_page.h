#pragma once

#include <QMainWindow>

#include "ui/bridge/named_file.h"
#include "ui/bridge/services.h"
#include "ui/page/page.h"

class QAction;
class QStackedWidget;

namespace signet::ui {

class EvidencePanel;
class FilePanel;
class ImageIntake;
class MetadataPanel;
class NoticeBar;
class QueuePanel;
class ViewerPanel;
class ComparePanel;
class PageRequests;

/// The Inspect page: queue, viewer, and the docks Evidence, Metadata and File. A main window inside the main
/// window, so that its docks are its own. GUI thread.
class InspectPage : public QMainWindow, public Page {
    Q_OBJECT
public:
    InspectPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    QList<QAction*> menuActions(Menu menu) const override;
    /// Of the viewer's and the comparison's, only those of the one that is shown.
    void setActionsVisible(bool shown) override;
    void takeFiles(std::vector<std::filesystem::path> files) override;
    void restoreDefaultLayout() override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;
    StillRuns finish() override;

    ImageIntake* intake() const { return m_intake; }
    QueuePanel* queue() const { return m_queue; }
    ViewerPanel* viewer() const { return m_viewer; }
    ComparePanel* comparison() const { return m_compare; }
    NoticeBar* notice() const { return m_notice; }
    /// Opens two images beside each other in the place of the viewer, until another image is chosen.
    void compare(const NamedFile& a, const NamedFile& b);
    /// Chooses an exhibit, which is examined where it is not in the queue yet. problem (may be empty): why it
    /// is not what was taken in.
    void showExhibit(const NamedFile& file, const QString& problem);
    bool isComparing() const { return m_comparing; }
    /// Brings a dock to the front and gives it the focus: 0 queue, 1 evidence, 2 metadata, 3 file.
    void showDock(int dock);
    /// Opens the choice of the models that examine.
    void showModelChoice();
    /// Shows the row's image whatever was shown before (screenshots).
    void showRow(int row);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makeActions();
    void makeDocks();
    void connectServices();
    void connectRequests();
    void showViewActions(bool pageShown);
    void showCurrent();
    void showImage(const LoadedImagePtr& image);
    void showTitle();
    void showEngine(EngineState state, const QString& message);
    void setComparing(bool on);
    void compareWithCounterpart(const NamedFile& file);
    void takeCounterpart(quint64 id, const std::filesystem::path& counterpart);

    Services& m_services;
    PageRequests& m_requests;
    QueuePanel* m_queue;
    ViewerPanel* m_viewer;
    ComparePanel* m_compare;
    EvidencePanel* m_evidence;
    MetadataPanel* m_metadata;
    FilePanel* m_file;
    NoticeBar* m_notice;
    ImageIntake* m_intake;
    QStackedWidget* m_stack = nullptr;
    QList<QAction*> m_fileActions;
    QList<QDockWidget*> m_docks;
    QList<QAction*> m_dockActions;
    quint64 m_shownKey = 0;
    const void* m_shownRecord = nullptr;
    LoadedImagePtr m_shownImage;
    bool m_comparing = false;
    quint64 m_counterpartId = 0;
    NamedFile m_counterpartOf;
    bool m_recolour = false;     ///< cards will be built again in the colours of the new theme
    bool m_layoutKnown = false;  ///< restored from the settings, or the default one applied
};

}  // namespace signet::ui
