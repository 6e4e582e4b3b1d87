#pragma once

#include "ui/bridge/engine.h"
#include "ui/bridge/roc_service.h"
#include "ui/style/widgets.h"

class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace signet::ui {

class ElidedLabel;

/// What is measured on folders: which models, where the images are that they should report, and the others;
/// start, progress, stop. The folders are called as the chosen models call their images. GUI thread.
class MeasurePanel : public Card {
    Q_OBJECT
public:
    explicit MeasurePanel(QWidget* parent = nullptr);

    /// The models to tick; those ticked before stay so, else the validated ones of signatures are.
    void setCatalogue(const std::shared_ptr<const Catalogue>& catalogue);
    void setFolders(const QString& signedFolder, const QString& unsignedFolder);
    QString signedFolder() const;
    QString unsignedFolder() const;
    /// A dropped folder goes to the line it seems to be for by its name, else to the first one that is empty.
    void takeFolder(const QString& folder);
    examine::ScoreFoldersOptions options() const;

    void showProgress(quint64 done, quint64 total, const QString& what, double secondsLeft);
    void setMeasuring(bool measuring);

Q_SIGNALS:
    void startWanted();
    void stopWanted();
    void closed();

private:
    QLineEdit* addFolder(const char* name);
    void nameFolder(QLineEdit* edit, const std::string& word);
    /// What the ticked models call their images.
    examine::SetWords words() const;
    void refresh();

    QLineEdit* m_signed;
    QLineEdit* m_unsigned;
    QListWidget* m_models;
    std::vector<examine::SetWords> m_words;  ///< one a model
    QPushButton* m_start;
    QPushButton* m_stop;
    QPushButton* m_close;
    QProgressBar* m_bar;
    ElidedLabel* m_what;
    QLabel* m_reason;
    bool m_measuring = false;
};

}  // namespace signet::ui
