#include "ui/cases/panel_head.h"

#include <QPushButton>
#include <QVBoxLayout>

#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {

PanelHead::PanelHead(const QString& name, const QString& title, const QList<QPushButton*>& buttons,
                     QWidget* parent)
    : QWidget(parent), m_name(name), m_body(new QVBoxLayout(this)) {
    setObjectName(name + QStringLiteral("Head"));
    QLabel* heading = makeLabel(name + QStringLiteral("Title"), title, this);
    heading->setProperty("role", "title");
    auto* back = new QPushButton(themedIcon(QStringLiteral("close")), tr("&Back to the case"), this);
    back->setObjectName(name + QStringLiteral("Back"));
    back->setAccessibleName(tr("Back to the case"));
    connect(back, &QPushButton::clicked, this, &PanelHead::backWanted);
    auto* row = new QHBoxLayout;
    row->addWidget(heading, 1);
    for (QPushButton* button : buttons) row->addWidget(button);
    row->addWidget(back);
    m_body->setContentsMargins(2 * kGrid, kGrid, kGrid, kGrid);
    m_body->setSpacing(kGrid);
    m_body->addLayout(row);
}

void PanelHead::addNote(const QString& text) {
    m_body->addWidget(makeNote(m_name + QStringLiteral("Note"), text, this));
}

}  // namespace signet::ui
