#include <fmt/format.h>

#include <memory>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/generators/generator_model.h"
#include "core/image/encode.h"
#include "core/models/model_store.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct GenerateArguments {
    std::string model;
    std::string outFolder;
    std::string codeHex;
    generators::SampleRequest request;
    bool force = false;
};

/// The generator of a model: its own, or of a fingerprinting one the instance of a code.
generators::GeneratorModel generatorOf(const models::Manifest& manifest, const CommonOptions& options,
                                       const std::string& codeHex) {
    const int threads = options.threadCount();
    if (manifest.kind() != models::Kind::Fingerprint) {
        if (!codeHex.empty())
            throw Error(ErrorCode::BadOption,
                        fmt::format("--code is for fingerprinting models; {} is of kind \"{}\"",
                                    manifest.name, toString(manifest.kind())));
        return {manifest, options.device, threads};
    }
    if (codeHex.empty())
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} draws with a fingerprint of {} bits: give it with --code", manifest.name,
                                manifest.bits()));
    fingerprint::FingerprintModel model(manifest, options.device, threads);
    return model.instance(bitsFromHex(codeHex, model.bits()));
}

void drawPictures(Session& session, const GenerateArguments& arguments) {
    const models::Manifest manifest = models::findModel(arguments.model, session.options().workspaceFolder());
    auto generator = generatorOf(manifest, session.options(), arguments.codeHex);
    createFolder(arguments.outFolder);
    generator.sample(
        arguments.request, session.context(), [&](std::uint64_t number, const image::Image& picture) {
            const fs::path output =
                fs::path(arguments.outFolder) / generators::pictureFileName(arguments.request, number);
            writeFileAtomically(output, image::encode(picture, {}),
                                arguments.force ? IfExists::Replace : IfExists::Refuse);
            session.emit({{"output", toUtf8(output.native())},
                          {"model", manifest.name},
                          {"model_sha256", manifest.weightsSha256},
                          {"seed", arguments.request.seed},
                          {"number", number},
                          {"code", arguments.codeHex.empty() ? Json() : Json(arguments.codeHex)}},
                         shown(output));
        });
}

}  // namespace

void addGenerate(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(
        app, common, "generate",
        "Draw pictures with a generator, an issued instance or a fingerprinting model",
        "signet generate fingerprint-cats --code 00112233445566778899aabbccddeeff -n 8 -o cats/");
    auto arguments = std::make_shared<GenerateArguments>();
    auto& request = arguments->request;
    sub.add_option("MODEL", arguments->model, "Name of a model, or its folder")->required();
    sub.add_option("-n", request.count, "Pictures to draw")->capture_default_str();
    sub.add_option("-o,--output", arguments->outFolder,
                   "Folder for the pictures (made if missing): SEED-NUMBER.png, 8-bit RGB")
        ->required();
    sub.add_option("--seed", request.seed, "The same pictures for the same seed")->capture_default_str();
    sub.add_option("--first", request.first, "Number of the first: to go on with a seed")
        ->capture_default_str();
    sub.add_option("--to", request.to,
                   "The pictures lie evenly on the way from --first to this number of the seed: an "
                   "interpolation of their latents");
    sub.add_option("--code", arguments->codeHex,
                   "Fingerprint to draw with, hexadecimal; for fingerprinting models");
    sub.add_option(
           "--truncation", request.settings.truncation,
           "How far styles lie from the mean one: less is more alike and cleaner; only for generators "
           "with a mapping")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    sub.add_option("--steps", request.settings.steps,
                   "Steps of a diffusion, of a cascade its first; without it as the model says")
        ->check(CLI::Range(1, 10'000));
    sub.add_option("--eta", request.settings.eta,
                   "A diffusion is sampled by DDIM that draws so much on the way: 0 nothing, 1 as much as "
                   "ancestral sampling; without it as the model says")
        ->check(CLI::Range(0.0, 1.0));
    sub.add_option("--label", request.settings.label, "Class of the pictures, of a model that has classes");
    sub.add_option("--guidance", request.settings.guidance,
                   "How much more the class counts than none, of a model that has classes")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    sub.add_option("--batch", request.batch, "Pictures drawn at a time; changes no picture")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    sub.add_flag("--force", arguments->force, "Replace outputs that exist");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { drawPictures(session, *arguments); });
    });
}

}  // namespace signet::cli
