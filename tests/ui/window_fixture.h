#pragma once

#include <QTemporaryDir>
#include <functional>
#include <memory>

#include "fake_engine.h"
#include "ui/bridge/services.h"
#include "ui/shell/main_window.h"
#include "ui/style/theme.h"

class QMimeData;

namespace signet::test {

/// The real main window over a fake engine (or another one), in a workspace of its own.
class WindowFixture {
public:
    /// Makes the backend of a workspace; none: the fake one.
    using MakeBackend = std::function<ui::Backend(const std::filesystem::path& workspace)>;

    explicit WindowFixture(const MakeBackend& backend = {});
    ~WindowFixture();

    /// Drags these files over the window and drops them.
    void drop(const QStringList& files);
    QString path(const QString& name) const { return folder.filePath(name); }
    template <class Widget>
    Widget* find(const char* objectName) const {
        return window->findChild<Widget*>(QLatin1String(objectName));
    }

    QTemporaryDir folder;
    std::shared_ptr<EngineControl> control = std::make_shared<EngineControl>();
    ui::ThemeController theme;
    std::unique_ptr<ui::Services> services;
    std::unique_ptr<ui::MainWindow> window;
};

/// Drags these files over the widget and drops them.
void dropOn(QWidget& widget, const QStringList& files);

}  // namespace signet::test
