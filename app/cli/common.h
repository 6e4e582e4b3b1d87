#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/progress.h"

namespace signet::cli {

/// Exit statuses, as --help names them; scripts depend on them.
enum ExitStatus : int {
    kDone = 0,
    kSomeFailed = 1,   ///< some inputs failed, the others are done and reported
    kUsage = 2,        ///< wrong usage
    kEnvironment = 3,  ///< a model, a database or the disk is missing
    kInterrupted = 130,
};

/// The options every subcommand takes. One object serves all: only one subcommand runs.
struct CommonOptions {
    bool json = false;
    std::string device = "auto";  ///< auto, cpu or cuda:N
    int threads = 0;              ///< 0: all cores
    std::string workspace;        ///< empty: the platform's data folder
    bool quiet = false;
    bool verbose = false;

    /// The folder asked for, else the platform's.
    std::filesystem::path workspaceFolder() const;
    /// Threads to compute with, at least 1.
    int threadCount() const;
};

/// A subcommand of app with the common options and an example at the end of its --help.
CLI::App& addSubcommand(CLI::App& app, CommonOptions& common, const std::string& name,
                        const std::string& description, const std::string& example);

/// --registry of a subcommand that reads or writes issued instances.
CLI::Option* addRegistry(CLI::App& sub, std::string& location);
/// --model of a subcommand that examines: may be repeated, none means the default ones (Manifest::isDefault).
CLI::Option* addExaminingModels(CLI::App& sub, std::vector<std::string>& models);

/// What one run of a subcommand talks to the world through: records, readable lines, progress, interruption
/// and the exit status. Thread-safe. stdout carries records (--json) or readable lines, stderr everything
/// else.
class Session {
public:
    explicit Session(const CommonOptions& options);
    ~Session();

    const CommonOptions& options() const { return m_options; }
    bool json() const { return m_options.json; }

    /// Set by Ctrl-C: finish or drop the item at hand, keep what is done and return.
    std::stop_token stop() const { return m_interrupt.token(); }
    bool stopRequested() const { return m_interrupt.requested(); }

    /// stop() and the progress bar, for core functions.
    WorkContext context();

    /// The bar on stderr: done of total units (total 0: unknown) and what is being done.
    void progress(std::uint64_t done, std::uint64_t total, const std::string& what);

    /// One result: a JSON line under --json, else the readable text (may be several lines; nothing if empty).
    void emit(const Json& record, const std::string& readable);

    /// A readable line on stdout; nothing under --json.
    void line(const std::string& text);

    /// One input that failed: {"path", "error": {"code", "message"}} under --json, else a line on stderr. The
    /// rest goes on; the exit status becomes 1.
    void fail(const std::filesystem::path& path, const Error& error);

    /// Same status for a failure whose record the caller has emitted itself.
    void countFailure();

    /// 130 after Ctrl-C, 1 after a failed input, else 0.
    int status() const;

private:
    void print(const std::string& text);

    const CommonOptions& m_options;
    Interrupt m_interrupt;
    ProgressBar m_bar;
    mutable std::mutex m_mutex;
    bool m_failed = false;
};

/// {"path": ..., "error": {"code": ..., "message": ...}}
Json errorRecord(const std::filesystem::path& path, const Error& error);

/// path for people: one line of valid UTF-8, characters that hide or turn others by their number (records
/// hold toUtf8 of it).
std::string shown(const std::filesystem::path& path);

/// Runs body in a Session and gives the exit status. An exception is caught here, once: BadOption is 2,
/// Cancelled 130, anything else (no such model, altered weights, no disk) 3; its message goes to stderr.
/// Throw nothing for one input: call Session::fail and go on.
int runCommand(const CommonOptions& options, const std::function<void(Session&)>& body);

}  // namespace signet::cli
