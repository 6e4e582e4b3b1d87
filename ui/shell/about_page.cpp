#include "ui/shell/about_page.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QSysInfo>
#include <QVBoxLayout>

#include "core/base/platform.h"
#include "signet_build_info.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/shell/library_versions.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {

AboutPage::AboutPage(Services& services, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("about"), QStringLiteral("about"), tr("About"), Qt::Key_0}),
      m_services(services),
      m_versions(new KeyValueModel(this)) {
    setObjectName(QStringLiteral("aboutPage"));
    QLabel* title = makeLabel(QStringLiteral("aboutTitle"), QStringLiteral("Signet"), this);
    title->setProperty("role", "title");
    QLabel* what =
        makeLabel(QStringLiteral("aboutText"),
                  tr("Puts an invisible signature into photographs and finds it again: whether one is there, "
                     "which code it carries, how sure that is, and where."),
                  this);
    what->setWordWrap(true);
    QLabel* caveat =
        makeNote(QStringLiteral("aboutCaveat"),
                 tr("Presence, code and calibration are separate lines of evidence. That no signature is "
                    "found says nothing about where an image comes from."),
                 this);
    QLabel* licence =
        makeNote(QStringLiteral("aboutLicence"),
                 tr("Free software under the GNU General Public License, version 3 or later; without any "
                    "warranty."),
                 this);
    auto* table = new CopyTableView(this);
    table->setObjectName(QStringLiteral("versionTable"));
    table->setAccessibleName(tr("Versions"));
    table->setModel(m_versions);
    table->setColumnHidden(KeyValueModel::GroupColumn, true);
    table->setColumnWidth(KeyValueModel::KeyColumn, 160);
    table->setFrameShape(QFrame::StyledPanel);
    table->horizontalHeader()->hide();
    auto* copy = new QAction(themedIcon(QStringLiteral("copy")), tr("Copy the versions"), this);
    copy->setObjectName(QStringLiteral("copyVersionsAction"));
    connect(copy, &QAction::triggered, this,
            [this] { QApplication::clipboard()->setText(m_versions->asText()); });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(kGrid);
    column->addWidget(title);
    column->addWidget(what);
    column->addWidget(caveat);
    column->addWidget(table, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(licence, 1);
    row->addWidget(
        makeActionButton(QStringLiteral("copyVersionsButton"), copy, this, Qt::ToolButtonTextBesideIcon));
    column->addLayout(row);
    connect(&services, &Services::catalogueChanged, this, [this] {
        if (isVisible()) fill();
    });
}

void AboutPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    fill();
}

void AboutPage::fill() {
    std::vector<KeyValueModel::Row> rows;
    const auto add = [&rows](const QString& key, const QString& value) { rows.push_back({{}, key, value}); };
    add(QStringLiteral("Signet"), QString::fromLatin1(kVersion));
    add(tr("Build"), QStringLiteral("%1, %2").arg(QLatin1String(kBuildType), QSysInfo::buildAbi()));
    add(tr("Compiler"), QString::fromLatin1(kCompiler));
    add(QStringLiteral("Qt"),
        tr("%1 (built with %2)").arg(QLatin1String(qVersion()), QLatin1String(QT_VERSION_STR)));
    add(tr("Networks"), toText(m_services.runtimeDescription()));
    for (const auto& [name, version] : libraryVersions()) add(name, version);
    add(tr("System"), QStringLiteral("%1, %2").arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion()));
    add(tr("Processor"), toText(processorName()));
    add(tr("Workspace"), toText(m_services.workspace()));
    if (const auto catalogue = m_services.catalogue()) {
        for (const ModelEntry& entry : catalogue->models) {
            add(tr("Model %1").arg(toText(entry.manifest.name)),
                tr("%1, SHA-256 %2")
                    .arg(entry.manifest.validated ? tr("validated") : tr("not validated"),
                         toText(entry.manifest.weightsSha256)));
        }
        if (catalogue->models.empty()) add(tr("Models"), tr("none installed"));
    }
    m_versions->setRows(std::move(rows));
}

}  // namespace signet::ui
