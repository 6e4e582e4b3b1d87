#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/output_guard.h"
#include "core/attacks/perturbation.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/metrics/quality.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct AttackArguments {
    std::string spec;
    std::vector<std::string> paths;
    std::string outFolder;
    std::uint64_t seed = 0;
    bool force = false;
    bool recursive = false;
};

/// The random numbers of one image depend on --seed and the image's bytes: neither on its name nor on the
/// other inputs.
std::uint64_t seedOf(const Bytes& file, std::uint64_t seed) {
    const std::uint64_t content = std::stoull(sha256Hex(file).substr(0, 16), nullptr, 16);
    constexpr std::uint64_t kStream = 1;
    return StepRandom(seed, kStream, content).bits();
}

/// The output adds no loss of its own: JPEG inputs and formats that are not written become PNG, WebP is
/// written lossless, the rest keeps its format.
image::EncodeOptions losslessOptions(image::Format input) {
    image::EncodeOptions options;
    const bool keeps = input != image::Format::Jpeg && image::canEncode(input);
    options.format = keeps ? input : image::Format::Png;
    options.quality = 100;
    return options;
}

struct Attacked {
    fs::path output;
    double psnrDb = 0;  ///< NaN where the size changed, infinite where nothing did
    std::vector<std::string> warnings;
};

Attacked attackFile(const fs::path& path, const attacks::Perturbation& perturbation,
                    const AttackArguments& arguments, OutputGuard& guard) {
    const Bytes file = readFile(path);
    image::Decoded decoded = image::decode(file);
    const image::Image before = image::toRgb8(decoded.image);
    decoded.image = {};  // of a hundred megapixels one copy less
    const image::EncodeOptions options = losslessOptions(decoded.info.format);
    Attacked out;
    out.warnings = decoded.info.warnings;
    if (decoded.info.frames > 1) out.warnings.push_back("the output holds the first alone");
    out.output = outputIn(arguments.outFolder, path, options.format);
    guard.claim(out.output);
    const image::Image after = attacks::apply(before, perturbation, seedOf(file, arguments.seed));
    const bool sameSize = before.width == after.width && before.height == after.height;
    out.psnrDb = sameSize ? metrics::psnr(before, after) : std::nan("");
    writeFileAtomically(out.output, image::encode(after, options),
                        arguments.force ? IfExists::Replace : IfExists::Refuse);
    return out;
}

std::string psnrText(double psnrDb) {
    if (std::isnan(psnrDb)) return "size changed";
    return std::isinf(psnrDb) ? "identical" : fmt::format("{:.2f}", psnrDb);
}

void run(Session& session, const AttackArguments& arguments) {
    const attacks::Perturbation perturbation = attacks::parsePerturbation(arguments.spec);
    const std::string spec = attacks::toSpec(perturbation);
    const image::FoundImages found =
        image::findImages(toPaths(arguments.paths), {.recursive = arguments.recursive}, session.stop());
    const std::vector<fs::path>& files = found.files;
    createFolder(arguments.outFolder);
    OutputGuard guard(files);
    using enum Table::Align;
    const Table table(
        {{"image", kPathColumns, Left}, {"output", kPathColumns, Left}, {"PSNR dB", 12, Right}});
    session.line(files.empty() ? kNoImages : table.header());
    for (std::size_t i = 0; i < files.size() && !session.stopRequested(); ++i) {
        session.progress(i, files.size(), shown(files[i].filename()));
        try {
            const Attacked done = attackFile(files[i], perturbation, arguments, guard);
            // Numbers that are not finite are null in JSON.
            std::string text =
                table.row({truncateFront(shown(files[i]), kPathColumns),
                           truncateFront(shown(done.output), kPathColumns), psnrText(done.psnrDb)});
            for (const std::string& warning : done.warnings) text += "\n  note: " + warning;
            session.emit({{"path", toUtf8(files[i].native())},
                          {"output", toUtf8(done.output.native())},
                          {"spec", spec},
                          {"psnr_db", done.psnrDb},
                          {"warnings", done.warnings}},
                         text);
        } catch (const Error& error) {
            session.fail(files[i], error);
        }
    }
    reportLeftOut(session, found.leftOut);
}

}  // namespace

void addAttack(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub =
        addSubcommand(app, common, "attack", "Apply a perturbation to images, to test what survives it",
                      "signet attack resize:0.5+jpeg:75 -o attacked/ signed/*.png");
    auto arguments = std::make_shared<AttackArguments>();
    sub.add_option("SPEC", arguments->spec, "Steps joined by +, as in crop:0.75+jpeg:50; listed below")
        ->required();
    sub.add_option("PATH", arguments->paths, "Images, or folders of images")->required();
    sub.add_option(
           "-o,--output", arguments->outFolder,
           "Folder for the results (made if missing). File names and formats are kept, without adding a "
           "loss: "
           "JPEG inputs and those of formats that are not written become PNG, WebP is written lossless, "
           "samples are 8-bit RGB, metadata is left out")
        ->required();
    sub.add_option(
           "--seed", arguments->seed,
           "For the steps that draw random numbers; together with the image's bytes it fixes the result")
        ->capture_default_str();
    sub.add_flag("-r,--recursive", arguments->recursive, "Also the images in sub-folders");
    sub.add_flag("--force", arguments->force, "Replace outputs that exist");
    sub.footer("Steps, each rounded to 8 bits (numbers: the range allowed):\n" + attacks::perturbationHelp() +
               "\n" + sub.get_footer());
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
