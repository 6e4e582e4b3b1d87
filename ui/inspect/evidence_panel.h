#pragma once

#include <QScrollArea>

#include "ui/bridge/examine_service.h"
#include "ui/bridge/services.h"

class QVBoxLayout;

namespace signet::ui {

/// The Evidence dock: one card a model, or what went wrong with this image and what to do. GUI thread.
class EvidencePanel : public QScrollArea {
    Q_OBJECT
public:
    explicit EvidencePanel(const Services& services, QWidget* parent = nullptr);

    void showRecord(const examine::Record& record);
    void showMessage(const QString& text);

Q_SIGNALS:
    void modelCardWanted(const QString& model);
    void methodWanted(const QString& helpPage);
    void conflictsWanted();

private:
    QVBoxLayout* reset();
    void showFailure(QVBoxLayout* layout, const examine::Record& record);

    const Services& m_services;
};

}  // namespace signet::ui
