#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "app/cli/pdf_writer.h"
#include "core/base/file_io.h"
#include "core/experiments/run.h"
#include "core/training/metric.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct ExperimentArguments {
    std::vector<std::string> ids;
    std::string preset = "cpu";
    std::string data, models, output;
    bool probe = false;
};

void listExperiments(Session& session) {
    for (const auto& experiment : experiments::all())
        session.emit({{"id", experiment.id},
                      {"title", experiment.title},
                      {"source", experiment.source},
                      {"note", experiment.note}},
                     fmt::format("{:6}  {} ({})", experiment.id, experiment.title, experiment.source));
}

std::string trainingLine(const Json& record) {
    std::string text = fmt::format("  step {}", record.value("step", std::uint64_t{0}));
    for (const auto& [key, value] : record.items())
        if (value.is_number() &&
            (key.starts_with("bit_") || key.starts_with("loss_") || training::isOfValidation(key)))
            text += fmt::format("  {} {:.4g}", key, value.get<double>());
    return text;
}

std::string readable(const experiments::Row& row) {
    return fmt::format("{} {}: ours {}{}", row.id, row.name, row.ours.dump(),
                       row.paper.empty() ? std::string() : fmt::format(", paper {}", row.paper.dump()));
}

void runExperiments(Session& session, const ExperimentArguments& arguments) {
    std::vector<const experiments::Experiment*> chosen;
    for (const std::string& id : arguments.ids) chosen.push_back(&experiments::find(id));
    const fs::path workspace = session.options().workspaceFolder();
    const fs::path output = arguments.output;
    if (!arguments.probe) fs::create_directories(output);
    experiments::Workshop workshop(
        {.folder = arguments.models.empty() ? workspace / "experiments" / arguments.preset
                                            : fs::path(arguments.models),
         .results = output,
         .workspace = workspace,
         .device = session.options().device,
         .threads = session.options().threadCount()},
        experiments::Settings(arguments.preset, arguments.data), session.context(), [&](const Json& record) {
            if (session.options().verbose) session.line(trainingLine(record));
        });
    const experiments::Listener listener{
        .onRow = [&](const experiments::Row& row) { session.emit(row.toJson(), readable(row)); },
        .onFailure = [&](const std::string& row, const Error& error) { session.fail(fs::path(row), error); },
        .onText = [&](const std::string& text) { session.progress(0, 0, text); }};
    for (const auto* experiment : chosen) {
        if (arguments.probe) {
            experiments::probeExperiment(*experiment, workshop, listener);
            continue;
        }
        (void)experiments::runExperiment(*experiment, workshop, listener);
        writeFileAtomically(output / (experiment->id + ".pdf"),
                            pdfOfHtml(readTextFile(output / (experiment->id + ".html"))), IfExists::Replace);
        session.line(fmt::format("{}: results in {}", experiment->id, shown(output)));
    }
}

}  // namespace

void addExperiment(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& group = *app.add_subcommand("experiment", "Tables and figures of the papers, made anew");
    group.footer("Example:\n  signet experiment run B.T1 --data cats64/ -o results/");
    group.require_subcommand(1);
    CLI::App& list =
        addSubcommand(group, common, "list", "Which tables and figures there are", "signet experiment list");
    list.callback([&common, &status] { status = runCommand(common, listExperiments); });

    CLI::App& run = addSubcommand(
        group, common, "run",
        "Train what a table needs and is not there yet, measure its rows, and write them with the paper's "
        "numbers beside: ID.json, ID.csv, ID.html, ID.pdf. A second start goes on where the first was "
        "stopped",
        "signet experiment run B.T1 B.T5 --data cats64/ -o results/\n"
        "  signet experiment run B.T1 --preset paper --data celeba128/ -o results/ --probe");
    auto arguments = std::make_shared<ExperimentArguments>();
    run.add_option("ID", arguments->ids, "B.T1, ...: see experiment list")->required();
    run.add_option("--preset", arguments->preset, "Sizes: cpu or paper")->capture_default_str();
    run.add_option("--data", arguments->data, "Folder of pictures that everything learns from")->required();
    run.add_option("-o,--output", arguments->output, "Folder of the results (made if missing)")->required();
    run.add_option("--models", arguments->models,
                   "Folder of the trained models, which tables share (default: of the workspace, by preset)");
    run.add_flag("--probe", arguments->probe,
                 "Only tries 10 steps of each training, and says how long a step takes and how much memory");
    run.callback([arguments, &common, &status] {
        status = runCommand(common, [&](Session& session) { runExperiments(session, *arguments); });
    });
}

}  // namespace signet::cli
