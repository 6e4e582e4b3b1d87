#pragma once

#include <QWidget>

#include "ui/bridge/case_data.h"
#include "ui/bridge/services.h"

class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;
class QToolButton;

namespace signet::ui {

class CopyTableView;
class CustodyPanel;
class ElidedLabel;
class ExhibitFindings;
class ExhibitResults;
class KeyValueModel;

/// Everything about the chosen exhibit: tags and note to be changed, results, intake, findings, custody. A
/// note that was not saved is saved when another exhibit is chosen. GUI thread.
class ExhibitPanel : public QWidget {
    Q_OBJECT
public:
    enum Tab { Results, Intake, Findings, Metadata, Custody };

    explicit ExhibitPanel(Services& services, QWidget* parent = nullptr);

    /// What the row says, at once; the rest follows with showDetails.
    void showExhibit(const cases::Exhibit& exhibit, const std::filesystem::path& file);
    void showDetails(const ExhibitDetails& details);
    /// Forgets the exhibit, an unsaved note with it.
    void clear();
    /// Saves the note where it was changed.
    void commit();
    void setTags(const std::vector<cases::Tag>& tags);
    void setWritable(bool writable);
    void setChosen(int exhibits);   ///< how many are selected
    void setWorking(bool working);  ///< an examination goes on
    void showTab(Tab tab);
    ExhibitFindings* findings() const { return m_findings; }
    cases::RowId exhibit() const { return m_exhibit.id; }

Q_SIGNALS:
    void noteWanted(signet::cases::RowId exhibit, const QString& note);
    void tagToggled(signet::cases::RowId tag, bool on);
    void tagWanted(const QString& name);
    void findingWanted(const signet::cases::Finding& finding);
    void findingRemoved(signet::cases::RowId exhibit, signet::cases::RowId finding);
    /// Examine the exhibit again with these parameters.
    void againWanted(signet::cases::RowId exhibit, const signet::Json& params);
    void compareWanted();
    void inspectWanted(signet::cases::RowId exhibit);
    /// What was done with the selected exhibits outside the program.
    void custodyWanted(const QString& action, const QString& details);
    void modelCardWanted(const QString& model);
    void methodWanted(const QString& helpPage);

private:
    QWidget* makeHead();
    QWidget* makeIntakeTab();
    CopyTableView* makeTable(const char* objectName, const QString& name, KeyValueModel* model);
    void updateTags();

    ElidedLabel* m_title;
    QLabel* m_tagText;
    QToolButton* m_tagButton;
    QMenu* m_tagMenu;
    QLineEdit* m_newTag;
    QPushButton* m_inspect;
    QPushButton* m_compare;
    QTabWidget* m_tabs;
    ExhibitResults* m_results;
    ExhibitFindings* m_findings;
    KeyValueModel* m_intake;
    KeyValueModel* m_metadata;
    CustodyPanel* m_custody;
    QPlainTextEdit* m_note;
    QPushButton* m_saveNote;
    cases::Exhibit m_exhibit;
    std::vector<cases::Tag> m_tags;
    bool m_writable = true;
};

}  // namespace signet::ui
