#include "ui/viewer/compare_panel.h"

#include <QAction>
#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>
#include <cmath>

#include "ui/bridge/text.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"
#include "ui/viewer/pixel_text.h"
#include "ui/viewer/scale_legend.h"
#include "ui/viewer/zoom_actions.h"

namespace signet::ui {
namespace {

constexpr int kLeastBlinkMs = 200;
constexpr int kBlinkStepMs = 100;
constexpr int kWideReadout = 640;  // px: from here position, A and B stand in one line

QString sizeText(const LoadedImage& image) {
    return QStringLiteral("%1 × %2 px").arg(image.width()).arg(image.height());
}

QChar letter(int side) {
    return side == 0 ? QLatin1Char('A') : QLatin1Char('B');
}

QSlider* makeSlider(const char* name, const QString& accessibleName, int low, int high, int value, int page) {
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setObjectName(QLatin1String(name));
    slider->setAccessibleName(accessibleName);
    slider->setRange(low, high);
    slider->setValue(value);
    slider->setPageStep(page);
    slider->setMinimumWidth(44);
    slider->setMaximumWidth(320);
    return slider;
}

/// "B − A  +1 0 −2" where both store samples of one kind.
QString differenceText(const image::Image& a, const image::Image& b, const QPoint& pixel) {
    if (a.width != b.width || a.height != b.height || a.channels != b.channels || a.depth != b.depth)
        return {};
    const auto first = (static_cast<std::size_t>(pixel.y()) * static_cast<std::size_t>(a.width) +
                        static_cast<std::size_t>(pixel.x())) *
                       static_cast<std::size_t>(a.channels);
    QStringList values;
    for (std::size_t i = first; i < first + static_cast<std::size_t>(a.channels); ++i) {
        const int step = a.depth == 16 ? b.samples16()[i] - a.samples16()[i] : b.data[i] - a.data[i];
        const QString digits = QString::number(std::abs(step));
        values << (step > 0 ? QLatin1Char('+') + digits : step < 0 ? QChar(0x2212) + digits : digits);
    }
    return QObject::tr("B − A  %1").arg(values.join(QLatin1Char(' ')));
}

}  // namespace

ComparePanel::ComparePanel(MediaService& media, QWidget* parent)
    : QWidget(parent),
      m_media(media),
      m_canvas(new CompareCanvas(this)),
      m_zoomLabel(makeLabel(QStringLiteral("compareZoomLabel"), {}, this)),
      m_note(makeNote(QStringLiteral("compareNote"), {}, this)),
      m_controls(new QStackedWidget(this)),
      m_divider(makeSlider("compareDivider", tr("Place of the divider, per cent"), 0, 100, 50, 10)),
      m_interval(makeSlider("compareInterval", tr("Each image is shown for, tenths of a second"),
                            kLeastBlinkMs / kBlinkStepMs, 30, 7, 5)),
      m_intervalLabel(makeLabel(QStringLiteral("compareIntervalLabel"), {}, this)),
      m_gain(makeSlider("compareGain", tr("Gain of the difference"), 1, kMaxGain, 8, 8)),
      m_gainLabel(makeLabel(QStringLiteral("compareGainLabel"), {}, this)),
      m_legend(new ScaleLegend(
          QStringLiteral("differenceLegend"),
          [](double t) {
              const int level = static_cast<int>(std::lround(255 * t));
              return QColor(level, level, level);
          },
          this)),
      m_differenceNote(makeNote(QStringLiteral("differenceNote"), {}, this)),
      m_modes(new QActionGroup(this)) {
    setObjectName(QStringLiteral("comparePanel"));
    makeActions();
    makeLayout();
    connect(&m_media, &MediaService::imageLoaded, this, &ComparePanel::takeImage);
    connect(&m_media, &MediaService::differenceReady, this, &ComparePanel::takeDifference);
    connect(m_canvas, &CompareCanvas::hovered, this, &ComparePanel::showReadout);
    connect(m_canvas->first(), &ImageCanvas::zoomChanged, this,
            [this](double zoom) { m_zoomLabel->setText(zoomText(zoom)); });
    connect(m_canvas->first(), &ImageCanvas::dividerMoved, this,
            [this](double share) { m_divider->setValue(qRound(100 * share)); });
    connect(m_divider, &QSlider::valueChanged, this, [this](int percent) {
        if (percent != qRound(100 * m_canvas->first()->divider()))
            m_canvas->first()->setDivider(percent / 100.0);
    });
    connect(m_interval, &QSlider::valueChanged, this, [this](int tenths) {
        m_blinkTimer.setInterval(kBlinkStepMs * tenths);
        m_intervalLabel->setText(tr("every %1 s").arg(tenths / 10.0, 0, 'f', 1));
    });
    Q_EMIT m_interval->valueChanged(m_interval->value());
    connect(&m_blinkTimer, &QTimer::timeout, m_flipAction, &QAction::trigger);
    connect(m_gain, &QSlider::valueChanged, this, &ComparePanel::requestDifference);
    setMode(CompareMode::SideBySide);
    clear();
}

ComparePanel::~ComparePanel() {
    forgetRequests();
}

void ComparePanel::makeActions() {
    const auto addMode = [this](const char* name, const char* icon, const QString& text, Qt::Key key,
                                const QString& help, CompareMode which) {
        QAction* action = makeAction(this, name, icon, text, QKeySequence(key), help, [this, which] {
            const bool again = which == CompareMode::Blink && mode() == which;
            setMode(which);
            if (which == CompareMode::Blink) setBlinking(!(again && isBlinking()));
        });
        action->setCheckable(true);
        m_modes->addAction(action);
        m_actions << action;
        return action;
    };
    addMode("compareSideBySideAction", "side-by-side", tr("&Side by side"), Qt::Key_S,
            tr("Both images side by side, zoom and position linked"), CompareMode::SideBySide);
    addMode("compareSwipeAction", "split", tr("S&wipe"), Qt::Key_W,
            tr("A left and B right of a divider; drag it or press Shift and an arrow key"),
            CompareMode::Swipe);
    addMode("compareBlinkAction", "blink", tr("&Blink"), Qt::Key_B,
            tr("A and B in turn, one in the place of the other; again: stop or go on"), CompareMode::Blink);
    addMode("compareDifferenceAction", "difference", tr("&Difference"), Qt::Key_D,
            tr("How much each pixel differs, enlarged by a gain"), CompareMode::Difference);
    m_flipAction = makeAction(this, "compareFlipAction", "flip", tr("Show the ot&her image"),
                              QKeySequence(Qt::Key_X), tr("Show the other image in the same place"), [this] {
                                  if (mode() != CompareMode::Blink) setMode(CompareMode::Blink);
                                  m_secondShown = !m_secondShown;
                                  m_canvas->setSecondShown(m_secondShown);
                                  showHeads();
                              });
    m_actions << m_flipAction << makeZoomActions(this, QStringLiteral("compare"), m_canvas->first());
    m_closeAction = makeAction(this, "compareCloseAction", "close", tr("&Close the comparison"),
                               QKeySequence(Qt::CTRL | Qt::Key_W), tr("Close the comparison"),
                               [this] { Q_EMIT closeWanted(); });
    m_actions << m_closeAction;
}

void ComparePanel::makeLayout() {
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(1);
    for (QAction* action : m_actions) {
        if (action == m_flipAction) continue;
        if (action == m_closeAction) {
            bar->addSpacing(4);
            bar->addWidget(m_zoomLabel);
            bar->addStretch(1);
        }
        QString name = action->objectName();
        bar->addWidget(
            makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this));
        if (action == m_modes->actions().constLast()) bar->addSpacing(kGrid);
    }
    m_zoomLabel->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("100 %")));

    auto* heads = new QHBoxLayout;
    heads->setContentsMargins(kGrid, 0, kGrid, 4);
    for (int side = 0; side < 2; ++side) {
        auto* head = new ElidedLabel(QStringLiteral("compareHead%1").arg(letter(side)), this);
        head->setProperty("role", "heading");
        heads->addWidget(head, 1);
        m_heads[static_cast<std::size_t>(side)] = head;
    }

    m_controls->setObjectName(QStringLiteral("compareControls"));
    m_controls->addWidget(new QWidget(this));
    m_controls->addWidget(makeSwipeControls());
    m_controls->addWidget(makeBlinkControls());
    m_controls->addWidget(makeDifferenceControls());

    m_readoutLayout = new QBoxLayout(QBoxLayout::TopToBottom);
    m_readoutLayout->setContentsMargins(kGrid, 2, kGrid, 4);
    m_readoutLayout->setSpacing(0);
    const char* const names[] = {"comparePosition", "compareReadoutA", "compareReadoutB"};
    for (std::size_t i = 0; i < 3; ++i) {
        m_readouts[i] = makeLabel(QLatin1String(names[i]), {}, this);
        m_readouts[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        m_readoutLayout->addWidget(m_readouts[i], 1);
    }

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addLayout(heads);
    all->addWidget(m_canvas, 1);
    m_note->setContentsMargins(kGrid, 4, kGrid, 0);
    all->addWidget(m_note);
    all->addWidget(m_controls);
    all->addLayout(m_readoutLayout);
}

