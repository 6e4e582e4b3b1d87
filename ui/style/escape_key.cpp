#include "ui/style/escape_key.h"

#include <QKeyEvent>
#include <QWidget>

namespace signet::ui {
namespace {

class EscapeFilter final : public QObject {
public:
    EscapeFilter(QWidget* panel, std::function<void()> run, std::function<bool()> may)
        : QObject(panel), m_run(std::move(run)), m_may(std::move(may)) {
        panel->installEventFilter(this);
    }

    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress) return false;
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() != Qt::Key_Escape || key->modifiers() != Qt::NoModifier || (m_may && !m_may()))
            return false;
        event->accept();  // of a shortcut: it comes again as a key
        if (event->type() == QEvent::KeyPress) m_run();
        return true;
    }

private:
    std::function<void()> m_run;
    std::function<bool()> m_may;
};

}  // namespace

void onEscape(QWidget* panel, std::function<void()> run, std::function<bool()> may) {
    new EscapeFilter(panel, std::move(run), std::move(may));  // lives as long as the panel
}

}  // namespace signet::ui
