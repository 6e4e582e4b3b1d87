#pragma once

#include <QWidget>

#include "core/cases/case_types.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace signet::ui {

class CaseFields;

/// The form of a new case, in place, and of the properties of one that is there. Says what is missing; asks
/// for nothing but a title, the examiner's name and a file. GUI thread.
class CaseForm : public QWidget {
    Q_OBJECT
public:
    explicit CaseForm(QWidget* parent = nullptr);

    /// Empties the form. folder: where the file is proposed.
    void begin(const QString& examiner, const QString& folder);
    /// The properties of a case that is open.
    void beginEdit(const cases::CaseInfo& info, bool writable);
    bool isEditing() const { return m_editing; }

Q_SIGNALS:
    void createWanted(const QString& file, const signet::cases::CaseInfo& info);
    void saveWanted(const signet::cases::CaseInfo& info);
    void closed();

private:
    QLineEdit* addLine(QFormLayout* form, const char* objectName, const QString& label, const QString& help);
    void proposeFile();
    /// What is typed, in the proposed folder where it is no whole path, with the ending of cases.
    QString file() const;
    void orderTabs();
    void chooseFile();
    void check();
    void create();
    void setMode(bool editing, bool writable);
    QWidget* makeButtons();
    QFormLayout* makeLines(QWidget* content);

    QLabel* m_heading;
    QLabel* m_note;
    QLabel* m_fileLabel;
    QWidget* m_fileRow;
    QToolButton* m_more;
    CaseFields* m_fields;
    QLineEdit* m_title;
    QLineEdit* m_examiner;
    QLineEdit* m_number;
    QLineEdit* m_organisation;
    QLineEdit* m_customer;
    QPlainTextEdit* m_description;
    QLineEdit* m_file;
    QLabel* m_missing;
    QPushButton* m_create;
    QString m_folder;
    cases::CaseInfo m_info;  ///< what is edited
    bool m_editing = false;
    bool m_writable = true;
    bool m_fileChosen = false;  ///< by hand: the title no longer changes it
};

}  // namespace signet::ui
