#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <filesystem>

#include "ui/bridge/media_service.h"
#include "ui/bridge/named_file.h"
#include "ui/viewer/compare_canvas.h"

class QAction;
class QActionGroup;
class QBoxLayout;
class QLabel;
class QSlider;
class QStackedWidget;

namespace signet::ui {

class ElidedLabel;
class ScaleLegend;

/// Compares two images, A and B: side by side, by a divider, by blinking, by their absolute difference; with
/// the pixels of both under the pointer. Reads files and works differences out through the media service. It
/// knows nothing of where the images come from. GUI thread; the service outlives it.
class ComparePanel : public QWidget {
    Q_OBJECT
public:
    explicit ComparePanel(MediaService& media, QWidget* parent = nullptr);
    ~ComparePanel() override;

    struct Side {
        QString label;         ///< e.g. the file name
        NamedFile file;        ///< read where image is null
        LoadedImagePtr image;  ///< loaded already
    };
    void compare(const Side& a, const Side& b);
    void clear();
    /// 0: A, 1: B.
    const Side& side(int which) const { return m_sides[static_cast<std::size_t>(which)]; }
    bool isLoading() const { return !m_loading.empty() || m_differenceId != 0; }

    void setMode(CompareMode mode);
    /// As it was set last, for this pair and the next; side by side until both images are there.
    CompareMode mode() const;
    static constexpr int kMaxGain = 64;
    void setGain(int gain);
    int gain() const;
    /// Off until it is asked for; stops when the panel is hidden.
    void setBlinking(bool on);
    bool isBlinking() const { return m_blinkTimer.isActive(); }
    /// Not under 200 ms: at most three flashes a second (WCAG 2.3.1).
    void setBlinkIntervalMs(int ms);

    CompareCanvas* canvas() const { return m_canvas; }
    /// The lines about the pixel under the pointer.
    QString readout() const;
    /// With their shortcuts, for the menu.
    const QList<QAction*>& viewActions() const { return m_actions; }
    QAction* closeAction() const { return m_closeAction; }

Q_SIGNALS:
    void closeWanted();

protected:
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeActions();
    void makeLayout();
    QWidget* makeSwipeControls();
    QWidget* makeBlinkControls();
    QWidget* makeDifferenceControls();
    void takeImage(quint64 id, const LoadedImagePtr& image);
    void takeDifference(quint64 id, const LoadedDifferencePtr& difference);
    void showImages();
    void showMode();
    void showHeads();
    void showDifference();
    void requestDifference();
    void forgetRequests();
    void showReadout(const QPoint& a, const QPoint& b);
    bool areBothThere() const;
    bool isSameSize() const;

    MediaService& m_media;
    CompareCanvas* m_canvas;
    std::array<ElidedLabel*, 2> m_heads{};
    std::array<QLabel*, 3> m_readouts{};  ///< position, A, B
    QBoxLayout* m_readoutLayout = nullptr;
    QLabel* m_zoomLabel;
    QLabel* m_note;
    QStackedWidget* m_controls;
    QSlider* m_divider;
    QSlider* m_interval;
    QLabel* m_intervalLabel;
    QSlider* m_gain;
    QLabel* m_gainLabel;
    ScaleLegend* m_legend;
    QLabel* m_differenceNote;
    QActionGroup* m_modes;
    QAction* m_flipAction = nullptr;
    QAction* m_closeAction = nullptr;
    QList<QAction*> m_actions;
    CompareMode m_mode = CompareMode::SideBySide;
    std::array<Side, 2> m_sides;
    std::unordered_map<quint64, int> m_loading;  ///< id of the request: side
    quint64 m_differenceId = 0;
    LoadedDifferencePtr m_difference;
    bool m_secondShown = false;
    QTimer m_blinkTimer;
};

}  // namespace signet::ui
