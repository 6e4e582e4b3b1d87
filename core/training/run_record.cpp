#include "core/training/run_record.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/file_lock.h"
#include "core/base/platform.h"
#include "core/base/text.h"
#include "core/training/run_options.h"
#include "signet_build_info.h"

namespace fs = std::filesystem;

namespace signet::training {
namespace {

constexpr int kSchema = 1;
constexpr std::array<std::pair<RunState, std::string_view>, 7> kStates{
    {{RunState::Queued, "queued"},
     {RunState::Running, "running"},
     {RunState::Paused, "paused"},
     {RunState::Stopped, "stopped"},
     {RunState::Finished, "finished"},
     {RunState::Failed, "failed"},
     {RunState::Interrupted, "interrupted"}}};

RunState stateFromText(const std::string& text) {
    for (const auto& [state, name] : kStates) {
        if (name == text) return state;
    }
    throw Error(ErrorCode::Corrupt, fmt::format("\"{}\" is not a run's state", text));
}

Json toJson(const RunSession& session) {
    return {{"started_utc", session.startedUtc},
            {"ended_utc", session.endedUtc},
            {"from_step", session.fromStep},
            {"to_step", session.toStep},
            {"host", session.host},
            {"process", session.process},
            {"command_line", session.commandLine},
            {"environment", session.environment}};
}

RunSession sessionFromJson(const Json& json) {
    return {json.at("started_utc"), json.at("ended_utc"), json.at("from_step"),    json.at("to_step"),
            json.at("host"),        json.at("process"),   json.at("command_line"), json.at("environment")};
}

std::string ownCommandLine() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::string line{std::istreambuf_iterator<char>(file), {}};
    std::replace(line.begin(), line.end(), '\0', ' ');
    while (line.ends_with(' ')) line.pop_back();
    return toUtf8(line);
}

}  // namespace

std::string_view toString(RunState state) {
    for (const auto& [known, name] : kStates) {
        if (known == state) return name;
    }
    return "failed";
}

Json RunRecord::toJson() const {
    Json list = Json::array();
    for (const auto& session : sessions) list.push_back(training::toJson(session));
    return {{"schema", kSchema},
            {"name", name},
            {"state", toString(state)},
            {"message", message},
            {"created_utc", createdUtc},
            {"queued_utc", queuedUtc},
            {"step", step},
            {"steps", steps},
            {"best_step", bestStep ? Json(*bestStep) : Json()},
            {"best_score", bestScore ? Json(*bestScore) : Json()},
            {"workspace", toUtf8(workspace.string())},
            {"options", options},
            {"data", data},
            {"sessions", list},
            {"skipped", skipped}};
}

RunRecord RunRecord::fromJson(const Json& json) {
    try {
        if (json.at("schema").get<int>() > kSchema)
            throw Error(ErrorCode::Unsupported, "the run was made by a newer version of this program");
        RunRecord record;
        json.at("name").get_to(record.name);
        record.state = stateFromText(json.at("state"));
        json.at("message").get_to(record.message);
        json.at("created_utc").get_to(record.createdUtc);
        json.at("queued_utc").get_to(record.queuedUtc);
        json.at("step").get_to(record.step);
        json.at("steps").get_to(record.steps);
        if (!json.at("best_step").is_null()) record.bestStep = json.at("best_step").get<std::uint64_t>();
        if (!json.at("best_score").is_null()) record.bestScore = json.at("best_score").get<double>();
        record.workspace = json.value("workspace", "");
        record.options = json.at("options");
        if (record.options.is_object() && !record.options.contains("task"))
            record.options["task"] = kFirstTask;
        record.data = json.at("data");
        for (const Json& session : json.at("sessions")) record.sessions.push_back(sessionFromJson(session));
        json.at("skipped").get_to(record.skipped);
        return record;
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, fmt::format("{} is damaged: {}", kRecordFile, error.what()));
    }
}

RunSession beginSession(std::uint64_t fromStep) {
    return {
        utcNow(),
        "",
        fromStep,
        fromStep,
        hostName(),
        ::getpid(),
        ownCommandLine(),
        {{"signet", kVersion}, {"commit", kCommit}, {"compiler", kCompiler}, {"processor", processorName()}}};
}

RunRecord readRunRecord(const fs::path& folder) {
    const Json json = Json::parse(readTextFile(folder / kRecordFile), nullptr, false);
    if (json.is_discarded())
        throw Error(ErrorCode::Corrupt,
                    fmt::format("{} is not JSON", toUtf8((folder / kRecordFile).string())));
    RunRecord record = RunRecord::fromJson(json);
    if ((record.state == RunState::Running || record.state == RunState::Paused) &&
        !FileLock::isHeld(folder / kLockFile))
        record.state = RunState::Interrupted;
    return record;
}

void writeRunRecord(const fs::path& folder, const RunRecord& record) {
    writeFileAtomically(folder / kRecordFile, record.toJson().dump(2) + "\n", IfExists::Replace);
}

}  // namespace signet::training
