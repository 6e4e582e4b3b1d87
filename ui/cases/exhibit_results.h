#pragma once

#include <QScrollArea>

#include "ui/bridge/case_data.h"
#include "ui/bridge/services.h"

namespace signet::ui {

/// The match of a recorded finding in words, e.g. "31 of 32 bits as registered for A. Noether; p 2.3e-9,
/// corrected for 5 registered codes and 12 geometries tried"; of a code whose check holds "The code
/// registered for A. Noether: all 32 bits agree; compared with 5 registered codes".
QString matchText(const examine::CodeMatch& match);

/// The last examination of an exhibit: one card a model as on the Inspect page, with the registered code it
/// matches, and how it was examined. GUI thread.
class ExhibitResults : public QScrollArea {
    Q_OBJECT
public:
    explicit ExhibitResults(Services& services, QWidget* parent = nullptr);

    void showDetails(const ExhibitDetails& details);

Q_SIGNALS:
    void modelCardWanted(const QString& model);
    void methodWanted(const QString& helpPage);

protected:
    void changeEvent(QEvent* event) override;

private:
    Services& m_services;
    ExhibitDetails m_shown;
    bool m_recolour = false;  ///< asked for
};

}  // namespace signet::ui
