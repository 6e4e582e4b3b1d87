#pragma once

#include <QWidget>

#include "ui/bridge/case_service.h"

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QSettings;
class QSplitter;
class QTabWidget;

namespace signet::ui {

class CopyTableView;
class NoticeBar;
class ReportForm;
class ReportListModel;
class ReportPreviewView;

/// A report of the open case, in place of the case while it is made: the form, the pages as they will be, the
/// reports issued so far. Everything is done by the case service; what went wrong is said here. GUI thread.
class ReportPanel : public QWidget {
    Q_OBJECT
public:
    explicit ReportPanel(CaseService& cases, QWidget* parent = nullptr);

    /// folder: where the report is proposed to be saved.
    void begin(const cases::CaseInfo& info, const std::vector<cases::Tag>& tags, int exhibits, bool writable,
               const QString& folder);
    void setInfo(const cases::CaseInfo& info);
    /// Empty text: nothing is going on.
    void showProgress(const QString& text, quint64 done, quint64 total);
    void reset();  ///< the case was closed

    ReportForm* form() const { return m_form; }
    ReportPreviewView* preview() const { return m_preview; }
    const ReportListModel* reports() const { return m_reports; }
    void showIssued();
    /// To be put into the page's strip.
    NoticeBar* notice() const { return m_notice; }

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

Q_SIGNALS:
    void closed();

private:
    QWidget* makeFoot();
    void connectService();
    void makePreview();
    void save();
    void saveAs(const QString& file);
    void refresh();
    void optionsChanged();
    QString suggestedFile() const;

    CaseService& m_cases;
    ReportForm* m_form;
    ReportPreviewView* m_preview;
    ReportListModel* m_reports;
    CopyTableView* m_table;
    QTabWidget* m_tabs;
    QSplitter* m_splitter;
    NoticeBar* m_notice;
    QLabel* m_missing;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QPushButton* m_previewButton;
    QPushButton* m_saveButton;
    QPushButton* m_stopButton;
    QAction* m_openFolder;
    QAction* m_confirmExaminer;  ///< saves what was held back
    std::filesystem::path m_heldBack;
    std::vector<std::string> m_blockers;  ///< of the last preview, beyond the form's own
    QString m_folder;
    QString m_title;
    std::filesystem::path m_issued;
    std::vector<cases::Tag> m_tags;
    int m_exhibits = 0;
    bool m_writable = true;
    bool m_busy = false;
};

/// Opens a file's folder in the desktop's file manager.
void openFolderOf(const std::filesystem::path& file);

}  // namespace signet::ui
