#include "ui/style/widgets.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"

namespace signet::ui {
namespace {

constexpr int kNoticeHeight = 34;  ///< px, of a line with a button

}  // namespace

QLabel* makeLabel(const QString& objectName, const QString& text, QWidget* parent, bool selectable) {
    auto* label = new QLabel(text, parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    if (selectable) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAccessibleName(text);
    }
    return label;
}

QLabel* makeNote(const QString& objectName, const QString& text, QWidget* parent) {
    QLabel* label = makeLabel(objectName, text, parent);
    label->setProperty("role", "note");
    label->setWordWrap(true);
    return label;
}

void keepRoom(QLabel* label, int lines, bool whileHidden) {
    label->setFixedHeight(lines * label->fontMetrics().lineSpacing());
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    QSizePolicy kept = label->sizePolicy();
    kept.setRetainSizeWhenHidden(whileHidden);
    label->setSizePolicy(kept);
}

void setRole(QWidget* widget, const char* role) {
    widget->setProperty("role", role);
    widget->style()->unpolish(widget);  // looks at the role again
    widget->style()->polish(widget);
}

QLabel* makeHeading(const QString& objectName, const QString& text, QWidget* parent) {
    QLabel* label = makeLabel(objectName, text, parent);
    label->setProperty("role", "heading");
    return label;
}

QToolButton* makeActionButton(const QString& objectName, QAction* action, QWidget* parent,
                              Qt::ToolButtonStyle style) {
    auto* button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setDefaultAction(action);
    button->setToolButtonStyle(style);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAutoRaise(style == Qt::ToolButtonIconOnly);
    button->setAccessibleName(action->text().remove(QLatin1Char('&')));
    return button;
}

QToolButton* makeLinkButton(const QString& objectName, const QString& text, QWidget* parent) {
    auto* link = new QToolButton(parent);
    link->setObjectName(objectName);
    link->setText(text);
    link->setProperty("role", "link");
    link->setAutoRaise(true);
    link->setFocusPolicy(Qt::StrongFocus);
    link->setCursor(Qt::PointingHandCursor);
    return link;
}

Card::Card(const QString& objectName, QWidget* parent) : QFrame(parent), m_body(new QVBoxLayout(this)) {
    setObjectName(objectName);
    setProperty("role", "card");
    m_body->setContentsMargins(12, 12, 12, 12);
    m_body->setSpacing(6);
}

QPushButton* makePushButton(const QString& objectName, QAction* action, QWidget* parent) {
    auto* button = new QPushButton(parent);
    button->setObjectName(objectName);
    const auto sync = [button, action] {
        button->setText(action->text());
        button->setIcon(action->icon());
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
    };
    sync();
    QObject::connect(action, &QAction::changed, button, sync);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

QLabel* makeBadge(const QString& objectName, const QString& text, const char* kind, QWidget* parent) {
    QLabel* label = makeLabel(objectName, text, parent);
    label->setProperty("badge", kind);
    label->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    return label;
}

NoticeBar::NoticeBar(const QString& objectName, QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new ElidedLabel(objectName + QStringLiteral("Text"), this)),
      m_details(makeNote(objectName + QStringLiteral("Details"), {}, this)),
      m_detailsButton(new QToolButton(this)),
      m_remedyButton(new QToolButton(this)),
      m_closeButton(new QToolButton(this)) {
    setObjectName(objectName);
    setProperty("role", "notice");
    m_icon->setObjectName(objectName + QStringLiteral("Icon"));
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_details->hide();
    m_detailsButton->setObjectName(objectName + QStringLiteral("DetailsButton"));
    m_detailsButton->setText(tr("Details"));
    m_detailsButton->setCheckable(true);
    m_detailsButton->setAccessibleName(tr("Show details"));
    connect(m_detailsButton, &QToolButton::toggled, m_details, &QLabel::setVisible);
    m_remedyButton->setObjectName(objectName + QStringLiteral("RemedyButton"));
    m_closeButton->setObjectName(objectName + QStringLiteral("CloseButton"));
    m_closeButton->setIcon(themedIcon(QStringLiteral("close")));
    m_closeButton->setAutoRaise(true);
    m_closeButton->setAccessibleName(tr("Close this notice"));
    m_closeButton->setToolTip(tr("Close this notice"));
    connect(m_closeButton, &QToolButton::clicked, this, &QFrame::hide);
    for (QToolButton* button : {m_detailsButton, m_remedyButton, m_closeButton}) {
        button->setFocusPolicy(Qt::StrongFocus);
    }

    m_remedyButton->setAccessibleName(tr("Do what helps"));
    m_remedyButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto* line = new QHBoxLayout;
    line->setSpacing(kGrid);
    line->addWidget(m_icon);
    line->addWidget(m_text, 1);
    for (QToolButton* button : {m_remedyButton, m_detailsButton, m_closeButton}) line->addWidget(button);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 0, kGrid, 0);
    all->setSpacing(0);
    all->addWidget(m_details);
    all->addLayout(line);
    hide();
}

void NoticeBar::showNotice(Kind kind, const QString& text, const QString& details, QAction* remedy) {
    m_kind = kind;
    updateIcon();
    m_text->setFullText(text);
    m_more = details;
    m_detailsButton->setChecked(false);
    m_remedyButton->setVisible(remedy != nullptr);
    if (remedy) {
        m_remedyButton->setDefaultAction(remedy);
        m_remedyButton->setAccessibleName(remedy->text().remove(QLatin1Char('&')));
    }
    updateDetails();
    show();
}

void NoticeBar::updateDetails() {
    QStringList parts;
    if (m_text->text() != m_text->fullText()) parts << m_text->fullText();
    if (!m_more.isEmpty()) parts << m_more;
    m_details->setText(parts.join(QLatin1Char('\n')));
    m_detailsButton->setVisible(!parts.isEmpty());
}

void NoticeBar::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    QMetaObject::invokeMethod(this, &NoticeBar::updateDetails,
                              Qt::QueuedConnection);  // its text has its width then
}

void NoticeBar::updateIcon() {
    const bool problem = m_kind == Kind::Problem;
    m_icon->setPixmap(iconPixmap(problem ? QStringLiteral("error") : QStringLiteral("information"), 18,
                                 problem ? meaningColours().error : meaningColours().accent,
                                 devicePixelRatioF()));
    m_icon->setAccessibleName(problem ? tr("Problem") : tr("Information"));
}

void NoticeBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) updateIcon();
}

QString NoticeBar::text() const {
    return isHidden() ? QString() : m_text->fullText();
}

NoticeStrip::NoticeStrip(const QString& objectName, const QList<NoticeBar*>& bars, QWidget* parent)
    : QFrame(parent) {
    setObjectName(objectName);
    setProperty("role", "strip");
    setMinimumHeight(kNoticeHeight);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (NoticeBar* bar : bars) row->addWidget(bar, 1);
}

QAction* makeAction(QObject* parent, const char* objectName, const char* icon, const QString& text,
                    const QKeySequence& keys, const QString& help, std::function<void()> run) {
    auto* action = new QAction(themedIcon(QLatin1String(icon)), text, parent);
    action->setObjectName(QLatin1String(objectName));
    action->setShortcut(keys);
    describeAction(action, help);
    QObject::connect(action, &QAction::triggered, parent, std::move(run));
    return action;
}

void describeAction(QAction* action, const QString& text) {
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, keys));
    action->setStatusTip(text);
}

}  // namespace signet::ui
