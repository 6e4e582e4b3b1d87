#pragma once

#include <QDialog>
#include <QList>

class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace signet::ui {

/// Asks for what a request to a service needs and stays until it is granted: a refusal is said in place, and
/// nothing that was typed is lost. Shown with open(), which does not block; deletes itself. Whoever derives
/// from it brings the service's answers to takeAnswer(). GUI thread.
class RequestDialog : public QDialog {
    Q_OBJECT
protected:
    /// ok: what its first button does, a verb.
    RequestDialog(const char* objectName, const QString& title, const QString& text, const QString& ok,
                  QWidget* parent);

    /// help: stands in the field while it is empty, and is its tool tip.
    QLineEdit* addField(const char* objectName, const QString& label, const QString& help = {});
    void addRow(const QString& label, QWidget* field);
    /// Why nothing can be asked for as it stands; empty: it can.
    virtual QString problem() const { return {}; }
    /// The id that the service gives the request; 0: it is done.
    virtual quint64 request() = 0;
    /// problem: why it is refused; empty: it is granted. Requests of others are let pass.
    void takeAnswer(quint64 request, const QString& problem);

private:
    void say(const QString& text, const char* role);
    void send();

    QFormLayout* m_form;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
    QList<QWidget*> m_fields;
    quint64 m_request = 0;  ///< that is not answered yet; 0: none
};

}  // namespace signet::ui
