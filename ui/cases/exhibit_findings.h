#pragma once

#include <QWidget>

#include "ui/bridge/case_data.h"
#include "ui/bridge/media_service.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QToolButton;

namespace signet::ui {

class ElidedLabel;
class FindingRegion;

/// "ok", "to be checked", "warning".
QString findingStatusText(cases::FindingStatus status);

/// The parameters of an examination on one line: "models photo-code32, photo-presence; tiles false".
QString parametersText(const Json& params);

/// What was stated about an exhibit, and the form to state something more or to change what was: status,
/// comment, region. Text that is being typed survives new findings of the same exhibit. GUI thread.
class ExhibitFindings : public QWidget {
    Q_OBJECT
public:
    explicit ExhibitFindings(MediaService& media, QWidget* parent = nullptr);

    void showDetails(const ExhibitDetails& details);
    void setWritable(bool writable);
    void setWorking(bool working);  ///< an examination goes on: none can be asked for
    /// The picture with the regions, in place of the list.
    void showRegions(bool on);
    FindingRegion* region() const { return m_region; }

Q_SIGNALS:
    void saveWanted(const signet::cases::Finding& finding);
    void removeWanted(signet::cases::RowId exhibit, signet::cases::RowId finding);
    void againWanted(signet::cases::RowId exhibit, const signet::Json& params);

private:
    QWidget* makeForm();
    QWidget* makeCard(const cases::Finding& finding, QWidget* parent);
    QToolButton* makeCardButton(const char* name, const char* icon, const QString& help, QWidget* card);
    void makeCards();
    void edit(const cases::Finding& finding);
    void leaveEdit();
    void save();
    void updateForm();

    QScrollArea* m_list;
    FindingRegion* m_region;
    QStackedWidget* m_stack;
    QWidget* m_form;
    QComboBox* m_status;
    QLineEdit* m_comment;
    QPushButton* m_add;
    QToolButton* m_cancel;
    QToolButton* m_regionButton;
    ElidedLabel* m_regionText;
    bool m_writable = true;
    bool m_working = false;
    std::vector<cases::Finding> m_findings;
    cases::Finding m_edited;  ///< id 0: a new one
    cases::RowId m_exhibit = 0;
    cases::RowId m_examination = 0;  ///< the last one: what a new finding rests on
    Json m_params = Json::object();
};

}  // namespace signet::ui
