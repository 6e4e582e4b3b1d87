#include "ui/sign/sign_preview_panel.h"

#include <QAction>
#include <QActionGroup>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/style/icons.h"
#include "ui/style/widgets.h"
#include "ui/viewer/zoom_actions.h"

namespace signet::ui {
image::Image amplifiedDifference(const image::Image& original, const image::Image& signedImage, int gain) {
    image::Image out = image::makeImage(original.width, original.height, 3);
    const std::size_t count = std::min({original.data.size(), signedImage.data.size(), out.data.size()});
    for (std::size_t i = 0; i < count; ++i) {
        const int difference = static_cast<int>(signedImage.data[i]) - static_cast<int>(original.data[i]);
        out.data[i] = static_cast<std::uint8_t>(std::clamp(128 + gain * difference, 0, 255));
    }
    return out;
}

SignPreviewPanel::SignPreviewPanel(QWidget* parent)
    : QWidget(parent),
      m_canvas(new ImageCanvas(this)),
      m_message(makeNote(QStringLiteral("previewMessage"), {}, m_canvas)),
      m_psnr(makeLabel(QStringLiteral("previewPsnr"), {}, this)),
      m_visible(makeLabel(QStringLiteral("previewVisible"), {}, this)),
      m_busy(makeNote(QStringLiteral("previewBusy"), {}, this)),
      m_viewGroup(new QActionGroup(this)) {
    setObjectName(QStringLiteral("signPreview"));
    m_canvas->setObjectName(QStringLiteral("signCanvas"));
    m_busy->setWordWrap(false);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto* middle = new QVBoxLayout(m_canvas);
    middle->addWidget(m_message);
    makeActions();
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kGrid, 4, kGrid, 4);
    bar->setSpacing(2);
    for (QAction* action : m_actions) {
        QString name = action->objectName();
        const bool isView = m_viewGroup->actions().contains(action);
        QToolButton* button =
            makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this,
                             isView ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
        if (isView) button->setProperty("role", "toggle");
        bar->addWidget(button);
    }
    bar->addStretch(1);
    bar->addWidget(m_busy);
    bar->addSpacing(kGrid);
    auto* figures = new QVBoxLayout;  // one above the other: the bar has no width to spare on a small screen
    figures->setSpacing(0);
    figures->addWidget(m_psnr, 0, Qt::AlignRight);
    figures->addWidget(m_visible, 0, Qt::AlignRight);
    bar->addLayout(figures);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addWidget(m_canvas, 1);
}

void SignPreviewPanel::makeActions() {
    const auto add = [this](const char* name, const QString& text, const QKeySequence& keys,
                            const QString& help) {
        auto* action = new QAction(text, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(keys);
        describeAction(action, help);
        m_actions << action;
        return action;
    };
    const auto view = [&](const char* name, const QString& text, Qt::Key key, View which,
                          const QString& help) {
        QAction* action = add(name, text, QKeySequence(key), help);
        action->setCheckable(true);
        m_viewGroup->addAction(action);
        connect(action, &QAction::triggered, this, [this, which] { setView(which); });
        return action;
    };
    view("viewOriginalAction", tr("&Original"), Qt::Key_O, View::Original, tr("Show the image as it is"));
    view("viewSignedAction", tr("&Signed"), Qt::Key_S, View::Signed, tr("Show the image as it will be"))
        ->setChecked(true);
    view("viewResidual5Action", tr("Residual ×&5"), Qt::Key_5, View::Residual5,
         tr("Show the difference, five times enlarged, about mid-grey"));
    view("viewResidual10Action", tr("Residual ×10"), Qt::Key_9, View::Residual10,
         tr("Show the difference, ten times enlarged, about mid-grey"));
    m_actions.back()->setIconText(tr("×10"));  // on its button, beside "Residual ×5"
    m_splitAction = add("splitAction", tr("S&plit view"), QKeySequence(Qt::Key_P),
                        tr("Original on the left of a divider that can be dragged (Shift+arrows)"));
    m_splitAction->setIcon(themedIcon(QStringLiteral("split")));
    m_splitAction->setCheckable(true);
    connect(m_splitAction, &QAction::toggled, this, &SignPreviewPanel::update);
    m_actions << makeZoomActions(this, QStringLiteral("sign"), m_canvas);
}

void SignPreviewPanel::setView(View view) {
    m_view = view;
    m_viewGroup->actions().at(static_cast<int>(view))->setChecked(true);
    update();
}

void SignPreviewPanel::showPreview(const SignPreviewPtr& preview) {
    const bool sameSize = m_preview && m_preview->original.width == preview->original.width &&
                          m_preview->original.height == preview->original.height;
    m_preview = preview;
    m_images[static_cast<int>(View::Original)] = wrapImage(preview->original);
    m_images[static_cast<int>(View::Signed)] = wrapImage(preview->signedImage);
    m_images[static_cast<int>(View::Residual5)] =
        wrapImage(amplifiedDifference(preview->original, preview->signedImage, 5));
    m_images[static_cast<int>(View::Residual10)] =
        wrapImage(amplifiedDifference(preview->original, preview->signedImage, 10));
    m_message->hide();
    m_psnr->setText(std::isfinite(preview->psnrDb) ? tr("PSNR %1 dB").arg(preview->psnrDb, 0, 'f', 1)
                                                   : tr("no difference"));
    const metrics::VisibleDifference& seen = preview->visible;
    m_visible->setText(tr("visible %1").arg(seen.p99, 0, 'f', 1));
    m_visible->setToolTip(tr("Visible difference of this preview: CIEDE2000 after the eye's low-pass, shown "
                             "pixel for pixel at %1 "
                             "pixels a degree. 99 % of it differ by no more than %2, 99.9 % by no more than "
                             "%3; %4 % of it by more "
                             "than 1, from where a difference can be seen.")
                              .arg(metrics::kPixelsPerDegree)
                              .arg(seen.p99, 0, 'f', 2)
                              .arg(seen.p999, 0, 'f', 2)
                              .arg(100 * seen.shareOver1, 0, 'f', 1));
    m_visible->setAccessibleName(m_visible->toolTip());
    if (!sameSize) m_canvas->setImage(m_images[0]);
    update();
}

void SignPreviewPanel::showMessage(const QString& text) {
    clear();
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
}

void SignPreviewPanel::setBusy(bool busy) {
    m_busy->setText(busy ? tr("computing …") : QString());
}

void SignPreviewPanel::clear() {
    m_preview = nullptr;
    for (auto& image : m_images) image = nullptr;
    m_psnr->clear();
    m_visible->clear();
    m_message->hide();
    m_canvas->setSecond(nullptr);
    m_canvas->setImage(nullptr);
}

void SignPreviewPanel::update() {
    if (!m_preview) return;
    const bool split = m_splitAction->isChecked();
    const LoadedImagePtr& chosen = m_images[static_cast<int>(m_view)];
    m_canvas->setImage(split ? m_images[static_cast<int>(View::Original)] : chosen, true);
    m_canvas->setSecond(split ? chosen : nullptr);
    m_canvas->setSplit(split);
}

QString SignPreviewPanel::psnrText() const {
    return m_psnr->text();
}
QString SignPreviewPanel::visibleText() const {
    return m_visible->text();
}

}  // namespace signet::ui
