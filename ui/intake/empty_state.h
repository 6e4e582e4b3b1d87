#pragma once

#include <QList>
#include <QWidget>

class QAction;

namespace signet::ui {

/// What a page shows before there is anything in it: what to do first, and the buttons to do it.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString& objectName, const QString& title, const QString& text,
               const QList<QAction*>& actions, QWidget* parent = nullptr);
};

}  // namespace signet::ui
