#include <fmt/format.h>

#include <optional>

#include "app/cli/commands.h"
#include "core/tasks/all_tasks.h"
#include "core/training/run_progress.h"
#include "core/training/train.h"

namespace signet::cli {
namespace {

struct TrainArguments {
    std::string preset;
    std::vector<std::string> folders;
    std::vector<std::string> assignments;
    std::string run = "run";
    std::optional<std::string> name, note;
    std::uint64_t maxSteps = 0;
    bool resume = false;
    bool probe = false;
};

std::string duration(double seconds) {
    const auto s = static_cast<long>(seconds);
    return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

/// For --help, which also serves where no presets are found.
std::string presetList() {
    try {
        return fmt::format(" ({})", fmt::join(training::presetNames(), ", "));
    } catch (const Error&) {
        return {};
    }
}

/// The folders given, as the options that the task has for them, and those of --set.
std::vector<std::string> assignmentsOf(const TrainArguments& arguments) {
    const auto wanted = tasks::all().of(training::loadPreset(arguments.preset)).folders();
    if (arguments.folders.size() > wanted.size())
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} trains on {} folder{} of photographs, not {}", arguments.preset,
                                wanted.size(), wanted.size() == 1 ? "" : "s", arguments.folders.size()));
    std::vector<std::string> assignments;
    for (std::size_t i = 0; i < arguments.folders.size(); ++i)
        assignments.push_back(wanted[i].key + "=" + arguments.folders[i]);
    assignments.insert(assignments.end(), arguments.assignments.begin(), arguments.assignments.end());
    return assignments;
}

/// Null: those of the run itself.
Json optionsOf(const TrainArguments& arguments) {
    if (!arguments.preset.empty()) {
        Json options = training::configure(tasks::all(), arguments.preset, assignmentsOf(arguments));
        tasks::all().of(options).requireFolders(options);
        return options;
    }
    if (!arguments.resume)
        throw Error(ErrorCode::BadOption, fmt::format("name a preset ({}) or a JSON file of options",
                                                      fmt::join(training::presetNames(), ", ")));
    if (!arguments.assignments.empty())
        throw Error(ErrorCode::BadOption,
                    "--set changes a preset or a file of options: name the one to change");
    return {};
}

void probe(Session& session, const Json& options) {
    const auto p = training::probe(tasks::all(), options, session.context(), session.options().device,
                                   session.options().workspaceFolder());
    session.emit(
        {{"seconds_per_step", p.secondsPerStep},
         {"run_seconds_low", p.secondsLow},
         {"run_seconds_high", p.secondsHigh},
         {"peak_rss_mib", p.peakMemoryMiB},
         {"data_wait_share", p.dataWaitShare}},
        fmt::format(
            "{:.3f} s a step, {} to {} for the whole run, {:.0f} MiB, {:.1f} % of it waiting for data",
            p.secondsPerStep, duration(p.secondsLow), duration(p.secondsHigh), p.peakMemoryMiB,
            100 * p.dataWaitShare));
}

void train(Session& session, const TrainArguments& arguments, const Json& options) {
    if (arguments.name || arguments.note) {
        auto notes = training::readRunNotes(arguments.run);
        notes.name = arguments.name.value_or(notes.name);
        notes.note = arguments.note.value_or(notes.note);
        training::writeRunNotes(arguments.run, notes);
    }
    training::RunControl control;
    control.stop = session.stop();
    control.onRecord = [&](const Json& record) {
        std::string text = fmt::format("step {}", record.at("step").get<std::uint64_t>());
        for (const auto& [key, value] : record.items()) {
            if (key == "process_s" || training::isCurve(key))
                text += fmt::format("  {} {:.4g}", key, value.get<double>());
        }
        const auto progress = training::RunProgress::among(record);
        if (progress.etaLow && progress.etaHigh)
            text += fmt::format("  left {} to {}", duration(*progress.etaLow), duration(*progress.etaHigh));
        session.emit(record, text);
    };
    const auto run = training::runTraining(tasks::all(),
                                           {arguments.run, options, arguments.resume, arguments.maxSteps,
                                            session.options().device, session.options().workspace},
                                           control);
    if (run.sessions.empty()) return;  // another rank writes and reports
    if (session.stopRequested())
        session.line(
            fmt::format("stopped at step {} with a checkpoint; go on with: signet train --run {} --resume",
                        run.step, shown(arguments.run)));
    else
        session.line("model written to " + shown(std::filesystem::path(arguments.run) / "model"));
}

}  // namespace

void addTrain(CLI::App& app, CommonOptions& common, int& status) {
    auto& sub = addSubcommand(app, common, "train",
                              "Trains a signature's injector and detector, or what else a preset names",
                              "signet train code32 photos --run runs/code32\n"
                              "  signet train classifier real generated --run runs/generated\n"
                              "  signet train --run runs/code32 --resume");
    auto arguments = std::make_shared<TrainArguments>();
    sub.add_option(
        "preset", arguments->preset,
        fmt::format("A preset{} or a JSON file of options; with --resume it may be left out: the run has its "
                    "own",
                    presetList()));
    sub.add_option("folders", arguments->folders,
                   "Folder of photographs to train on; two for a classifier, one a class");
    sub.add_option("--set", arguments->assignments, "Changes one option, key=value; may be repeated");
    sub.add_option("--run", arguments->run,
                   "Folder of the run: run.json, metrics.jsonl, checkpoints, samples, log.txt, model/")
        ->capture_default_str();
    sub.add_option("--name", arguments->name, "What lists and legends call the run");
    sub.add_option("--note", arguments->note, "What is worth knowing about the run; kept with it");
    sub.add_flag("--resume", arguments->resume, "Continues the run of that folder from its last checkpoint");
    sub.add_option("--max-steps", arguments->maxSteps,
                   "Stops after this many further steps, with a checkpoint");
    sub.add_flag("--probe", arguments->probe, "Only tries 10 steps and says how long the run would take");
    sub.callback([arguments, &common, &status] {
        status = runCommand(common, [&](Session& session) {
            const Json options = optionsOf(*arguments);
            if (arguments->probe)
                probe(session, options);
            else
                train(session, *arguments, options);
        });
    });
}

}  // namespace signet::cli
