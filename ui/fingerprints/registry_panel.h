#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/bridge/fingerprint_service.h"

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace signet::ui {

class CopyTableView;
class ElidedLabel;
class RegistryModel;

/// The registered instances: which registry it is, search and filter, the table, and what is known of the
/// chosen one. Where there is no registry yet it says what to do first. GUI thread.
class RegistryPanel : public QWidget {
    Q_OBJECT
public:
    struct Actions {
        QAction *issue, *revoke, *importing, *exporting, *choose, *train;
    };
    RegistryPanel(const Actions& actions, QWidget* parent = nullptr);

    void showContents(const RegistryContentsPtr& contents);
    /// Whether a fingerprinting model is installed, which instances are issued with.
    void setHasModel(bool has);
    void clearSearch();

    RegistrySearch search() const;
    std::vector<registry::Instance> selected() const;
    CopyTableView* table() const { return m_table; }
    RegistryModel* model() const { return m_model; }

Q_SIGNALS:
    void searchChanged();
    void selectionChanged();

private:
    QWidget* makeBar(const Actions& actions);
    QWidget* makeSearch();
    QWidget* makeEmpty(const Actions& actions);
    QWidget* makeDetails();
    void fillModels(const std::vector<std::string>& names);
    void showWhatFits();
    void showDetails();

    RegistryModel* m_model;
    CopyTableView* m_table;
    ElidedLabel* m_location;
    QLineEdit* m_search;
    QComboBox* m_status;
    QComboBox* m_models;
    QWidget* m_filters;
    QStackedWidget* m_stack;
    QStackedWidget* m_empty;
    QLabel* m_count;
    QToolButton* m_detailsButton;
    QList<QLabel*> m_values;  ///< of the details
    QLineEdit* m_code;
    QWidget* m_details;
    QTimer m_delay;  ///< while somebody types
    RegistryContentsPtr m_contents;
    bool m_hasModel = false;
};

}  // namespace signet::ui
