#include "core/examine/generator_card.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/examine/card_sections.h"
#include "core/examine/card_text.h"
#include "core/examine/image_family.h"

namespace signet::examine {
namespace {

/// "`name`, weights SHA-256 `0123...`"
std::string namedModel(const std::string& name, const std::string& sha256) {
    return fmt::format("`{}`, weights SHA-256 `{}`", name, sha256);
}

std::string whatItIs(const models::Manifest& m) {
    const std::string networks = fmt::format("form `{}`, {} parameters, weights SHA-256 `{}`", m.arch,
                                             grouped(m.parameters), m.weightsSha256);
    if (const auto* autoencoder = std::get_if<models::AutoencoderFields>(&m.of))
        return fmt::format(
            "An autoencoder: brings pictures of {0} × {0} px to planes of 1/{1} of their side and back,\n"
            "which a latent diffusion draws in; {2}.\n",
            m.resolution, autoencoder->factor, networks);
    return fmt::format(
        "A generator: draws pictures of {0} × {0} px, each of {1} random numbers; {2}.\n"
        "`signet generate {3} -n 16 --seed 1 -o FOLDER`\n",
        m.resolution, grouped(std::get<models::GeneratorFields>(m.of).latent), networks, m.name);
}

std::string whatItSigns(const models::GeneratorFields& generator) {
    if (generator.signature.empty()) return {};
    std::string text = fmt::format(
        "It was trained on signed pictures (paper A, stage 2), so that what it draws carries a signature\n"
        "that nothing adds afterwards.\n\n- Signature: of the model {}.\n",
        namedModel(generator.signature, generator.signatureSha256));
    if (!generator.codeHex.empty()) text += fmt::format("- Code: `{}`, hexadecimal.\n", generator.codeHex);
    return text + "- Detector: that of the same model.\n";
}

std::string ratesText(const models::Manifest& m, const models::GeneratorFields& generator) {
    std::string text = m.kind() == models::Kind::Generator ? drawnText(m) : std::string();
    if (!text.empty() || generator.signature.empty()) return text;
    return fmt::format(
        "Nothing is kept of how often its signature is found:\n"
        "`signet evaluate {} --images FOLDER --keep`.\n",
        m.name);
}

std::string limitsOf(const models::Manifest& m, const models::GeneratorFields& generator) {
    std::string text;
    if (!generator.signature.empty())
        text =
            "- A picture in which the signature is found was signed: by this generator, by another or by\n"
            "  the program; it does not say which.\n"
            "- Whoever has these weights can train them on with unsigned pictures, prune or round them:\n"
            "  what is left of the signature then is another question (`signet experiment run A.R`).\n";
    return text + noteOf(m, kLimitsFile);
}

/// "task `secure`, 16 pictures a step, seed 1, folder `cats64`"
std::string runInWords(const Json& training) {
    std::string text =
        fmt::format("task `{}`, {} pictures a step, seed {}", training.value("task", std::string()),
                    training.value("batch", 0), training.value("seed", 0));
    if (const std::string data = training.value("data", std::string()); !data.empty())
        text += fmt::format(", folder `{}`", nameOfFolder(data));
    return text;
}

std::string howItWasTrained(const models::Manifest& m, const models::GeneratorFields& generator) {
    std::string text;
    const bool isKnown = m.training.is_object();
    if (isKnown)
        text = fmt::format("- {} steps: {}.\n", grouped(static_cast<std::int64_t>(m.steps)),
                           runInWords(m.training));
    if (!generator.tunedFrom.empty())
        text += fmt::format(
            "- Fine-tuned from {}{}.\n", namedModel(generator.tunedFrom, generator.tunedFromSha256),
            isKnown && m.training.value("clean", false) ? ", on pictures that are not signed" : "");
    if (isKnown && m.training.contains(models::kTrainedBefore))
        text += fmt::format("- Its own training before: {} steps, {}.\n",
                            grouped(m.firstTraining().value("steps", std::int64_t{0})),
                            runInWords(m.firstTraining()));
    if (m.run.is_object() && m.run.contains("imported_from"))
        text +=
            fmt::format("- Imported from `{}`, SHA-256 `{}`.\n", m.run.value("imported_from", std::string()),
                        m.run.value("sha256", std::string()));
    if (text.empty()) text = "It is not recorded.\n";
    if (isKnown) text += "\nAll options stand in `manifest.json`.\n";
    if (const std::string history = noteOf(m, kHistoryFile); !history.empty()) text += "\n" + history;
    return text;
}

}  // namespace

std::string generatorCard(const models::Manifest& manifest) {
    const auto* fields = std::get_if<models::GeneratorFields>(&manifest.of);
    const models::GeneratorFields generator = fields ? *fields : models::GeneratorFields();
    try {
        return fmt::format("# {}\n", manifest.name) +
               (manifest.title == manifest.name ? std::string() : fmt::format("\n{}.\n", manifest.title)) +
               section("## What it is", whatItIs(manifest)) +
               section("## What it signs", whatItSigns(generator)) +
               section("## What it was measured on", ratesText(manifest, generator)) +
               section("## Limits", limitsOf(manifest, generator)) +
               section("## Training", howItWasTrained(manifest, generator));
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt,
                    fmt::format("what {} was trained with: {}", manifest.name, error.what()));
    }
}

}  // namespace signet::examine