QWidget* ComparePanel::makeSwipeControls() {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    QLabel* label = makeLabel(QStringLiteral("compareDividerLabel"), tr("Divider"), this);
    label->setBuddy(m_divider);
    row->addWidget(label);
    row->addWidget(m_divider, 1);
    row->addStretch(1);
    auto* page = new QWidget(this);
    page->setLayout(row);
    return page;
}

QWidget* ComparePanel::makeBlinkControls() {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->addWidget(makeActionButton(QStringLiteral("compareFlipButton"), m_flipAction, this));
    auto* stop = new QToolButton(this);
    stop->setObjectName(QStringLiteral("compareBlinkStopButton"));
    stop->setFocusPolicy(Qt::StrongFocus);
    stop->setProperty("role", "toggle");
    stop->setCheckable(true);
    stop->setText(tr("Blink"));
    stop->setToolTip(tr("Blink, or stop (B)"));
    stop->setAccessibleName(tr("Blink, or stop"));
    connect(stop, &QToolButton::clicked, this, &ComparePanel::setBlinking);
    row->addWidget(stop);
    m_intervalLabel->setBuddy(m_interval);
    row->addWidget(m_intervalLabel);
    row->addWidget(m_interval, 1);
    row->addStretch(1);
    auto* page = new QWidget(this);
    page->setLayout(row);
    return page;
}

