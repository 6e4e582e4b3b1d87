#include "ui/shell/navigation_rail.h"

#include <QAction>
#include <QActionGroup>
#include <QEvent>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kWidth = 92;                    // px: the longest name of a page, in bold
constexpr int kIcon = 24, kCompactIcon = 20;  // px

}  // namespace

NavigationRail::NavigationRail(QWidget* parent)
    : QWidget(parent), m_group(new QActionGroup(this)), m_pages(new QVBoxLayout), m_foot(new QVBoxLayout) {
    setObjectName(QStringLiteral("navigationRail"));
    setAccessibleName(tr("Pages"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(kWidth);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, kGrid, 1, kGrid);
    all->setSpacing(0);
    all->addLayout(m_pages);
    all->addStretch(1);
    all->addLayout(m_foot);
    m_pages->setSpacing(4);
}

QAction* NavigationRail::addPage(const QString& objectName, const QString& icon, const QString& text,
                                 const QKeySequence& keys) {
    const int page = static_cast<int>(m_group->actions().size());
    auto* action = new QAction(themedIcon(icon), text, this);
    action->setObjectName(objectName);
    action->setCheckable(true);
    action->setShortcut(keys);
    describeAction(action, QString(text).remove(QLatin1Char('&')));
    m_group->addAction(action);
    connect(action, &QAction::triggered, this, [this, page] { Q_EMIT pageChosen(page); });
    QString name = objectName;
    QToolButton* button = makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")),
                                           action, this, Qt::ToolButtonTextUnderIcon);
    button->setIconSize(QSize(kIcon, kIcon));
    button->setFocusPolicy(Qt::TabFocus);  // a click leaves the focus on the page
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_pages->addWidget(button);
    return action;
}

void NavigationRail::addFoot(QToolButton* button) {
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setIconSize(QSize(kCompactIcon, kCompactIcon));
    m_foot->addWidget(button);
}

QSize NavigationRail::minimumSizeHint() const {
    constexpr int kCompactButton = 29;  // px
    return {kWidth, static_cast<int>(m_group->actions().size() + 1) * kCompactButton + 2 * kGrid};
}

bool NavigationRail::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    // its buttons need more room once the style sheet has been at them
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) fit();
    return handled;
}

void NavigationRail::fit() {
    if (!m_compact) m_wholeHeight = layout()->totalMinimumSize().height();
    if (const bool compact = height() < m_wholeHeight; compact != m_compact) setCompact(compact);
}

void NavigationRail::setCompact(bool compact) {
    m_compact = compact;
    setProperty("compact", compact);
    m_pages->setSpacing(compact ? 0 : 4);
    for (QToolButton* button : findChildren<QToolButton*>()) {
        button->setToolButtonStyle(compact ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextUnderIcon);
        const int icon = compact || m_foot->indexOf(button) >= 0 ? kCompactIcon : kIcon;
        button->setIconSize(QSize(icon, icon));
        button->style()->unpolish(button);
        button->style()->polish(button);
    }
}

void NavigationRail::setCurrent(int page) {
    m_group->actions().at(page)->setChecked(true);
}

}  // namespace signet::ui
