#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/key_choice.h"
#include "app/cli/output_guard.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/examine/findings.h"
#include "core/examine/record_json.h"
#include "core/image/detect.h"
#include "core/image/file_names.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

struct SignArguments {
    std::string model = examine::SignOptions().model;
    KeyChoice key;
    std::string code;
    std::string format;
    std::string out;
    std::vector<std::string> paths;
    double strength = 1.0;
    int quality = examine::SignOptions().quality;
    int frame = 0;
    bool plain = false;
    bool force = false;
};

/// A code no image can be signed with is wrong usage, said before the first image is read.
void checkCode(const std::string& hex, const models::Manifest& manifest) {
    if (hex.empty()) return;
    const std::vector<std::uint8_t> bits = bitsFromHex(hex, manifest.bits());
    if (std::all_of(bits.begin(), bits.end(), [](std::uint8_t bit) { return bit == 0; }))
        throw Error(ErrorCode::BadOption,
                    "code 0 is reserved for images without a signature; choose another");
}

examine::SignOptions signOptions(const SignArguments& arguments, const fs::path& out, bool outIsFile) {
    examine::SignOptions options;
    options.model = arguments.model;
    options.codeHex = arguments.code;
    options.strength = arguments.strength;
    options.informed = !arguments.plain;
    options.quality = arguments.quality;
    options.force = arguments.force;
    options.frame = arguments.frame;
    if (!arguments.format.empty() && arguments.format != "keep")
        options.format = image::formatFromName(arguments.format);
    else if (arguments.format.empty() && outIsFile)
        options.format = image::formatOfName(out);
    return options;
}

/// An output must not be named like another format than it has.
void refuseOtherEnding(const fs::path& input, const fs::path& out, std::optional<image::Format> format) {
    if (!format) format = image::formatOfFile(input);
    if (const std::string other = format ? image::endingConflict(out, *format) : ""; !other.empty())
        throw Error(ErrorCode::BadOption,
                    fmt::format("the output {} would be misnamed: {}; change its ending or --format",
                                shown(out), other));
}

Table makeTable() {
    using enum Table::Align;
    return Table({{"image", kNarrowPathColumns, Left},
                  {"output", kNarrowPathColumns, Left},
                  {"code", 8, Left},
                  {"PSNR dB", 7, Right},
                  {"SSIM", 6, Right},
                  {"visible", 7, Right},
                  {"reads back", 10, Left}});
}

std::string readable(const examine::SignRecord& record, const Table& table) {
    const std::string name = truncateFront(shown(record.path), kNarrowPathColumns);
    if (record.error) return table.row({name, "failed: " + record.error->message});
    std::string text =
        table.row({name, truncateFront(shown(record.output), kNarrowPathColumns), record.codeHex,
                   fmt::format("{:.2f}", record.psnrDb), fmt::format("{:.4f}", record.ssim),
                   fmt::format("{:.2f}", record.visible.p99), record.verified ? "yes" : "no"});
    if (record.alreadySigned) {
        text += "\n  note: it already carried a signature";
        if (record.codeBefore) text += ", code " + examine::codeText(*record.codeBefore);
    }
    for (const std::string& warning : record.warnings) text += "\n  note: " + warning;
    return text;
}

void run(Session& session, const SignArguments& arguments) {
    const fs::path out = arguments.out;
    const image::FoundImages found = image::findImages(toPaths(arguments.paths), {}, session.stop());
    const std::vector<fs::path>& files = found.files;
    std::error_code ignored;
    const bool outIsFile = files.size() == 1 && arguments.paths.size() == 1 && image::formatOfName(out) &&
                           !fs::is_directory(out, ignored) && !fs::is_directory(arguments.paths[0], ignored);
    const examine::SignOptions options = signOptions(arguments, out, outIsFile);
    examine::Examiner::Options setup = examinerOptions(session.options());
    setup.keys = {keyToWriteWith(session, arguments.key)};
    examine::Examiner examiner(setup);
    examiner.loadModel(options.model);
    checkCode(options.codeHex, examiner.manifest(options.model));
    if (!outIsFile) createFolder(out);

    const Table table = makeTable();
    OutputGuard guard(files);
    if (files.empty())
        session.line("No images there.");
    else
        session.line(table.header());
    for (std::size_t i = 0; i < files.size() && !session.stopRequested(); ++i) {
        session.progress(i, files.size(), shown(files[i].filename()));
        fs::path output;
        try {
            output = outIsFile ? out : outputIn(out, files[i], options.format);
            if (outIsFile) refuseOtherEnding(files[i], out, options.format);
            guard.claim(output);
        } catch (const Error& error) {
            session.fail(files[i], error);
            continue;
        }
        WorkContext context;
        context.stop = session.stop();
        const examine::SignRecord record = examiner.sign(files[i], output, options, context);
        if (session.stopRequested() && record.error) break;  // dropped, not failed
        if (record.error || !record.verified) session.countFailure();
        session.emit(examine::toJson(record), session.json() ? std::string() : readable(record, table));
    }
    reportLeftOut(session, found.leftOut);
}

}  // namespace

void addSign(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(
        app, common, "sign", "Sign images at their own resolution, save them and check the saved files",
        "signet sign --code 5a17c0de --format png -o signed/ holiday/*.jpg\n\n"
        "visible: the CIEDE2000 difference, after the eye's low-pass at 40 pixels a degree, "
        "that 99 % of the image stays within; from about 1 a difference can be seen");
    auto arguments = std::make_shared<SignArguments>();
    sub.add_option("-m,--model", arguments->model, "Model by name or folder")->capture_default_str();
    addWritingKey(sub, arguments->key);
    sub.add_option("--code", arguments->code,
                   "Code to write, hexadecimal (default: 1 for a presence model, else a random one)");
    sub.add_option("--strength", arguments->strength, "Factor on the signature, 0.1 to 4")
        ->check(CLI::Range(0.1, 4.0))
        ->capture_default_str();
    sub.add_flag("--plain", arguments->plain,
                 "Not fitted to the picture: the injector's residual as it is; faster, reads less surely");
    sub.add_option("--format", arguments->format,
                   "Output format; keep: the input's (default: by the ending of OUT, else keep)")
        ->check(CLI::IsMember({"png", "jpg", "webp", "tiff", "keep"}));
    sub.add_option("--quality", arguments->quality, "JPEG and WebP quality, 1 to 100 (WebP 100: lossless)")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    sub.add_option(
           "--frame", arguments->frame,
           "Of files of several pages, pictures or frames: the one the signed file holds (default: such "
           "files are refused, as the others would be lost)")
        ->check(CLI::Range(1, 1'000'000));
    sub.add_option("-o,--output", arguments->out, "Output file for one input, or a folder (made if missing)")
        ->required();
    sub.add_flag("--force", arguments->force, "Replace outputs that exist");
    sub.add_option("PATH", arguments->paths, "Images, or folders of images")->required();
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { run(session, *arguments); });
    });
}

}  // namespace signet::cli
