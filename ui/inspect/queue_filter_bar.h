#pragma once

#include <QWidget>

#include "ui/itemmodels/queue_filter.h"

class QLineEdit;
class QToolButton;

namespace signet::ui {

/// A search field and a menu over the queue: which answers are shown, and in which order. GUI thread.
class QueueFilterBar : public QWidget {
    Q_OBJECT
public:
    explicit QueueFilterBar(QueueFilter& filter, QWidget* parent = nullptr);

    /// Everything is shown again.
    void clear();

Q_SIGNALS:
    void filterChanged();

private:
    void fillMenu();
    void update();

    QueueFilter& m_filter;
    QLineEdit* m_text;
    QToolButton* m_button;
};

}  // namespace signet::ui
