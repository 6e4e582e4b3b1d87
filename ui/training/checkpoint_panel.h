#pragma once

#include <QWidget>

#include "ui/bridge/training_service.h"

class QPushButton;

namespace signet::ui {

class CheckpointModel;
class CopyTableView;

/// The checkpoints of a run, and the way from one to an installed model. GUI thread.
class CheckpointPanel : public QWidget {
    Q_OBJECT
public:
    explicit CheckpointPanel(TrainingService& service, QWidget* parent = nullptr);

    /// Forgets what it has; the list of this run follows with refresh().
    void setRun(const std::filesystem::path& folder);
    /// Asks for the list anew where the run has come further than at the last time.
    void refresh(const RunEntry& run);

private:
    /// kind: of the models that the run writes; nothing where it is not known.
    void nameUse(std::optional<models::Kind> kind);
    void use();

    TrainingService& m_service;
    CheckpointModel* m_model;
    CopyTableView* m_table;
    QPushButton* m_use;
    std::filesystem::path m_folder;
    std::uint64_t m_listedAt;
};

}  // namespace signet::ui
