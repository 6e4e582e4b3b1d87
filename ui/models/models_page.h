#pragma once

#include <QWidget>

#include "ui/bridge/services.h"

class QComboBox;
class QLabel;
class QSettings;
class QSplitter;
class QTabWidget;
class QTableView;
class QTextBrowser;

namespace signet::ui {

class CalibrationPlot;
class KeyValueModel;
class ModelListModel;
class NoticeBar;

/// The Models page: what is installed, and for the chosen model its card, calibration and manifest; and the
/// help pages of the methods. GUI thread.
class ModelsPage : public QWidget {
    Q_OBJECT
public:
    explicit ModelsPage(Services& services, QWidget* parent = nullptr);

    /// Opens the card of a model, or a help page by its file name without ending.
    void showCard(const QString& model);
    void showMethod(const QString& helpPage);
    void showCalibration(const QString& model);

    QTableView* list() const { return m_list; }
    QTabWidget* tabs() const { return m_tabs; }

    void saveSettings(QSettings& settings) const;
    void restoreSettings(const QSettings& settings);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeMethodTab();
    QWidget* makeCalibrationTab();
    QTextBrowser* makeBrowser(const QString& objectName, const QString& accessibleName);
    void reload();
    void selectModel(const QString& name);
    void showChosen();
    void loadMethod();

    Services& m_services;
    ModelListModel* m_model;
    QTableView* m_list;
    NoticeBar* m_notice;
    QTabWidget* m_tabs;
    QTextBrowser* m_card;
    QTextBrowser* m_method;
    QComboBox* m_methodChoice;
    CalibrationPlot* m_plot;
    QLabel* m_calibrationText;
    KeyValueModel* m_manifest;
    QTableView* m_manifestView;
    QSplitter* m_splitter;
    QString m_wanted;
};

}  // namespace signet::ui
