#pragma once

#include <QWidget>

#include "ui/fingerprints/identified_model.h"

class QAction;
class QLabel;

namespace signet::ui {

class BitGrid;
class CopyTableView;

/// Pictures and whose instance drew each; of the chosen one the bits that agree and those that differ. GUI
/// thread.
class IdentifyPanel : public QWidget {
    Q_OBJECT
public:
    /// actions: of its bar.
    explicit IdentifyPanel(const QList<QAction*>& actions, QWidget* parent = nullptr);

    /// Why no picture can be looked for; empty: they can.
    void setObstacle(const QString& why);
    /// How many of them wait.
    void showProgress();

    std::vector<int> selectedRows() const;
    IdentifiedModel* model() const { return m_model; }
    CopyTableView* table() const { return m_table; }
    BitGrid* grid() const { return m_grid; }

Q_SIGNALS:
    void selectionChanged();

private:
    QWidget* makeBar(const QList<QAction*>& actions);
    QWidget* makeChosen();
    void showChosen();
    void showBits(const IdentifiedPicture* picture);

    IdentifiedModel* m_model;
    CopyTableView* m_table;
    QLabel* m_progress;
    QLabel* m_explanation;
    BitGrid* m_grid;
    QLabel* m_cell;
    QString m_bitsText;  ///< while no cell is pointed at
};

}  // namespace signet::ui
