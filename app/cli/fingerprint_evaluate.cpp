#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "app/cli/fingerprint_model_choice.h"
#include "app/cli/inputs.h"
#include "core/base/file_io.h"
#include "core/fingerprint/fingerprint_card.h"
#include "core/fingerprint/fingerprint_evaluation.h"
#include "core/image/decode.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct FingerprintEvaluateArguments {
    std::string model;
    std::vector<std::string> paths;
    std::int64_t pictures = 1000;
    std::int64_t codes = 1000;
    std::uint64_t seed = 1;
    bool recursive = false;
    bool keep = false;
};

Json readBackRecord(const fingerprint::BitTally& read, int bits) {
    const auto whole = metrics::clopperPearson(read.wholeCodes(), read.pictures());
    return {{"pictures", read.pictures()},
            {"bits", bits},
            {"bit_accuracy", read.accuracy()},
            {"bit_accuracy_lower95", read.interval().lower},
            {"bit_accuracy_upper95", read.interval().upper},
            {"whole_codes", read.wholeCodes()},
            {"whole_codes_lower95", whole.lower},
            {"whole_codes_upper95", whole.upper},
            {"fewest_bits_right", read.fewestRight()}};
}

std::string nullText(const Json& null) {
    if (null["images"] == 0) return {};
    std::string text = fmt::format(
        "\n{} images that no instance drew: {:.3f} of the bits read are ones, of the most biased bit {:.3f}; "
        "two "
        "images' codes agree in {:.3f} of the bits\n  looked for among {} codes each, drawn anew:",
        null["images"].get<std::int64_t>(), null["ones_share"].get<double>(),
        null["most_biased_bit"]["ones_share"].get<double>(), null["bits_alike_of_two_images"].get<double>(),
        null["codes_each"].get<std::int64_t>());
    for (const Json& level : null["p_at_most"])
        text += fmt::format(" p <= {} in {} ({:.3f} %, {:.3f} to {:.3f});", level["p"].get<double>(),
                            level["images"].get<std::int64_t>(), 100 * level["share"].get<double>(),
                            100 * level["lower95"].get<double>(), 100 * level["upper95"].get<double>());
    return text + fmt::format(" smallest 10^{:.1f}", null["smallest_log10_p"].get<double>());
}

void evaluate(Session& session, const FingerprintEvaluateArguments& arguments) {
    models::Manifest manifest = fingerprintingModel(session, arguments.model);
    fingerprint::FingerprintModel model(manifest, session.options().device, session.options().threadCount());
    const auto drawn = fingerprint::readBack(model, arguments.pictures, arguments.seed, session.context());
    fingerprint::NullMeasure null(model.bits(), arguments.codes, arguments.seed);
    const image::FoundImages found =
        image::findImages(toPaths(arguments.paths), {.recursive = arguments.recursive}, session.stop());
    for (std::size_t i = 0; i < found.files.size() && !session.stopRequested(); ++i) {
        session.progress(i, found.files.size(), shown(found.files[i].filename()));
        try {
            null.add(model.decode(image::decode(readFile(found.files[i])).image));
        } catch (const Error& error) {
            session.fail(found.files[i], error);
        }
    }
    if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
    const Json record = {{"model", manifest.name},
                         {"model_sha256", manifest.weightsSha256},
                         {"seed", arguments.seed},
                         {"read_back", readBackRecord(drawn, model.bits())},
                         {"null", null.report()}};
    session.emit(
        record, fmt::format("{}: {} pictures of as many latents and codes, 8 bits: {:.2f} % of the bits read "
                            "right ({:.2f} to {:.2f}), whole codes {}, worst picture {} of {} bits{}",
                            manifest.name, drawn.pictures(), 100 * drawn.accuracy(),
                            100 * drawn.interval().lower, 100 * drawn.interval().upper, drawn.wholeCodes(),
                            drawn.fewestRight(), model.bits(), nullText(record["null"])));
    if (!arguments.keep) return;
    fingerprint::keepEvaluation(manifest, record);
    session.line(manifest.validated
                     ? "Kept; the model is validated by it."
                     : fmt::format("Kept; for a model to be validated at least {} pictures are drawn and "
                                   "{} images given.",
                                   fingerprint::kValidatedPictures, fingerprint::kValidatedImages));
}

}  // namespace

void addFingerprintEvaluate(CLI::App& group, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(
        group, common, "evaluate",
        "How well a model reads what it draws, and what it reads off images that no instance of it drew",
        "signet fingerprint evaluate -m fingerprint-cats photographs/ --keep");
    auto arguments = std::make_shared<FingerprintEvaluateArguments>();
    sub.add_option("-m,--model", arguments->model,
                   "Fingerprinting model, by name or folder (default: the only one there is)");
    sub.add_option("PATH", arguments->paths, "Images that no instance drew, or folders of them");
    sub.add_option("-n", arguments->pictures, "Pictures to draw")
        ->check(CLI::Range(2, 1'000'000))
        ->capture_default_str();
    sub.add_option("--codes", arguments->codes,
                   "Codes that an image's is looked for among, drawn for each anew")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    sub.add_option("--seed", arguments->seed, "Decides latents and codes")->capture_default_str();
    sub.add_flag("-r,--recursive", arguments->recursive, "Also the images in sub-folders");
    sub.add_flag("--keep", arguments->keep, "Keep it in the model's folder: its card tells it");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { evaluate(session, *arguments); });
    });
}

}  // namespace signet::cli