QWidget* ComparePanel::makeDifferenceControls() {
    auto* grid = new QGridLayout;
    grid->setContentsMargins(kGrid, 4, kGrid, 4);
    grid->setHorizontalSpacing(kGrid);
    grid->setVerticalSpacing(2);
    m_gainLabel->setBuddy(m_gain);
    m_gainLabel->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("Gain × 64")));
    grid->addWidget(m_gainLabel, 0, 0);
    grid->addWidget(m_gain, 0, 1);
    m_legend->setMaximumWidth(200);
    grid->addWidget(m_legend, 1, 0);
    m_differenceNote->setMinimumWidth(60);
    grid->addWidget(m_differenceNote, 1, 1);
    grid->setColumnStretch(1, 1);
    auto* page = new QWidget(this);
    page->setLayout(grid);
    return page;
}

void ComparePanel::compare(const Side& a, const Side& b) {
    clear();
    m_sides = {a, b};
    for (int side = 0; side < 2; ++side) {
        const Side& what = m_sides[static_cast<std::size_t>(side)];
        if (what.image) continue;
        m_loading[m_media.loadApart(what.file.path, what.file.frame)] = side;
        m_canvas->setMessage(side, tr("Loading %1").arg(what.label));
    }
    showImages();
    m_canvas->first()->setFocus();
}

void ComparePanel::clear() {
    forgetRequests();
    setBlinking(false);
    m_sides = {};
    m_secondShown = false;
    for (int side = 0; side < 2; ++side) m_canvas->setMessage(side, {});
    m_zoomLabel->clear();
    showImages();
    showReadout({-1, -1}, {-1, -1});
}

void ComparePanel::forgetRequests() {
    std::unordered_set<std::uint64_t> ids;
    for (const auto& [id, side] : m_loading) ids.insert(id);
    if (m_differenceId != 0) ids.insert(m_differenceId);
    m_media.forget(ids);
    m_loading.clear();
    m_differenceId = 0;
    m_difference = nullptr;
}

void ComparePanel::takeImage(quint64 id, const LoadedImagePtr& image) {
    const auto request = m_loading.find(id);
    if (request == m_loading.end()) return;
    m_sides[static_cast<std::size_t>(request->second)].image = image;
    m_loading.erase(request);
    showImages();
}

