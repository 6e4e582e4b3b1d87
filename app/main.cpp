// The one executable: no arguments, or only files and folders: the desktop; a subcommand: headless, without
// Qt.
#include <fmt/format.h>
#include <signet_build_info.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/commands.h"
#ifdef SIGNET_DESKTOP
#include "ui/shell/desktop.h"
#endif

namespace {

using namespace signet;

bool isSubcommand(const CLI::App& app, const std::string& name) {
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        if (sub->get_name() == name) return true;
    return false;
}

[[maybe_unused]] bool isSet(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value;
}

struct DesktopArguments {
    std::vector<std::string> paths;
    std::string workspace;
    std::string screenshots;
};

int openDesktop([[maybe_unused]] char* program, [[maybe_unused]] const DesktopArguments& arguments) {
#ifdef SIGNET_DESKTOP
    if (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM")) {
        char* argv[] = {program, nullptr};
        return ui::runDesktop(
            1, argv,
            {{arguments.paths.begin(), arguments.paths.end()}, arguments.workspace, arguments.screenshots});
    }
    fmt::print(stderr,
               "There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set).\n");
#else
    fmt::print(stderr, "This build has no desktop (SIGNET_GUI=OFF).\n");
#endif
    fmt::print(stderr, "Headless: signet check PATH...; signet --help lists all subcommands.\n");
    return cli::kEnvironment;
}

void addDesktop(CLI::App& app, char* program, int& status) {
    CLI::App& sub = *app.add_subcommand("desktop", "Open the window, as signet without a subcommand does");
    auto arguments = std::make_shared<DesktopArguments>();
    sub.add_option("--workspace", arguments->workspace, "Folder of own models, runs and keys");
    sub.add_option("--screenshots", arguments->screenshots,
                   "Instead: open the samples, write a picture of every page into this folder and quit");
    sub.add_option("PATH", arguments->paths, "Images and folders to examine");
    sub.footer("Example:\n  signet desktop holiday/ scan.png");
    sub.callback([=, &status] { status = openDesktop(program, *arguments); });
}

/// What was wrong with the command line; a word in a subcommand's place is named.
std::string refusal(const CLI::App* app, const CLI::Error& error) {
    const std::vector<std::string> words = app->remaining(true);
    if (words.empty() || std::string(error.what()) != CLI::RequiredError::Subcommand(1).what())
        return CLI::FailureMessage::simple(app, error);
    std::string group = app->get_name();
    for (const CLI::App* at = app; !at->get_subcommands().empty(); group += " " + at->get_name())
        at = at->get_subcommands().front();
    return fmt::format("{} has no subcommand \"{}\"; see {} --help\n", group, words.front(), group);
}

int runHeadless(CLI::App& app, int argc, char** argv, int& status) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? cli::kDone : cli::kUsage;  // 0: --help and --version
    }
    return status;
}

int run(int argc, char** argv) {
    cli::CommonOptions common;
    int status = cli::kDone;
    CLI::App app(
        "Signet signs images invisibly and finds the signature again.\n"
        "Without arguments, or with only files and folders, the desktop opens.",
        "signet");
    app.set_version_flag("--version", fmt::format("signet {} ({}, {})", kVersion, kBuildType, kCompiler));
    app.footer("Example:\n  signet check photo.jpg\n\n`signet SUBCOMMAND --help` has more.");
    app.require_subcommand(1);
    app.failure_message(refusal);
    cli::registerCommands(app, common, status);
    addDesktop(app, argv[0], status);

    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && (arguments[0].starts_with('-') || isSubcommand(app, arguments[0])))
        return runHeadless(app, argc, argv, status);
    for (const std::string& argument : arguments) {
        std::error_code ignored;
        if (std::filesystem::exists(argument, ignored)) continue;
        fmt::print(stderr, "{} is neither a subcommand nor a file; see signet --help\n", argument);
        return cli::kUsage;
    }
    return openDesktop(argv[0], {arguments, {}, {}});
}

}  // namespace

int main(int argc, char** argv) {
    int status = cli::kEnvironment;
    try {
        status = run(argc, argv);
    } catch (const std::exception& error) {  // a subcommand has caught its own: see runCommand
        fmt::print(stderr, "{}\n", error.what());
    }
#ifndef __SANITIZE_ADDRESS__  // which looks for leaks at the end
    // LibTorch takes a fifth of the time of a small subcommand to forget its operators one by one.
    std::fflush(nullptr);
    std::_Exit(status);
#endif
    return status;
}
