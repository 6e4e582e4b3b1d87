#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "ui/bridge/services.h"
#include "ui/shell/main_window.h"
#include "ui/style/theme.h"

namespace signet::ui {

/// The program's window over a workspace that goes with it, as benchmarks use it: they ask for something and
/// handle events until it is there.
class BenchWindow {
public:
    explicit BenchWindow(const std::stop_token& stop);

    const std::filesystem::path& workspace() const { return m_workspace; }
    Services& services() { return m_services; }
    MainWindow& window() { return m_window; }

    /// What went wrong behind the window: check throws it.
    void fail(const QString& message) { m_failure = message.toStdString(); }
    /// Throws Cancelled where a stop was asked for, Environment where something failed.
    void check() const;
    /// Handles events until the condition holds. Throws as check does, and Environment with the text `late`
    /// after two minutes.
    void waitUntil(const std::function<bool()>& condition, const char* late) const;

private:
    const std::stop_token& m_stop;
    QTemporaryDir m_folder;
    std::filesystem::path m_workspace;
    ThemeController m_theme;
    Services m_services;
    MainWindow m_window;
    std::string m_failure;
};

}  // namespace signet::ui
