#pragma once

#include <QTableView>

namespace signet::ui {

/// A read-only table whose selected rows are copied as tab-separated text by the usual shortcut while it has
/// the focus, before any window-wide action of that shortcut. Rows are compact, nothing is edited, no grid.
class CopyTableView : public QTableView {
    Q_OBJECT
public:
    explicit CopyTableView(QWidget* parent = nullptr);

    /// The selected rows, visible columns only.
    QString selectedText() const;

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
};

}  // namespace signet::ui