bool ComparePanel::areBothThere() const {
    return m_sides[0].image && m_sides[0].image->samples && m_sides[1].image && m_sides[1].image->samples;
}

bool ComparePanel::isSameSize() const {
    return areBothThere() && m_sides[0].image->width() == m_sides[1].image->width() &&
           m_sides[0].image->height() == m_sides[1].image->height();
}

void ComparePanel::showImages() {
    std::array<LoadedImagePtr, 2> shown;
    for (int side = 0; side < 2; ++side) {
        const Side& what = m_sides[static_cast<std::size_t>(side)];
        if (!what.image) continue;
        const bool decoded = what.image->samples != nullptr;
        if (decoded) shown[static_cast<std::size_t>(side)] = what.image;
        m_canvas->setMessage(
            side, decoded ? QString() : tr("No picture can be shown.\n%1").arg(sentence(what.image->error)));
    }
    for (QAction* action : m_modes->actions())
        action->setEnabled(areBothThere() || action == m_modes->actions().constFirst());
    m_flipAction->setEnabled(areBothThere());
    m_canvas->setImages(shown[0], shown[1]);
    const bool scaled = areBothThere() && !isSameSize();
    QStringList notes;
    for (const Side& what : m_sides) {
        if (const QString altered = what.image ? what.file.problemOf(what.image->sha256) : QString();
            !altered.isEmpty())
            notes << altered;
    }
    m_note->setProperty("role", notes.isEmpty() ? "note" : "problem");
    m_note->style()->polish(m_note);
    if (scaled)
        notes << tr(
            "The images differ in size: B is laid over the area of A, so that the same share "
            "of both is seen.");
    m_note->setVisible(!notes.isEmpty());
    m_note->setText(notes.join(QLatin1Char('\n')));
    showMode();
}

void ComparePanel::showHeads() {
    for (int side = 0; side < 2; ++side) {
        const Side& what = m_sides[static_cast<std::size_t>(side)];
        ElidedLabel* head = m_heads[static_cast<std::size_t>(side)];
        const bool decoded = what.image && what.image->samples;
        if (what.label.isEmpty()) {
            head->setFullText({});
        } else {
            head->setFullText(QStringLiteral("%1  %2").arg(letter(side)).arg(what.label),
                              decoded ? QStringLiteral("  ·  ") + sizeText(*what.image) : QString());
        }
        // in turn: the place of the one that is not seen stays empty
        const bool hidden = mode() == CompareMode::Blink && m_secondShown != (side == 1);
        head->setEnabled(!hidden);
    }
    const QString both = tr("%1 and %2").arg(m_sides[0].label, m_sides[1].label);
    const bool alone = mode() == CompareMode::SideBySide;
    const QString shown = m_sides[m_secondShown ? 1 : 0].label;
    m_canvas->first()->setAccessibleName(alone ? tr("Image A: %1").arg(m_sides[0].label)
                                         : mode() == CompareMode::Blink ? tr("In turn: %1").arg(shown)
                                                                        : both);
    m_canvas->second()->setAccessibleName(tr("Image B: %1").arg(m_sides[1].label));
}

void ComparePanel::setMode(CompareMode mode) {
    m_mode = mode;
    showMode();
}

CompareMode ComparePanel::mode() const {
    return areBothThere() ? m_mode : CompareMode::SideBySide;
}

void ComparePanel::showMode() {
    const int shown = static_cast<int>(mode());
    m_modes->actions().at(shown)->setChecked(true);
    m_controls->setCurrentIndex(shown);
    for (int i = 0; i < m_controls->count(); ++i) {
        // only the page that is seen asks for room
        const auto policy = i == shown ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        m_controls->widget(i)->setSizePolicy(policy, policy);
    }
    m_controls->setVisible(mode() != CompareMode::SideBySide);
    if (mode() != CompareMode::Blink) setBlinking(false);
    m_canvas->setSecondShown(m_secondShown);
    if (areBothThere()) m_canvas->setMessage(0, {});
    m_canvas->setMode(mode());
    showHeads();
    requestDifference();
}

