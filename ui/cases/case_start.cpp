#include "ui/cases/case_start.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/cases/database_url.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_text.h"
#include "ui/intake/empty_state.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kListWidth = 560;  ///< px, a little wider than the text above it

}  // namespace

CaseStart::CaseStart(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent),
      m_heading(makeHeading(QStringLiteral("recentCasesHeading"), tr("Recent cases"), this)),
      m_recent(new QListWidget(this)),
      m_url(new QLineEdit(this)),
      m_password(new QLineEdit(this)),
      m_open(new QPushButton(themedIcon(QStringLiteral("open")), tr("Open &database"), this)),
      m_problem(makeLabel(QStringLiteral("databaseProblem"), {}, this)),
      m_reopen(new QCheckBox(tr("Open the last case again when the program &starts"), this)) {
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
    list->addWidget(makeDatabase());
    m_reopen->setObjectName(QStringLiteral("reopenLastCase"));
    m_reopen->setAccessibleName(m_reopen->text().remove(QLatin1Char('&')));
    m_reopen->setChecked(true);
    connect(m_reopen, &QCheckBox::toggled, this, &CaseStart::reopensChanged);
    list->addWidget(m_reopen);
    list->addStretch(0);  // where there is no recent case
    auto* box = new QWidget(this);
    box->setObjectName(QStringLiteral("recentCasesBox"));
    box->setLayout(list);
    box->setMaximumWidth(kListWidth);
    list->setContentsMargins(0, 0, 0, 0);
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
    check();
}

QWidget* CaseStart::makeDatabase() {
    auto* box = new QWidget(this);
    box->setObjectName(QStringLiteral("databaseBox"));
    m_url->setObjectName(QStringLiteral("databaseUrl"));
    m_url->setAccessibleName(tr("Database of a case on a server"));
    m_url->setPlaceholderText(tr("postgresql://user@host/database"));
    m_url->setToolTip(tr("A case on a PostgreSQL server, shared by a team"));
    m_password->setObjectName(QStringLiteral("databasePassword"));
    m_password->setAccessibleName(tr("Password of the database; it is not kept"));
    m_password->setPlaceholderText(tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_open->setObjectName(QStringLiteral("openDatabaseButton"));
    m_open->setAccessibleName(tr("Open the database"));
    m_problem->setProperty("role", "problem");
    m_problem->setWordWrap(true);
    keepRoom(m_problem, 2);
    connect(m_url, &QLineEdit::textChanged, this, &CaseStart::check);
    for (QLineEdit* line : {m_url, m_password})
        connect(line, &QLineEdit::returnPressed, this, &CaseStart::openDatabase);
    connect(m_open, &QPushButton::clicked, this, &CaseStart::openDatabase);
    m_password->setToolTip(tr("Used for this one time; it is kept nowhere"));
    box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* lines = new QHBoxLayout;
    lines->addWidget(m_url, 3);
    lines->addWidget(m_password, 1);
    lines->addWidget(m_open);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, kGrid, 0, 0);
    column->addWidget(makeHeading(QStringLiteral("databaseHeading"), tr("Case on a server"), box));
    column->addLayout(lines);
    column->addWidget(m_problem);
    return box;
}

void CaseStart::check() {
    const QString url = m_url->text().trimmed();
    const std::string problem = url.isEmpty() ? std::string() : cases::databaseUrlProblem(url.toStdString());
    m_problem->setText(sentence(problem));
    m_problem->setVisible(!problem.empty());
    m_open->setEnabled(!url.isEmpty() && problem.empty());
}

void CaseStart::openDatabase() {
    if (!m_open->isEnabled()) return;
    const std::string typed = m_url->text().trimmed().toStdString();
    const std::string password = m_password->text().toStdString();
    m_password->clear();
    const std::string bare = cases::withoutPassword(typed);
    m_url->setText(toText(bare));  // one typed into the URL is not left standing there
    Q_EMIT databaseWanted(
        QString::fromStdString(password.empty() ? typed : cases::withPassword(bare, password)));
}

void CaseStart::askDatabase(const QString& url) {
    m_url->setText(url);
    m_password->setFocus();
}

void CaseStart::setReopens(bool on) {
    m_reopen->setChecked(on);
}

void CaseStart::setRecent(const QStringList& files) {
    m_recent->clear();
    for (const QString& file : files) {
        const QFileInfo info(file);
        const QString name =
            isDatabase(file) ? file : tr("%1 — %2").arg(info.completeBaseName(), info.path());
        auto* item = new QListWidgetItem(themedIcon(QStringLiteral("cases")), name, m_recent);
        item->setData(Qt::UserRole, file);
        item->setToolTip(file);
    }
    m_heading->setVisible(!files.isEmpty());
    m_recent->setVisible(!files.isEmpty());
    if (!files.isEmpty()) m_recent->setCurrentRow(0);
}

}  // namespace signet::ui
