#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/signature/train.h"

namespace signet::cli {
namespace {

struct TrainArguments {
    std::string preset;
    std::vector<std::string> assignments;
    std::string run = "run";
    std::uint64_t maxSteps = 0;
    bool resume = false;
};

std::string duration(double seconds) {
    const auto s = static_cast<long>(seconds);
    return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

}  // namespace

void addTrain(CLI::App& app, CommonOptions& common, int& status) {
    auto& sub = addSubcommand(app, common, "train", "Trains the injector and the detector of a signature",
                              "signet train code32 --set data=photos --run runs/code32\n"
                              "  signet train code32 --set data=photos --run runs/code32 --resume");
    auto arguments = std::make_shared<TrainArguments>();
    sub.add_option("preset", arguments->preset,
                   "A preset (" + signature::presetList() + ") or a JSON file of options")
        ->required();
    sub.add_option("--set", arguments->assignments, "Changes one option, key=value; may be repeated");
    sub.add_option("--run", arguments->run,
                   "Folder of the run: metrics.jsonl, checkpoints, config.json, model/")
        ->capture_default_str();
    sub.add_flag("--resume", arguments->resume, "Continues the run of that folder from its last checkpoint");
    sub.add_option("--max-steps", arguments->maxSteps,
                   "Stops after this many further steps, with a checkpoint");
    sub.callback([arguments, &common, &status] {
        status = runCommand(common, [&](Session& session) {
            const auto onStep = [&](const Json& record) {
                std::string text = fmt::format("step {}", record.at("step").get<std::uint64_t>());
                for (const auto& [key, value] : record.items()) {
                    if (key != "step" && key != "eta_s")
                        text += fmt::format("  {} {:.4g}", key, value.get<double>());
                }
                session.emit(record, text + "  left " + duration(record.at("eta_s").get<double>()));
            };
            const bool written =
                signature::train(arguments->preset, arguments->assignments, arguments->run, arguments->resume,
                                 arguments->maxSteps, onStep, session.context());
            if (written)
                session.line("model written to " + shown(std::filesystem::path(arguments->run) / "model"));
        });
    });
}

}  // namespace signet::cli
