#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/page/page.h"

class QComboBox;
class QLabel;
class QSplitter;
class QTabWidget;
class QTableView;
class QTextBrowser;

namespace signet::ui {

class CalibrationPlot;
class KeyValueModel;
class ModelListModel;
class NoticeBar;
class PageRequests;

/// The Models page: what is installed, and for the chosen model its card, calibration and manifest; and the
/// help pages of the methods. GUI thread.
class ModelsPage : public QWidget, public Page {
    Q_OBJECT
public:
    ModelsPage(Services& services, PageRequests& requests, QWidget* parent = nullptr);

    void saveSettings(QSettings& settings) const override;
    void restoreSettings(const QSettings& settings) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeMethodTab();
    QWidget* makeCalibrationTab();
    QTextBrowser* makeBrowser(const QString& objectName, const QString& accessibleName);
    void showCard(const QString& model);
    void showMethod(const QString& helpPage);
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
