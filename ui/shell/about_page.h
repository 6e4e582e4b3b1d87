#pragma once

#include <QWidget>

#include "ui/bridge/services.h"
#include "ui/page/page.h"

namespace signet::ui {

class KeyValueModel;

/// The About page: what the program is, and the versions of everything that has a part in an answer. GUI
/// thread.
class AboutPage : public QWidget, public Page {
    Q_OBJECT
public:
    explicit AboutPage(Services& services, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fill();

    Services& m_services;
    KeyValueModel* m_versions;
};

}  // namespace signet::ui
