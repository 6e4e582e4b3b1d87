#pragma once

#include <QFrame>
#include <QKeySequence>
#include <QLabel>
#include <QToolButton>
#include <functional>

class QAction;
class QPushButton;
class QVBoxLayout;

namespace signet::ui {

class ElidedLabel;

/// The grid: margins and gaps are multiples of it, px.
inline constexpr int kGrid = 8;

/// A label with an object name; text can be selected by mouse and keyboard where selectable.
QLabel* makeLabel(const QString& objectName, const QString& text, QWidget* parent, bool selectable = false);

/// The same in the secondary text colour, wrapped.
QLabel* makeNote(const QString& objectName, const QString& text, QWidget* parent);

/// Gives the label room for so many lines, also while it is hidden unless said otherwise: what it says moves
/// nothing.
void keepRoom(QLabel* label, int lines, bool whileHidden = true);

/// Sets what the style sheet knows a widget by ("note", "problem", "heading") and has it drawn so.
void setRole(QWidget* widget, const char* role);

/// A section heading inside a card or panel.
QLabel* makeHeading(const QString& objectName, const QString& text, QWidget* parent);

/// A tool button that shows an action, with object and accessible name.
QToolButton* makeActionButton(const QString& objectName, QAction* action, QWidget* parent,
                              Qt::ToolButtonStyle style = Qt::ToolButtonIconOnly);

/// A push button that follows an action: text, icon, tool tip, enabled.
QPushButton* makePushButton(const QString& objectName, QAction* action, QWidget* parent);

/// A button that looks like a link.
QToolButton* makeLinkButton(const QString& objectName, const QString& text, QWidget* parent);

/// A framed box with a vertical layout.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString& objectName, QWidget* parent = nullptr);
    QVBoxLayout* body() const { return m_body; }

private:
    QVBoxLayout* m_body;
};

/// A word in a small rounded frame. kind: "validated", "unvalidated", "error", "neutral" (see signet.qss).
QLabel* makeBadge(const QString& objectName, const QString& text, const char* kind, QWidget* parent);

/// Tells people something in place, in one line: what happened, what to do, and one button. What there is no
/// room for, and details, can be folded out. Hidden until showNotice is called. Not modal. A page puts its
/// bars into a NoticeStrip.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(const QString& objectName, QWidget* parent = nullptr);

    enum class Kind { Information, Problem };
    void showNotice(Kind kind, const QString& text, const QString& details = {}, QAction* remedy = nullptr);
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateIcon();
    void updateDetails();

    Kind m_kind = Kind::Information;
    QString m_more;  ///< the details, without what there is no room for
    QLabel* m_icon;
    ElidedLabel* m_text;
    QLabel* m_details;
    QToolButton* m_detailsButton;
    QToolButton* m_remedyButton;
    QToolButton* m_closeButton;
};

/// The foot of a page, where its notices appear side by side. Its room is always there, so that a notice that
/// comes or goes never moves what a person is about to click.
class NoticeStrip : public QFrame {
    Q_OBJECT
public:
    /// Takes the bars over.
    NoticeStrip(const QString& objectName, const QList<NoticeBar*>& bars, QWidget* parent = nullptr);
};

/// An action of parent with object name, icon, shortcut and help text (see describeAction) that calls run.
QAction* makeAction(QObject* parent, const char* objectName, const char* icon, const QString& text,
                    const QKeySequence& keys, const QString& help, std::function<void()> run);

/// Sets the help text of an action: its tool tip becomes "text (shortcut)".
void describeAction(QAction* action, const QString& text);

}  // namespace signet::ui
