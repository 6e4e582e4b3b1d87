#include "ui/training/checkpoint_panel.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/examine/detector.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/checkpoint_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"
#include "ui/training/run_text.h"

namespace signet::ui {
namespace {

constexpr std::uint64_t kNever = ~0ull;

}  // namespace

CheckpointPanel::CheckpointPanel(TrainingService& service, QWidget* parent)
    : QWidget(parent),
      m_service(service),
      m_model(new CheckpointModel(this)),
      m_table(new CopyTableView(this)),
      m_use(new QPushButton(this)),
      m_listedAt(kNever) {
    setObjectName(QStringLiteral("checkpointTab"));
    m_table->setObjectName(QStringLiteral("checkpointTable"));
    m_table->setAccessibleName(tr("Checkpoints of the run"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_use->setObjectName(QStringLiteral("useCheckpointButton"));
    m_use->setEnabled(false);
    nameUse(std::nullopt);
    connect(m_use, &QPushButton::clicked, this, &CheckpointPanel::use);
    const auto offerUse = [this] { m_use->setEnabled(m_table->selectionModel()->hasSelection()); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, offerUse);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this, offerUse] {
        for (int column = 0; column < m_model->columnCount(); ++column)
            m_table->resizeColumnToContents(column);
        if (m_model->rowCount() > 0) m_table->selectRow(0);
        offerUse();
    });
    connect(&m_service, &TrainingService::checkpointsReady, this,
            [this](const QString& folder, const std::vector<training::CheckpointFile>& list) {
                if (toPath(folder) == m_folder) m_model->setCheckpoints(list);
            });
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, kGrid, 12, kGrid);
    bar->addWidget(
        makeNote(QStringLiteral("checkpointNote"),
                 tr("Each holds the whole state of the run. The numbers are the newest of each curve when "
                    "it was written."),
                 this),
        1);
    bar->addWidget(m_use);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_table, 1);
    column->addLayout(bar);
}

void CheckpointPanel::setRun(const std::filesystem::path& folder) {
    m_folder = folder;
    m_model->setCheckpoints({});
    m_listedAt = kNever;
}

void CheckpointPanel::refresh(const RunEntry& run) {
    nameUse(modelKindOf(run.record));
    if (run.record.step == m_listedAt) return;
    m_listedAt = run.record.step;
    m_service.requestCheckpoints(run.folder);
}

/// What becomes of a checkpoint is said before it is asked for: not every model examines.
void CheckpointPanel::nameUse(std::optional<models::Kind> kind) {
    const bool examines = kind && examine::canDetect(*kind);
    m_use->setIcon(themedIcon(examines ? QStringLiteral("inspect") : QStringLiteral("models")));
    m_use->setText(examines ? tr("&Use in examinations") : tr("&Install as a model"));
    m_use->setAccessibleName(examines ? tr("Use the checkpoint in examinations")
                                      : tr("Install the checkpoint as a model"));
    const QString made = tr("Makes a model of this checkpoint.");
    m_use->setToolTip(examines ? tr("%1 It is not validated and has no calibration yet.").arg(made)
                      : kind   ? made + QLatin1Char(' ') + purposeText(*kind)
                               : made);
}

void CheckpointPanel::use() {
    const auto* checkpoint = m_model->checkpoint(m_table->currentIndex().row());
    const RunEntry* run = m_service.run(m_folder);
    if (!checkpoint || !run) return;
    m_service.exportModel(run->folder, checkpoint->file,
                          run->record.name + "-" + std::to_string(checkpoint->step));
}

}  // namespace signet::ui
