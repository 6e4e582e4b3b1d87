#pragma once

#include <QWidget>

#include "ui/bridge/case_service.h"

class QAction;
class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QRadioButton;

namespace signet::ui {

class NoticeBar;
class TagChoice;

/// A portable export of the open case, in place of the case: which exhibits, folder or zip file. Done by the
/// case service; what went wrong is said here. GUI thread.
class ExportPanel : public QWidget {
    Q_OBJECT
public:
    explicit ExportPanel(CaseService& cases, QWidget* parent = nullptr);

    void begin(const cases::CaseInfo& info, const std::vector<cases::Tag>& tags, int exhibits,
               const QString& folder);
    void showProgress(const QString& text, quint64 done, quint64 total);
    /// To be put into the page's strip.
    NoticeBar* notice() const { return m_notice; }

Q_SIGNALS:
    void closed();

private:
    QWidget* makeContent();
    void connectService();
    void save();
    void refresh();

    CaseService& m_cases;
    NoticeBar* m_notice;
    TagChoice* m_tags;
    QCheckBox* m_audit;
    QRadioButton* m_zip;
    QRadioButton* m_directory;
    QPushButton* m_save;
    QPushButton* m_stop;
    QLabel* m_problem;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QAction* m_openFolder;
    QString m_folder;
    QString m_name;
    std::filesystem::path m_exported;
    bool m_empty = false;  ///< no exhibit in the case
};

}  // namespace signet::ui
