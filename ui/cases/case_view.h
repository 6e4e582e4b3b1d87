#pragma once

#include <QWidget>
#include <set>

#include "ui/bridge/services.h"
#include "ui/itemmodels/exhibit_filter.h"

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QSettings;
class QSplitter;
class QStackedWidget;

namespace signet::ui {

class CopyTableView;
class ElidedLabel;
class ExhibitPanel;

/// The open case: its title, the buttons, filters, the table of exhibits with the chosen one beside it, and
/// what is going on. Owns the models of the table. GUI thread.
class CaseView : public QWidget {
    Q_OBJECT
public:
    /// bar: the buttons from left to right; those after a null pointer beside the title. intake: what an
    /// empty case offers.
    CaseView(Services& services, const QList<QAction*>& bar, const QList<QAction*>& intake,
             QWidget* parent = nullptr);

    void showCase(CaseContents& contents);  ///< takes the rows
    void setInfo(const cases::CaseInfo& info);
    void setTags(const std::vector<cases::Tag>& tags);
    /// Empty text: nothing is going on. total 0: unknown.
    void showProgress(const QString& text, std::uint64_t done, std::uint64_t total);
    void updateCounts();

    ExhibitModel* model() const { return m_model; }
    ExhibitFilter* filter() const { return m_filter; }
    CopyTableView* table() const { return m_table; }
    ExhibitPanel* panel() const { return m_panel; }
    /// Of those that are shown: what a filter hides is never acted on.
    std::set<cases::RowId> selected() const;
    /// The row of the current index; null where there is none, or a filter hides it.
    const cases::Exhibit* current() const;
    void select(cases::RowId exhibit);
    void clearFilters();

    QString receivedFrom() const;
    bool copies() const;

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    void selectionChanged();
    void tagKeyPressed(int key);  ///< 1..9

private:
    QWidget* makeHead(Services& services, const QList<QAction*>& bar);
    QLayout* makeFilters();
    void makeTable();
    void makePlaces(const QList<QAction*>& intake);
    void filtered();

    QString m_location;
    ElidedLabel* m_title;
    QLabel* m_subtitle;
    QLineEdit* m_from;
    QCheckBox* m_copy;
    QLineEdit* m_search;
    QComboBox* m_state;
    QComboBox* m_presence;
    QComboBox* m_tag;
    QLabel* m_count;
    ExhibitModel* m_model;
    ExhibitFilter* m_filter;
    CopyTableView* m_table;
    QStackedWidget* m_tableStack;  ///< the table, or why it is empty
    QWidget* m_empty = nullptr;
    QWidget* m_noMatch = nullptr;
    QAction* m_allAction = nullptr;
    ExhibitPanel* m_panel;
    QSplitter* m_splitter;
    QWidget* m_foot;
    QLabel* m_progressText;
    QProgressBar* m_progress;
};

}  // namespace signet::ui
