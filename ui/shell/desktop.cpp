#include "ui/shell/desktop.h"

#include <QApplication>
#include <QDir>
#include <cstdio>
#include <memory>

#include "core/base/platform.h"
#include "signet_build_info.h"
#include "ui/bridge/text.h"
#include "ui/inspect/inspect_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/screenshot_tour.h"
#include "ui/shell/startup_time.h"
#include "ui/style/theme.h"

namespace fs = std::filesystem;

namespace signet::ui {

int runDesktop(int argc, char** argv, const DesktopOptions& options) {
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Signet"));
    QApplication::setApplicationVersion(QString::fromLatin1(kVersion));
    QApplication::setDesktopFileName(QStringLiteral("signet"));

    const bool touring = !options.screenshotFolder.empty();
    // pictures show the defaults, whatever this person's settings and runs are, and leave those alone
    const fs::path workspace = touring                     ? options.screenshotFolder / "workspace"
                               : options.workspace.empty() ? defaultWorkspace()
                                                           : options.workspace;
    QDir().mkpath(fromPath(workspace));
    const fs::path settingsFile =
        touring ? options.screenshotFolder / "settings.ini" : workspace / "settings.ini";

    ThemeController theme;
    Services services(coreBackend(workspace), workspace);
    MainWindow window(services, theme, fromPath(settingsFile));
    QObject::connect(&window, &MainWindow::firstShown, &window, [&] {
        if (qEnvironmentVariableIntValue("SIGNET_STARTUP_TIME") == 1) {
            std::fprintf(stderr, "startup_ms: %.0f\n", millisecondsSinceProcessStart());
        }
        theme.followSystem();
        services.refreshCatalogue();
        window.page<InspectPage>()->takeFiles(options.files);
    });
    std::unique_ptr<ScreenshotTour> tour;
    if (touring) tour = std::make_unique<ScreenshotTour>(window, services, theme, options.screenshotFolder);
    window.show();
    return QApplication::exec();
}

}  // namespace signet::ui
