#include "ui/fingerprints/identify_panel.h"

#include <QAction>
#include <QHeaderView>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "ui/bridge/text.h"
#include "ui/fingerprints/fingerprint_text.h"
#include "ui/page/bit_grid.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kChosenHeight = 220;  ///< px, of what is said of one picture

}  // namespace

IdentifyPanel::IdentifyPanel(const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent),
      m_model(new IdentifiedModel(this)),
      m_table(new CopyTableView(this)),
      m_progress(makeNote(QStringLiteral("identifyProgress"), {}, this)),
      m_explanation(makeLabel(QStringLiteral("identifyExplanation"), {}, this, true)),
      m_grid(new BitGrid(this)),
      m_cell(makeNote(QStringLiteral("identifyCell"), {}, this)) {
    setObjectName(QStringLiteral("identifyPanel"));
    m_table->setObjectName(QStringLiteral("identifiedTable"));
    m_table->setAccessibleName(tr("Pictures and whose instance drew each"));
    m_table->setModel(m_model);
    const int widths[IdentifiedModel::ColumnCount] = {130, 150, 110, 100, 90};
    for (int i = 0; i < IdentifiedModel::ColumnCount; ++i) m_table->setColumnWidth(i, widths[i]);
    m_table->setMinimumWidth(200);
    m_progress->setWordWrap(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar(actions));
    column->addWidget(m_table, 1);
    column->addWidget(makeChosen());
    connect(m_grid, &BitGrid::cellDescribed, this,
            [this](const QString& text) { m_cell->setText(text.isEmpty() ? m_bitsText : text); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &IdentifyPanel::selectionChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &IdentifyPanel::showChosen);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &IdentifyPanel::showProgress);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &IdentifyPanel::showChosen);
    connect(m_model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                const int row = m_table->currentIndex().row();
                if (row >= first.row() && row <= last.row()) showChosen();
                showProgress();
            });
    setObstacle({});
    showChosen();
}

QWidget* IdentifyPanel::makeBar(const QList<QAction*>& actions) {
    auto* bar = new QWidget(this);
    bar->setObjectName(QStringLiteral("identifyBar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setSpacing(2);
    for (QAction* action : actions) {
        QString name = action->objectName();
        row->addWidget(
            makeActionButton(name.replace(QLatin1String("Action"), QLatin1String("Button")), action, this));
    }
    row->addStretch(1);
    row->addWidget(m_progress);
    return bar;
}

QWidget* IdentifyPanel::makeChosen() {
    m_explanation->setWordWrap(true);
    auto* content = new QWidget(this);
    content->setObjectName(QStringLiteral("identifyChosenContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    column->setSpacing(6);
    column->addWidget(m_explanation);
    column->addWidget(m_grid);
    column->addWidget(m_cell);
    column->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("identifyChosen"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFixedHeight(kChosenHeight);
    m_grid->setObjectName(QStringLiteral("identifyBits"));
    return scroll;
}

void IdentifyPanel::setObstacle(const QString& why) {
    m_table->setEmptyText(why.isEmpty() ? tr("Drop pictures here to find out whose instance drew each.")
                                        : why);
}

void IdentifyPanel::showProgress() {
    const int waiting = m_model->waiting();
    m_progress->setText(
        waiting == 0 ? QString()
                     : tr("%1 of %2 done").arg(m_model->rowCount() - waiting).arg(m_model->rowCount()));
}

std::vector<int> IdentifyPanel::selectedRows() const {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) rows.push_back(index.row());
    return rows;
}

void IdentifyPanel::showChosen() {
    showProgress();
    const IdentifiedPtr picture = m_model->picture(m_table->currentIndex().row());
    m_explanation->setText(picture                   ? explanation(*picture)
                           : m_model->rowCount() > 0 ? tr("Choose a picture to see its bits.")
                                                     : QString());
    m_explanation->setAccessibleName(m_explanation->text());
    showBits(picture.get());
}

void IdentifyPanel::showBits(const IdentifiedPicture* picture) {
    m_bitsText.clear();
    std::vector<BitGrid::Bit> cells;
    if (picture && picture->found.nearest) {
        const registry::CodeAgreement& nearest = *picture->found.nearest;
        const auto read = bitsFromHex(picture->found.decodedHex, picture->bits);
        const auto registered = bitsFromHex(nearest.instance.codeHex, picture->bits);
        for (std::size_t i = 0; i < read.size(); ++i)
            cells.push_back({.value = read[i] != 0, .registered = registered[i] != 0});
        m_bitsText = tr("The bits as they were read; those that instance %1 has otherwise are crossed out.")
                         .arg(nearest.instance.id);
    }
    m_grid->setVisible(!cells.empty());
    m_grid->setBits(std::move(cells));
    m_cell->setText(m_bitsText);
}

}  // namespace signet::ui
