#include "ui/inspect/queue_filter_bar.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "ui/itemmodels/presence_text.h"
#include "ui/page/choice_button.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

QueueFilterBar::QueueFilterBar(QueueFilter& filter, QWidget* parent)
    : QWidget(parent), m_filter(filter), m_text(new QLineEdit(this)), m_button(new QToolButton(this)) {
    setObjectName(QStringLiteral("queueFilterBar"));
    m_text->setObjectName(QStringLiteral("queueSearch"));
    m_text->setAccessibleName(tr("Search the queue"));
    m_text->setPlaceholderText(tr("Search names, answers, codes"));
    m_text->setClearButtonEnabled(true);
    m_text->setAcceptDrops(false);
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter.setText(text);
        Q_EMIT filterChanged();
    });
    setUpChoice(*m_button, QStringLiteral("queueShow"));
    fillMenu();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kGrid, 0, kGrid, 4);
    row->setSpacing(4);
    row->addWidget(m_text, 1);
    row->addWidget(m_button);
    update();
}

void QueueFilterBar::fillMenu() {
    QMenu* menu = m_button->menu();
    const auto group = [&](const QString& heading, const QList<std::pair<const char*, QString>>& entries,
                           const std::function<void(int)>& choose) {
        menu->addSection(heading);
        auto* actions = new QActionGroup(menu);
        int at = 0;
        for (const auto& [name, text] : entries) {
            QAction* action = menu->addAction(text);
            action->setObjectName(QLatin1String(name));
            action->setCheckable(true);
            action->setChecked(at == 0);
            actions->addAction(action);
            connect(action, &QAction::triggered, this, [this, choose, at] {
                choose(at);
                update();
                Q_EMIT filterChanged();
            });
            ++at;
        }
    };
    group(tr("Show"),
          {{"queueShowAll", tr("All")},
           {"queueShowPresent", presenceText(examine::Presence::Present)},
           {"queueShowInconclusive", presenceText(examine::Presence::Inconclusive)},
           {"queueShowAbsent", presenceText(examine::Presence::Absent)},
           {"queueShowFailed", tr("failed")},
           {"queueShowNotExamined", tr("not examined")}},
          [this](int at) { m_filter.setShow(static_cast<QueueFilter::Show>(at)); });
    group(tr("Order"),
          {{"queueOrderAdded", tr("As added")},
           {"queueOrderName", tr("By name")},
           {"queueOrderAnswer", tr("By answer")}},
          [this](int at) { m_filter.setOrder(static_cast<QueueFilter::Order>(at)); });
}

void QueueFilterBar::clear() {
    m_text->clear();
    m_button->findChild<QAction*>(QStringLiteral("queueShowAll"))->trigger();
}

void QueueFilterBar::update() {
    QString chosen;
    for (const QAction* action : m_button->menu()->actions()) {
        if (action->isChecked()) {
            chosen = action->text();
            break;
        }
    }
    m_button->setText(chosen);
    m_button->setAccessibleName(tr("Shown in the queue: %1").arg(chosen));
    m_button->setToolTip(tr("Which answers the queue shows, and in which order"));
}

}  // namespace signet::ui
