#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

#include "app/cli/commands.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/baselines/published_classifier.h"
#include "core/examine/conditions.h"
#include "core/examine/detector.h"
#include "core/examine/model_card.h"
#include "core/generators/adm_options.h"
#include "core/generators/published_diffusion.h"
#include "core/generators/published_stylegan2.h"
#include "core/generators/style_generator_options.h"
#include "core/models/model_store.h"

namespace signet::cli {
namespace {

using models::Manifest;

std::vector<Manifest> installed(Session& session) {
    std::vector<std::string> warnings;
    std::vector<Manifest> found = models::listModels(session.options().workspaceFolder(), &warnings);
    for (const std::string& warning : warnings) spdlog::warn("{}", warning);
    return found;
}

std::string yesNo(bool value) {
    return value ? "yes" : "no";
}

std::string bitsText(const Manifest& manifest) {
    return manifest.bits() > 0 ? std::to_string(manifest.bits()) : "-";
}

std::string psnrText(const Manifest& manifest) {
    const auto* signature = std::get_if<models::SignatureFields>(&manifest.of);
    return signature ? fmt::format("{:.1f}", signature->nominalPsnrDb) : "-";
}

void list(Session& session) {
    const std::vector<Manifest> found = installed(session);
    using enum Table::Align;
    std::size_t width = 0;
    for (const Manifest& manifest : found) width = std::max(width, manifest.name.size());
    const Table table({{"name", width, Left},
                       {"architecture", 12, Left},
                       {"bits", 4, Right},
                       {"size px", 7, Right},
                       {"parameters", 12, Right},
                       {"PSNR dB", 7, Right},
                       {"validated", 9, Left},
                       {"title", 5, Left}});
    session.line(found.empty() ? std::string("No models are installed.") : table.header());
    for (const Manifest& manifest : found) {
        session.emit(models::toJson(manifest),
                     table.row({manifest.name, manifest.arch, bitsText(manifest),
                                std::to_string(manifest.resolution), std::to_string(manifest.parameters),
                                psnrText(manifest), yesNo(manifest.validated), manifest.title}));
    }
}

Json calibrationRecord(const models::Calibration& calibration) {
    return {{"photographs", calibration.photographs},
            {"originals", calibration.originals > 0 ? Json(calibration.originals) : Json(nullptr)},
            {"unsigned_photographs", std::max(calibration.photographs, calibration.unsignedPhotographs)},
            {"measured_on", examine::conditionOf(calibration)},
            {"negatives_are", calibration.negatives},
            {"negatives", calibration.negativeCount()},
            {"images_sha256", calibration.imagesSha256},
            {"codecs", calibration.codecs},
            {"unsigned_scores", calibration.unsignedScores.size()},
            {"signed_scores", calibration.signedScores.size()},
            {"threshold", calibration.threshold},
            {"lower_threshold", calibration.lowerThreshold},
            {"false_positives", calibration.falsePositives}};
}

/// What only models of its kind have, a line each.
std::string linesOfKind(const Manifest& manifest) {
    if (manifest.kind() == models::Kind::Signature)
        return fmt::format("  code bits     {}\n  nominal PSNR  {} dB\n", bitsText(manifest),
                           psnrText(manifest));
    if (const auto* generator = std::get_if<models::GeneratorFields>(&manifest.of)) {
        std::string text = fmt::format("  random input  {} numbers\n", generator->latent);
        if (!generator->signature.empty())
            text += fmt::format("  signature     of {}, SHA-256 {}{}\n", generator->signature,
                                generator->signatureSha256,
                                generator->codeHex.empty() ? "" : ", code " + generator->codeHex);
        if (!generator->tunedFrom.empty())
            text += fmt::format("  tuned from    {}, SHA-256 {}\n", generator->tunedFrom,
                                generator->tunedFromSha256);
        return text;
    }
    return manifest.bits() > 0 ? fmt::format("  code bits     {}\n", bitsText(manifest)) : std::string();
}

std::string describe(const Manifest& manifest, const std::optional<models::Calibration>& calibration,
                     const std::string& card) {
    std::string text = fmt::format(
        "{}: {}\n  kind          {}\n  architecture  {}\n  parameters    {}\n  working size  {} px\n{}"
        "  validated     {}\n  SHA-256       {}\n  folder        {}",
        manifest.name, manifest.title, toString(manifest.kind()), manifest.arch, manifest.parameters,
        manifest.resolution, linesOfKind(manifest), yesNo(manifest.validated), manifest.weightsSha256,
        shown(manifest.folder));
    if (calibration) {
        text += fmt::format(
            "\n\nCalibration\n  photographs   {}, {}\n  threshold     {:.3f} (inconclusive from "
            "{:.3f})\n"
            "  false alarms  {} of {} {}",
            calibration->photographs,
            calibration->isAsTheyAre() ? std::string(models::kAsTheyAre)
                                       : fmt::format("each as {}", fmt::join(calibration->codecs, ", ")),
            calibration->threshold, calibration->lowerThreshold, calibration->falsePositives,
            calibration->negativeCount(),
            calibration->originals > 0 ? "originals, whatever the number of crops and codecs"
                                       : "photographs");
    } else if (examine::canDetect(manifest.kind())) {
        text += "\n\nNo calibration: no false positive rate can be given.";
    }
    return card.empty() ? text : text + "\n\n" + card;
}

void show(Session& session, const std::string& name) {
    const Manifest manifest = models::findModel(name, session.options().workspaceFolder());
    const std::optional<models::Calibration> calibration = models::loadCalibration(manifest);
    const std::string card = models::loadCard(manifest);
    Json record = models::toJson(manifest);
    record["calibration"] = calibration ? calibrationRecord(*calibration) : Json();
    record["card"] = card;
    session.emit(record, describe(manifest, calibration, card));
}

struct CardArguments {
    std::string model;
    std::string output;
    bool force = false;
};

void card(Session& session, const CardArguments& arguments) {
    const Manifest manifest = models::findModel(arguments.model, session.options().workspaceFolder());
    const std::string text = examine::modelCard(manifest);
    Json record = {{"model", manifest.name}, {"sha256", manifest.weightsSha256}};
    if (arguments.output.empty()) {
        record["card"] = text;
        session.emit(record, text.substr(0, text.size() - 1));  // its last line ends by being printed
        return;
    }
    writeFileAtomically(arguments.output, text, arguments.force ? IfExists::Replace : IfExists::Refuse);
    record["output"] = toUtf8(arguments.output);
    session.emit(record, "The card is in " + shown(arguments.output));
}

constexpr const char* kClassifier = "classifier";

struct ImportArguments {
    std::string file;
    std::string arch;
    std::string folder;
    double mappingRate = 0.01;
    std::string base;
    std::vector<std::string> options;
};

Manifest imported(const ImportArguments& a, const std::filesystem::path& workspace) {
    if (a.arch == kClassifier) return baselines::importClassifier(a.file, a.folder, a.options);
    if (a.arch == generators::kStyleGan2Arch)
        return generators::importStyleGan2(a.file, a.folder, a.mappingRate);
    const generators::PublishedDiffusion published{a.options, a.base, workspace};
    return a.arch == generators::kAdmArch ? generators::importAdm(a.file, a.folder, published)
                                          : generators::importLdm(a.file, a.folder, published);
}

void import(Session& session, const ImportArguments& arguments) {
    const Manifest manifest = imported(arguments, session.options().workspaceFolder());
    const std::string folder = shown(manifest.folder);
    session.emit(models::toJson(manifest),
                 fmt::format("{} has become the model {}: {}, {} parameters.\nIt {}", shown(arguments.file),
                             manifest.name, manifest.title, manifest.parameters,
                             arguments.arch == kClassifier
                                 ? fmt::format("examines with: signet check -m {} PICTURES", folder)
                                 : fmt::format("draws with: signet generate {} -o pictures", folder)));
}

void verify(Session& session, const std::vector<std::string>& names) {
    std::vector<Manifest> chosen;
    for (const std::string& name : names)
        chosen.push_back(models::findModel(name, session.options().workspaceFolder()));
    if (names.empty()) chosen = installed(session);
    for (const Manifest& manifest : chosen) {
        if (session.stopRequested()) return;
        Json record = {{"name", manifest.name}, {"sha256", manifest.weightsSha256}, {"verified", true}};
        try {
            models::verifyWeights(manifest);
            session.emit(record, fmt::format("{}: the weights are as recorded, SHA-256 {}", manifest.name,
                                             manifest.weightsSha256));
        } catch (const Error& error) {
            session.countFailure();
            record["verified"] = false;
            record["error"] = errorRecord({}, error)["error"];
            session.emit(record, fmt::format("{}: {}", manifest.name, error.what()));
        }
    }
}

}  // namespace

void addModel(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& model = *app.add_subcommand("model",
                                          "The models there are: list, show one with its card, write that "
                                          "card, verify the weights, import others");
    model.footer("Example:\n  signet model show photo-keyed32");
    model.require_subcommand(1);

    CLI::App& listing = addSubcommand(model, common, "list", "The installed models", "signet model list");
    listing.callback([&common, &status] { status = runCommand(common, list); });

    CLI::App& showing =
        addSubcommand(model, common, "show", "One model with its card, SHA-256 and calibration",
                      "signet model show photo-keyed32");
    auto name = std::make_shared<std::string>();
    showing.add_option("MODEL", *name, "Name, or folder")->required();
    showing.callback([&common, &status, name] {
        status = runCommand(common, [&](Session& session) { show(session, *name); });
    });

    CLI::App& writing = addSubcommand(
        model, common, "card", "Write a model's card from its manifest and what was kept of its evaluation",
        "signet model card photo-keyed32 -o card.md");
    auto wanted = std::make_shared<CardArguments>();
    writing.add_option("MODEL", wanted->model, "Name, or folder")->required();
    writing.add_option("-o,--output", wanted->output, "File to write (default: standard output)");
    writing.add_flag("--force", wanted->force, "Replace the file if it exists");
    writing.callback([&common, &status, wanted] {
        status = runCommand(common, [&](Session& session) { card(session, *wanted); });
    });

    CLI::App& importing = addSubcommand(
        model, common, "import", "Make a model of a published checkpoint; no code in the file is run",
        "signet model import stylegan2-cat-config-f.pt --as stylegan2 -o models/cats");
    auto published = std::make_shared<ImportArguments>();
    importing
        .add_option("FILE", published->file,
                    "The checkpoint: a .pt or .ckpt file of PyTorch, in either of its forms")
        ->required();
    importing.add_option("--as", published->arch, "What it is")
        ->required()
        ->check(CLI::IsMember({"stylegan2", "adm", "ldm", kClassifier}));
    importing.add_option("-o,--output", published->folder, "Folder of the model, which is made")->required();
    importing
        .add_option("--mapping-rate", published->mappingRate,
                    "Factor on the mapping's learning rate that it was trained with")
        ->check(CLI::Range(0.0001, 1.0))
        ->capture_default_str();
    importing.add_option(
        "--base", published->base,
        "Of a diffusion that enlarges: the model, or its folder, that draws what it enlarges");
    importing.add_option(
        "--set", published->options,
        "What the tensors do not tell, as key=value: of a diffusion side, headWidth or heads, headsFirst, "
        "schedule, timesteps; of a classifier (a ResNet with torchvision's names) down, input, side, "
        "imagenet, classes; may be repeated");
    importing.callback([&common, &status, published] {
        status = runCommand(common, [&](Session& session) { import(session, *published); });
    });

    CLI::App& verifying =
        addSubcommand(model, common, "verify", "Hash the weights again and compare with the manifest",
                      "signet model verify photo-keyed32");
    auto names = std::make_shared<std::vector<std::string>>();
    verifying.add_option("MODEL", *names, "Names, or folders (default: all)");
    verifying.callback([&common, &status, names] {
        status = runCommand(common, [&](Session& session) { verify(session, *names); });
    });
}

}  // namespace signet::cli
