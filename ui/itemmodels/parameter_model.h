#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/base/json.h"

namespace signet::ui {

/// The options of several runs side by side: a row an option, a column a run. GUI thread.
class ParameterModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit ParameterModel(QObject* parent = nullptr);

    struct Run {
        QString name;
        Json options;
    };
    void setRuns(const std::vector<Run>& runs);
    /// Only the options in which the runs differ; all with fewer than two runs.
    void setOnlyDiffering(bool on);
    /// What is different in each run from the others, as a legend says it: "seed 2, batch 12". A few options,
    /// the others counted; empty with fewer than two runs.
    QStringList differences() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString key;
        QStringList values;  ///< one a run; "–" where it has none
        bool differs = false;
    };
    void choose();

    QStringList m_names;
    std::vector<Row> m_rows;
    std::vector<std::size_t> m_shown;
    bool m_onlyDiffering = true;
};

}  // namespace signet::ui
