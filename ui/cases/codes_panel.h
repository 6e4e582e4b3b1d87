#pragma once

#include <QWidget>

#include "ui/bridge/case_service.h"
#include "ui/bridge/key_service.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace signet::ui {

class CodeListModel;
class CopyTableView;
class KeyCombo;
class NoticeBar;
class PictureField;

/// The registered codes of the open case, in place of the case: the list, a form to register one with its key
/// and picture, to change the holder and notes of one, or to withdraw it. Each is an action in the audit log;
/// nothing is deleted. GUI thread.
class CodesPanel : public QWidget {
    Q_OBJECT
public:
    CodesPanel(CaseService& cases, KeyService& keys, QWidget* parent = nullptr);
    /// To be put into the page's strip.
    NoticeBar* notice() const { return m_notice; }

    /// Reads the codes.
    void begin(bool writable);
    void reset();  ///< the case was closed

Q_SIGNALS:
    void closed();

private:
    QWidget* makeHead();
    QWidget* makeForm();
    QLineEdit* addLine(const char* objectName, const QString& name, const QString& help);
    void showCodes(const std::vector<cases::RegisteredCode>& codes);
    void showChosen();
    void startNew();
    void check();
    void save();
    void withdraw();
    /// The code that is chosen; null where a new one is being registered.
    const cases::RegisteredCode* chosen() const;

    CaseService& m_cases;
    NoticeBar* m_notice;
    CodeListModel* m_model;
    CopyTableView* m_table;
    QWidget* m_form = nullptr;
    QLabel* m_heading;
    QLineEdit* m_code;
    QSpinBox* m_bits;
    QLineEdit* m_codeModel;
    KeyCombo* m_key;
    PictureField* m_picture;
    QLineEdit* m_holder;
    QLineEdit* m_notes;
    QLineEdit* m_reason;
    QLabel* m_problem;
    QPushButton* m_new;
    QPushButton* m_save;
    QPushButton* m_withdraw;
    bool m_writable = true;
};

}  // namespace signet::ui
