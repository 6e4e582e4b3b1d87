#include "core/fingerprint/fingerprint_card.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"

namespace signet::fingerprint {
namespace {

constexpr const char* kFile = "evaluation.json";

std::string percent(const Json& share) {
    return fmt::format("{:.2f}", 100 * share.get<double>());
}

/// A text beside the manifest under a heading; nothing where there is none.
std::string note(const models::Manifest& manifest, const char* heading, const char* file) {
    const auto path = manifest.folder / file;
    return std::filesystem::exists(path) ? fmt::format("\n## {}\n\n{}", heading, readTextFile(path))
                                         : std::string();
}

std::string readBackText(const Json& r) {
    return fmt::format(
        "- {} pictures of as many latents and fingerprints, none of them trained with, rounded to 8 bits: {} "
        "% of "
        "the bits are read right (95 % interval of the mean {} to {}), all {} bits of {} pictures ({} to {} "
        "%); "
        "of the worst picture {}.\n",
        r.at("pictures").get<std::int64_t>(), percent(r.at("bit_accuracy")),
        percent(r.at("bit_accuracy_lower95")), percent(r.at("bit_accuracy_upper95")), r.at("bits").get<int>(),
        r.at("whole_codes").get<std::int64_t>(), percent(r.at("whole_codes_lower95")),
        percent(r.at("whole_codes_upper95")), r.at("fewest_bits_right").get<int>());
}

std::string nullText(const Json& n) {
    std::string text = fmt::format(
        "- {} images that no instance drew. What is read off them is even neither bit by bit nor from image "
        "to "
        "image: ones are {} % of all bits and {} % of the most biased, and two images' codes agree in {} % "
        "of "
        "their bits. The p-value does not rest on it: it is the chance that codes which are drawn evenly and "
        "independently, as issued ones are, agree so well. Counted, each image among {} codes drawn for it:",
        n.at("images").get<std::int64_t>(), percent(n.at("ones_share")),
        percent(n.at("most_biased_bit").at("ones_share")), percent(n.at("bits_alike_of_two_images")),
        n.at("codes_each").get<std::int64_t>());
    for (const Json& level : n.at("p_at_most"))
        text += fmt::format(" p ≤ {:g} in {} % ({} to {});", level.at("p").get<double>(),
                            percent(level.at("share")), percent(level.at("lower95")),
                            percent(level.at("upper95")));
    text.back() = '.';
    return text + "\n";
}

}  // namespace

void keepEvaluation(models::Manifest& manifest, const Json& evaluation) {
    writeFileAtomically(manifest.folder / kFile, evaluation.dump(2) + "\n", IfExists::Replace);
    manifest.validated = evaluation.at("read_back").at("pictures") >= kValidatedPictures &&
                         evaluation.at("null").at("images") >= kValidatedImages;
    models::saveManifest(manifest);
}

std::string fingerprintCard(const models::Manifest& manifest) {
    const auto path = manifest.folder / kFile;
    if (!std::filesystem::exists(path))
        throw Error(ErrorCode::NotFound,
                    fmt::format("{0} keeps no evaluation: signet fingerprint evaluate -m {0} IMAGES --keep",
                                manifest.name));
    const Json evaluation = Json::parse(readTextFile(path), nullptr, false);
    if (!evaluation.is_object() || !evaluation.contains("read_back") || !evaluation.contains("null"))
        throw Error(ErrorCode::Corrupt, fmt::format("{} is not what was kept", toUtf8(path.string())));
    std::string text = fmt::format(
        "# {}\n\n{}.\n\n## What it does\n\nDraws pictures of {} px, and issues generators each of which "
        "leaves a "
        "fingerprint of {} bits in all it draws; reads the fingerprint back from one picture. Pictures of "
        "other "
        "sizes are brought to {} px first.\n\n## What it was measured on\n\n`signet fingerprint evaluate -m "
        "{} "
        "IMAGES --keep`, weights SHA-256 `{}`.\n\n",
        manifest.name, manifest.title, manifest.resolution, manifest.bits(), manifest.resolution,
        manifest.name, manifest.weightsSha256);
    text += readBackText(evaluation.at("read_back"));
    if (evaluation.at("null").at("images") > 0) text += nullText(evaluation.at("null"));
    text += note(manifest, "Limits", "limits.md") + note(manifest, "Training", "history.md");
    return text;
}

}  // namespace signet::fingerprint
