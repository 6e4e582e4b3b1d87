#include "app/cli/common.h"

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <thread>

#include <cstdio>
#include <memory>

#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/base/visible_text.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

/// Log lines on stderr that do not run into the progress bar.
class BarAwareSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit BarAwareSink(ProgressBar& bar) : m_bar(bar) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t text;
        formatter_->format(message, text);
        m_bar.clear();
        std::fwrite(text.data(), 1, text.size(), stderr);
    }
    void flush_() override { std::fflush(stderr); }

private:
    ProgressBar& m_bar;
};

std::string checkDevice(const std::string& text) {
    const bool number = text.size() > 5 && text.find_first_not_of("0123456789", 5) == std::string::npos;
    if (text == "auto" || text == "cpu" || (text.starts_with("cuda:") && number)) return {};
    return "give auto, cpu or cuda:N";
}

spdlog::level::level_enum logLevel(const CommonOptions& options) {
    if (options.verbose) return spdlog::level::debug;
    return options.quiet ? spdlog::level::err : spdlog::level::info;
}

}  // namespace

fs::path CommonOptions::workspaceFolder() const {
    return workspace.empty() ? defaultWorkspace() : fs::path(workspace);
}

int CommonOptions::threadCount() const {
    return threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

CLI::App& addSubcommand(CLI::App& app, CommonOptions& common, const std::string& name,
                        const std::string& description, const std::string& example) {
    CLI::App& sub = *app.add_subcommand(name, description);
    sub.add_flag("--json", common.json, "One JSON object a line on stdout, nothing else there");
    sub.add_option("--device", common.device, "auto, cpu or cuda:N")
        ->check(CLI::Validator(checkDevice, "DEVICE"))
        ->capture_default_str();
    sub.add_option("--threads", common.threads, "Threads to compute with; 0: all cores")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    sub.add_option("--workspace", common.workspace,
                   "Folder of own models, runs and keys (default: " + shown(defaultWorkspace()) + ")");
    CLI::Option* quiet = sub.add_flag("-q,--quiet", common.quiet, "Errors only, no progress bar");
    sub.add_flag("-v,--verbose", common.verbose, "More about what is being done")->excludes(quiet);
    sub.footer(
        "Example:\n  " + example +
        "\n\nExit status: 0 all done, 1 some inputs failed, 2 wrong usage, 3 something is missing here, "
        "130 interrupted.");
    return sub;
}

CLI::Option* addRegistry(CLI::App& sub, std::string& location) {
    return sub.add_option(
        "--registry", location,
        "File or postgresql:// URL of the registry of issued instances (default: registry.db "
        "in the workspace)");
}

CLI::Option* addExaminingModels(CLI::App& sub, std::vector<std::string>& models) {
    return sub
        .add_option("-m,--model", models,
                    "Model by name or folder, may be repeated (default: every validated model that no other "
                    "supersedes)")
        ->allow_extra_args(false);
}

Session::Session(const CommonOptions& options) : m_options(options), m_bar(!options.quiet) {
    auto logger = std::make_shared<spdlog::logger>("signet", std::make_shared<BarAwareSink>(m_bar));
    logger->set_pattern(options.verbose ? "%H:%M:%S.%e %l: %v" : "%l: %v");
    logger->set_level(logLevel(options));
    spdlog::set_default_logger(std::move(logger));
}

Session::~Session() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("signet"));  // the sink points at m_bar
}

WorkContext Session::context() {
    return {stop(), [this](std::uint64_t done, std::uint64_t total, const std::string& what) {
                progress(done, total, what);
            }};
}

void Session::progress(std::uint64_t done, std::uint64_t total, const std::string& what) {
    m_bar.show(done, total, what);
}

void Session::emit(const Json& record, const std::string& readable) {
    if (m_options.json)
        print(record.dump(-1, ' ', false, Json::error_handler_t::replace));
    else if (!readable.empty())
        print(readable);
}

void Session::line(const std::string& text) {
    if (!m_options.json) print(text);
}

void Session::fail(const fs::path& path, const Error& error) {
    countFailure();
    if (m_options.json)
        emit(errorRecord(path, error), {});
    else
        spdlog::error("{}: {}", shown(path), error.what());
}

void Session::countFailure() {
    const std::lock_guard lock(m_mutex);
    m_failed = true;
}

int Session::status() const {
    const std::lock_guard lock(m_mutex);
    if (m_interrupt.requested()) return kInterrupted;
    return m_failed ? kSomeFailed : kDone;
}

void Session::print(const std::string& text) {
    const std::lock_guard lock(m_mutex);
    m_bar.clear();
    fmt::print("{}\n", text);
    std::fflush(stdout);  // a reader of the pipe sees each record when it is there
    if (std::ferror(stdout)) throw Error(ErrorCode::DiskFull, "standard output cannot be written");
}

Json errorRecord(const fs::path& path, const Error& error) {
    return {{"path", toUtf8(path.native())},
            {"error", {{"code", toString(error.code())}, {"message", toUtf8(error.what())}}}};
}

std::string shown(const fs::path& path) {
    return visibleName(path);
}

int runCommand(const CommonOptions& options, const std::function<void(Session&)>& body) {
    Session session(options);
    try {
        body(session);
        if (session.stopRequested()) spdlog::warn("interrupted; what was finished is kept");
        return session.status();
    } catch (const Error& error) {
        if (error.code() == ErrorCode::Cancelled) {
            spdlog::warn("interrupted; what was finished is kept");
            return kInterrupted;
        }
        spdlog::error("{}", toUtf8(error.what()));
        return error.code() == ErrorCode::BadOption ? kUsage : kEnvironment;
    } catch (const std::bad_alloc&) {
        spdlog::error("out of memory");
    } catch (const std::exception& error) {
        spdlog::error("unexpected: {}", toUtf8(error.what()));
    }
    return kEnvironment;
}

}  // namespace signet::cli
