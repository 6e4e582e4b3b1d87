#include "ui/intake/empty_state.h"

#include <QAction>
#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {

EmptyState::EmptyState(const QString& objectName, const QString& title, const QString& text,
                       const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent) {
    setObjectName(objectName);
    auto* column = new QVBoxLayout;
    column->setSpacing(kGrid);
    QLabel* heading = makeLabel(objectName + QStringLiteral("Title"), title, this);
    heading->setProperty("role", "title");
    heading->setWordWrap(true);
    heading->setAlignment(Qt::AlignHCenter);
    column->addWidget(heading);
    QLabel* note = makeNote(objectName + QStringLiteral("Text"), text, this);
    note->setAlignment(Qt::AlignHCenter);
    column->addWidget(note);
    column->addSpacing(kGrid);
    auto* grid = new QGridLayout;
    grid->setSpacing(kGrid);
    int at = 0;
    for (QAction* action : actions) {
        QString name = action->objectName();
        QPushButton* button = makePushButton(
            objectName + name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setMinimumHeight(34);
        grid->addWidget(button, at / 2, at % 2);
        ++at;
    }
    column->addLayout(grid);
    auto* content = new QWidget(this);
    content->setObjectName(objectName + QStringLiteral("Content"));
    content->setLayout(column);
    content->setMaximumWidth(420);
    auto* all = new QHBoxLayout(this);
    all->addStretch(1);
    all->addWidget(content, 4, Qt::AlignVCenter);
    all->addStretch(1);
}

}  // namespace signet::ui
