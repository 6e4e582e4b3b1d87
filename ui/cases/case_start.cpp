#include "ui/cases/case_start.h"

#include <QFileInfo>
#include <QListWidget>
#include <QVBoxLayout>

#include "ui/inspect/empty_state.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kListWidth = 420;  ///< px, as the text above it

}  // namespace

CaseStart::CaseStart(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent),
      m_heading(makeHeading(QStringLiteral("recentCasesHeading"), tr("Recent cases"), this)),
      m_recent(new QListWidget(this)) {
    setObjectName(QStringLiteral("caseStart"));
    m_recent->setObjectName(QStringLiteral("recentCases"));
    m_recent->setAccessibleName(tr("Recent cases"));
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setAlternatingRowColors(true);
    m_recent->setTextElideMode(Qt::ElideMiddle);
    m_recent->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_recent, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { Q_EMIT openWanted(item->data(Qt::UserRole).toString()); });
    auto* list = new QVBoxLayout;
    list->addWidget(m_heading);
    list->addWidget(m_recent, 1);
    auto* box = new QWidget(this);
    box->setObjectName(QStringLiteral("recentCasesBox"));
    box->setLayout(list);
    box->setMaximumWidth(kListWidth);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(box, 4);
    row->addStretch(1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 2 * kGrid);
    all->addWidget(
        new EmptyState(QStringLiteral("casesEmpty"), tr("Work on a case"),
                       tr("A case keeps exhibits with their hashes, who did what with them, what was found, "
                          "and your notes. Files are copied in, hashed and never changed. Drop a .case file "
                          "here to open it."),
                       actions, this),
        3);
    all->addLayout(row, 2);
    setRecent({});
}

void CaseStart::setRecent(const QStringList& files) {
    m_recent->clear();
    for (const QString& file : files) {
        const QFileInfo info(file);
        auto* item = new QListWidgetItem(themedIcon(QStringLiteral("cases")),
                                         tr("%1 — %2").arg(info.completeBaseName(), info.path()), m_recent);
        item->setData(Qt::UserRole, file);
        item->setToolTip(file);
    }
    m_heading->setVisible(!files.isEmpty());
    m_recent->setVisible(!files.isEmpty());
    if (!files.isEmpty()) m_recent->setCurrentRow(0);
}

}  // namespace signet::ui