void ComparePanel::setBlinking(bool on) {
    const bool start = on && areBothThere() && isVisible();
    if (start) {
        if (mode() != CompareMode::Blink) setMode(CompareMode::Blink);
        m_blinkTimer.start();
    } else {
        m_blinkTimer.stop();
    }
    if (auto* button = findChild<QToolButton*>(QStringLiteral("compareBlinkStopButton")))
        button->setChecked(start);
}

void ComparePanel::setBlinkIntervalMs(int ms) {
    m_interval->setValue(std::max(kLeastBlinkMs, ms) / kBlinkStepMs);
}

void ComparePanel::setGain(int gain) {
    m_gain->setValue(gain);
}

int ComparePanel::gain() const {
    return m_gain->value();
}

void ComparePanel::requestDifference() {
    m_gainLabel->setText(tr("Gain × %1").arg(gain()));
    const double full = 255.0 / gain();
    const QString most = QString::number(full, 'f', gain() == 1 ? 0 : 1);
    m_legend->setTexts(QStringLiteral("0"), tr("levels"),
                       gain() == 1 ? most : QStringLiteral("≥ %1").arg(most),
                       tr("Absolute difference a channel, 8-bit levels: black is none, full brightness %1%2 "
                          "of 255 levels")
                           .arg(most, gain() == 1 ? QString() : tr(" or more")));
    if (mode() != CompareMode::Difference) return;
    if (!isSameSize()) {
        m_differenceNote->clear();
        m_canvas->setDifference(nullptr);
        if (areBothThere())
            m_canvas->setMessage(0, tr("A has %1, B %2: only images of one size have a difference.")
                                        .arg(sizeText(*m_sides[0].image), sizeText(*m_sides[1].image)));
        return;
    }
    if (m_difference && m_difference->gain == gain()) {
        showDifference();
        return;
    }
    if (m_differenceId != 0) m_media.forget({m_differenceId});
    m_differenceId = m_media.requestDifference(m_sides[0].image, m_sides[1].image, gain());
    if (!m_difference) m_canvas->setMessage(0, tr("Working out the difference"));
}

void ComparePanel::takeDifference(quint64 id, const LoadedDifferencePtr& difference) {
    if (id != m_differenceId) return;
    m_differenceId = 0;
    m_difference = difference;
    showDifference();
}

void ComparePanel::showDifference() {
    m_canvas->setDifference(m_difference->picture);
    m_canvas->setMessage(0, m_difference->picture ? QString() : sentence(m_difference->error));
    if (!m_difference->picture) {
        m_differenceNote->clear();
    } else if (m_difference->pixels == 0) {
        m_differenceNote->setText(tr("No pixel differs."));
    } else {
        const auto pixels = static_cast<double>(m_sides[0].image->samples->pixelCount());
        m_differenceNote->setText(tr("%1 of the pixels differ, at most by %2 of 255 levels")
                                      .arg(percentText(static_cast<double>(m_difference->pixels) / pixels))
                                      .arg(QString::number(m_difference->largest, 'g', 4)));
    }
}

void ComparePanel::showReadout(const QPoint& a, const QPoint& b) {
    const std::array<QPoint, 2> pixels{a, b};
    QString position = a.x() >= 0 ? positionText(a) : tr("Point at a pixel to read it off.");
    if (isSameSize() && a.x() >= 0) {
        const QString step = differenceText(*m_sides[0].image->samples, *m_sides[1].image->samples, a);
        if (!step.isEmpty()) position += QStringLiteral("   ") + step;
    }
    m_readouts[0]->setText(position);
    for (int side = 0; side < 2; ++side) {
        const auto at = static_cast<std::size_t>(side);
        const LoadedImagePtr& image = m_sides[at].image;
        QString text;
        if (image && image->samples && pixels[at].x() >= 0) {
            text = QStringLiteral("%1  %2").arg(letter(side)).arg(sampleText(*image->samples, pixels[at]));
            if (side == 1 && !isSameSize()) text += QStringLiteral("   ") + positionText(pixels[at]);
        }
        m_readouts[at + 1]->setText(text);
    }
    for (QLabel* label : m_readouts) label->setAccessibleName(label->text());
}

QString ComparePanel::readout() const {
    QStringList lines;
    for (const QLabel* label : m_readouts) lines << label->text();
    return lines.join(QLatin1Char('\n'));
}

void ComparePanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    setBlinking(false);
}

void ComparePanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_readoutLayout->setDirection(width() < kWideReadout ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

}  // namespace signet::ui
