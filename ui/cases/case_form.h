#pragma once

#include <QWidget>

#include "core/cases/case_types.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace signet::ui {

/// The form of a new case, in place. Says what is missing beside the field; asks for nothing but a title, the
/// examiner's name and a file. GUI thread.
class CaseForm : public QWidget {
    Q_OBJECT
public:
    explicit CaseForm(QWidget* parent = nullptr);

    /// Empties the form. folder: where the file is proposed.
    void begin(const QString& examiner, const QString& folder);

Q_SIGNALS:
    void createWanted(const QString& file, const signet::cases::CaseInfo& info);
    void closed();

private:
    QLineEdit* addLine(QFormLayout* form, const char* objectName, const QString& label, const QString& help);
    void proposeFile();
    void chooseFile();
    void check();
    void create();

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
    bool m_fileChosen = false;  ///< by hand: the title no longer changes it
};

}  // namespace signet::ui
