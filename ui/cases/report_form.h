#pragma once

#include <QScrollArea>

#include "core/cases/case_types.h"
#include "core/report/report_options.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QRadioButton;
class QSettings;
class QVBoxLayout;

namespace signet::ui {

class CaseFields;
class TagChoice;

/// How a report is to be made: report::ReportOptions as a form, with the fields of ISO/IEC 17025 as they will
/// stand in it. What a final report still lacks is said beside the field. GUI thread.
class ReportForm : public QScrollArea {
    Q_OBJECT
public:
    explicit ReportForm(QWidget* parent = nullptr);

    /// The fields become the case's; the other choices stay.
    void begin(const cases::CaseInfo& info, const std::vector<cases::Tag>& tags, int exhibits);
    void setReports(const std::vector<cases::IssuedReport>& reports);

    report::ReportOptions options() const;
    QString format() const;  ///< "pdf", "html", "json", "csv"
    bool isFinal() const;
    /// The case's properties with the fields as typed.
    cases::CaseInfo info() const;
    bool keepFields() const;
    bool hasNewFields() const { return !options().fields.empty(); }
    /// What keeps the form from being used (a file that is not there, no tag ticked); empty: nothing does.
    QString problem() const;
    /// Labels of required fields and sections that a final report lacks.
    QStringList missing() const;

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    void changed();

private:
    QWidget* makeContent();
    void addHeading(QVBoxLayout* column, const char* name, const QString& text);
    void addKind(QVBoxLayout* column);
    void addSections(QVBoxLayout* column);
    void addLook(QVBoxLayout* column);
    QLineEdit* makeLine(const char* name, const QString& text, const QString& help);
    QWidget* withChooser(QLineEdit* line, const char* button, const QString& text, const QString& filter);
    void refresh();

    QComboBox* m_format;
    QRadioButton* m_draft;
    QRadioButton* m_final;
    QLineEdit* m_title;
    TagChoice* m_tags;
    std::vector<QCheckBox*> m_sections;
    QCheckBox* m_thumbnails;
    QCheckBox* m_evidenceMaps;
    QCheckBox* m_trainingHistory;
    QLineEdit* m_banner;
    QLineEdit* m_logo;
    QComboBox* m_scale;
    QLineEdit* m_scaleFile;
    QWidget* m_scaleFileRow = nullptr;
    QComboBox* m_supersedes;
    QLineEdit* m_accept;
    QLabel* m_acceptLabel = nullptr;
    CaseFields* m_fields;
    QCheckBox* m_keep;
    cases::CaseInfo m_info;
};

}  // namespace signet::ui
