#pragma once

#include <QTableView>

namespace signet::ui {

/// A read-only table whose selected rows are copied as tab-separated text by the usual shortcut while it has
/// the focus, before any window-wide action of that shortcut. Rows are compact, nothing is edited, no grid.
class CopyTableView : public QTableView {
    Q_OBJECT
public:
    explicit CopyTableView(QWidget* parent = nullptr);

    /// What stands in the middle while there is no row.
    void setEmptyText(const QString& text);
    const QString& emptyText() const { return m_emptyText; }

    /// The selected rows, visible columns only.
    QString selectedText() const;

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_emptyText;
};

}  // namespace signet::ui
