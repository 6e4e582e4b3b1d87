#include <fmt/format.h>

#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/cli/commands.h"
#include "app/cli/evaluate_generator.h"
#include "app/cli/inputs.h"
#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/examine/evaluation.h"
#include "core/examine/forgery.h"
#include "core/examine/loaded_models.h"
#include "core/examine/removal.h"
#include "core/examine/unsigned_check.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/roc.h"
#include "core/metrics/roc_plot.h"
#include "core/removal/attackers.h"

namespace signet::cli {
namespace {

struct EvaluateArguments {
    std::string model;
    examine::EvaluationOptions options;
    std::string plot;
    bool calibrate = false;
    bool force = false;
    std::vector<std::string> unsignedFolders;
    int made = 0;
    bool otherKeys = false;
    std::vector<int> forgery;
    removal::AttackerOptions attackers;
    std::string signature;  ///< of a generator: whose detector reads
    std::string codeHex;    ///< of a generator: what is looked for

    bool checksUnsigned() const { return !unsignedFolders.empty() || made > 0; }
};

// Options that only one of the two kinds of models has stand in a group of their own.
constexpr const char* kOfSignatures = "Of a signature, or another model that examines";
constexpr const char* kOfGenerators = "Of a generator";

void requireOptionsOf(const CLI::App& sub, const models::Manifest& model) {
    const std::string others = model.kind() == models::Kind::Generator ? kOfSignatures : kOfGenerators;
    for (const CLI::Option* option : sub.get_options())
        if (option->get_group() == others && option->count() > 0)
            throw Error(ErrorCode::BadOption, fmt::format("{} is not for a model of kind \"{}\"",
                                                          option->get_name(), toString(model.kind())));
}

std::string percent(std::optional<double> share) {
    return share ? fmt::format("{:.2f}", 100 * *share) : "-";
}

std::string percent(const std::optional<metrics::Proportion>& share) {
    return percent(share && share->n > 0 ? std::optional(share->value()) : std::nullopt);
}

std::string readable(const examine::PValueShares& shares) {
    std::string text;
    for (std::size_t i = 0; i < shares.upTo.size(); ++i)
        text += fmt::format("p <= {}: {} of {} ({} %)  ", examine::PValueShares::kAlphas[i], shares.upTo[i].k,
                            shares.n(), percent(std::optional(shares.upTo[i])));
    return text + fmt::format("smallest 1e{:.1f}", shares.smallestLog10P);
}

std::string readable(const examine::EvaluationRow& r) {
    return fmt::format(
        "{:<40} n {:>4}  PSNR {:.2f} dB  visible {:.2f}  presence {:>6} %  AUC {:.5f}  TPR {:>6} %  bits "
        "{:>6} %  code TPR "
        "{:>6} %  exact {:>6} %",
        r.attack, r.truePositives.n, r.quality.psnrDb.mean, r.quality.visibleP99.mean,
        percent(std::optional(r.presenceAccuracy)), r.auc,
        percent(r.tprAtFpr ? r.tprAtFpr->found : std::nullopt),
        percent(r.bitAccuracy ? std::optional(r.bitAccuracy->mean) : std::nullopt),
        percent(r.codeTprAtFpr ? std::optional(r.codeTprAtFpr->found) : std::nullopt),
        percent(r.exactCodeRate));
}

/// "3 of 250 (1.20 %; 95 % limit 3.06 %)"
std::string counted(const metrics::Proportion& share) {
    return fmt::format("{} of {} ({} %; 95 % limit {:.2f} %)", share.k, share.n,
                       percent(std::optional(share)), 100 * share.upper95());
}

std::string readable(const examine::UnsignedFamily& family) {
    const std::string name =
        family.set.empty() ? std::string("all together") : family.set + ": " + family.family;
    const std::string text = fmt::format("{:<28} reported {}", name, counted(family.reported));
    return family.pValues ? text + "  " + readable(*family.pValues) : text;
}

std::string readable(const examine::ForgeryRow& row) {
    std::string text = fmt::format("{:<8} {:>4} pairs  {:.2f} dB  reported {}", row.way, row.pairs,
                                   row.psnrDb.mean, counted(row.reported));
    if (row.theirCode) text += fmt::format("  with their code {} %", percent(row.theirCode));
    if (row.anotherCode) text += fmt::format("  with another {} %", percent(row.anotherCode));
    return row.asCopy ? text + fmt::format("  as a copy {} %", percent(row.asCopy)) : text;
}

std::string readable(const examine::RemovalRow& row) {
    const std::string text = readable(static_cast<const examine::EvaluationRow&>(row));
    if (!row.removal) return text;
    return text + fmt::format("  PSNR to the signed {:.2f} dB  to the unsigned {:.2f} dB  {:.2f} s a picture",
                              row.removal->psnrToSignedDb.mean, row.removal->psnrToUnsignedDb.mean,
                              row.removal->secondsPerPicture);
}

std::string readable(const examine::AllRows& all) {
    const examine::FamilyRates& rates = all.all;
    std::string text = fmt::format("all {} rows of {} images: found {} %", all.rows, all.images,
                                   percent(std::optional(rates.truePositives)));
    if (rates.exactCodeRate) text += fmt::format("  exact {} %", percent(rates.exactCodeRate));
    if (rates.wrongCodeRate) text += "  wrong codes " + counted(*rates.wrongCodeRate);
    return rates.unsignedP ? text + "\n  unsigned: " + readable(*rates.unsignedP) : text;
}

/// One curve an attack, on a logarithmic false positive axis.
void writePlot(const std::filesystem::path& path, const std::vector<examine::EvaluationRow>& rows,
               bool force) {
    metrics::RocPlot plot;
    plot.title = "Presence under attack";
    plot.logFpr = true;
    for (const auto& row : rows) {
        std::vector<double> scores(row.signedScores.begin(), row.signedScores.end());
        std::vector<int> labels(scores.size(), 1);
        scores.insert(scores.end(), row.unsignedScores.begin(), row.unsignedScores.end());
        labels.resize(scores.size(), 0);
        const auto roc = metrics::computeRoc(scores, labels);
        plot.minFpr = 0.5 / static_cast<double>(roc.negatives);  // the left edge stands for no false positive
        plot.curves.push_back({.name = fmt::format("{} (AUC {:.4f})", row.attack, roc.auc),
                               .points = roc.points,
                               .marked = std::nullopt});
    }
    plot.caption = {fmt::format("n = {} signed and {} unsigned images an attack",
                                rows.front().signedScores.size(), rows.front().unsignedScores.size())};
    writeFileAtomically(path,
                        path.extension() == ".png" ? metrics::rocPlotPng(plot) : metrics::rocPlotPdf(plot),
                        force ? IfExists::Replace : IfExists::Refuse);
}

void warnOf(Session& session, const std::vector<std::string>& warnings) {
    for (const auto& warning : warnings) {
        spdlog::warn("left out: {}", warning);
        session.countFailure();
    }
}

void runCalibration(Session& session, const EvaluateArguments& arguments, const models::Manifest& manifest,
                    const examine::Examiner::Options& setup) {
    const Json record = examine::calibrate(manifest, arguments.options.images, setup, session.context());
    session.emit(record, record.dump(2));
}

void runUnsigned(Session& session, const EvaluateArguments& arguments, const models::Manifest& manifest,
                 const examine::Examiner::Options& setup) {
    const examine::UnsignedOptions options{.folders = toPaths(arguments.unsignedFolders),
                                           .made = arguments.made,
                                           .limit = arguments.options.limit,
                                           .otherKeys = arguments.otherKeys,
                                           .seed = arguments.options.seed,
                                           .keep = arguments.options.keep};
    examine::LoadedModel model = examine::loadCalibrated(manifest, setup);
    std::vector<std::string> warnings;
    auto families =
        examine::checkUnsigned(model, options, examine::threadsOf(setup), session.context(), &warnings);
    if (families.size() > 1) families.push_back(examine::togetherOf(families));
    for (const auto& family : families) session.emit(examine::toJson(family), readable(family));
    warnOf(session, warnings);
}

void runForgery(Session& session, const EvaluateArguments& arguments, const models::Manifest& manifest,
                const examine::Examiner::Options& setup) {
    examine::ForgeryOptions options{.images = arguments.options.images,
                                    .pairs = arguments.forgery,
                                    .side = arguments.options.side,
                                    .limit = arguments.options.limit,
                                    .embedding = arguments.options.embedding,
                                    .seed = arguments.options.seed,
                                    .keep = arguments.options.keep};
    examine::LoadedModel model = examine::loadCalibrated(manifest, setup);
    std::vector<std::string> warnings;
    if (model.injector().isKeyed()) options.copies = examine::registerOfPictures();
    for (const auto& row :
         examine::measureForgery(model, options, examine::threadsOf(setup), session.context(), &warnings))
        session.emit(examine::toJson(row), readable(row));
    warnOf(session, warnings);
}

void runRemoval(Session& session, const EvaluateArguments& arguments, const models::Manifest& manifest,
                const examine::Examiner::Options& setup) {
    examine::EvaluationOptions options = arguments.options;
    options.perceptualWeights = metrics::findFeatureWeights(setup.workspace);
    examine::LoadedModel model = examine::loadCalibrated(manifest, setup);
    const auto attackers = removal::makeAttackers(arguments.attackers, manifest, setup);
    std::vector<std::string> warnings;
    const auto rows = examine::measureRemoval(model, attackers, options, examine::threadsOf(setup),
                                              session.context(), &warnings);
    for (const auto& row : rows) session.emit(examine::toJson(row), readable(row));
    warnOf(session, warnings);
    if (!arguments.plot.empty()) writePlot(arguments.plot, {rows.begin(), rows.end()}, arguments.force);
}

void runDrawn(Session& session, const EvaluateArguments& arguments, const models::Manifest& generator) {
    examine::DrawnOptions options{.seed = arguments.options.seed,
                                  .images = arguments.options.images,
                                  .codeHex = arguments.codeHex,
                                  .keep = arguments.options.keep};
    if (arguments.options.limit > 0) options.pictures = static_cast<std::uint64_t>(arguments.options.limit);
    if (!arguments.options.attacks.empty()) options.attacks = arguments.options.attacks;
    warnOf(session, evaluateGenerator(session, generator, arguments.signature, options));
}

void runGrid(Session& session, const EvaluateArguments& arguments, const models::Manifest& manifest,
             const examine::Examiner::Options& setup) {
    std::vector<std::string> warnings;
    const auto rows = examine::evaluate(
        manifest, arguments.options, setup,
        [&](const examine::EvaluationRow& row) { session.emit(examine::toJson(row), readable(row)); },
        session.context(), &warnings);
    if (rows.size() > 1) {
        const auto all = examine::allRows(rows);
        session.emit(examine::toJson(all), readable(all));
    }
    warnOf(session, warnings);
    reportLeftOut(session, image::findImages({arguments.options.images}, {}).leftOut);
    if (!arguments.plot.empty()) writePlot(arguments.plot, rows, arguments.force);
}

/// The options that name an attacker each.
std::vector<CLI::Option*> addAttackers(CLI::App& sub, removal::AttackerOptions& options) {
    std::vector<CLI::Option*> attackers{
        sub.add_option(
            "--remover", options.remover,
            "Instead: name or folder of a remover (signet train remover). Each attack of --attacks (else "
            "none and jpeg:75) is measured without and after it, signed and unsigned images alike, with the "
            "PSNR of what it leaves to the original and to the signed image, and its time. The attacker has "
            "the signing program and, where the remover was trained with key=public, the key"),
        sub.add_option(
            "--regenerate", options.generator,
            "The same after images are drawn anew by a model that knows nothing of the signature: an "
            "autoencoder, encoded and decoded once, or a diffusion (adm, ldm), of --steps of noise and back; "
            "in overlapping tiles of the side the model was trained on"),
        sub.add_option(
            "--surrogate", options.surrogate,
            "The same after PGD of 100 steps against a classifier that the attacker trained (signet train "
            "classifier UNSIGNED SIGNED, in this order), until it takes them for unsigned"),
        sub.add_flag(
            "--white-box", options.whiteBox,
            "The same after PGD of 100 steps against the model's own detector, once to remove a signature "
            "and once to forge one with its code: an upper bound. Several attackers may be given; --keep "
            "replaces what was kept of others (removal.jsonl)")};
    sub.add_option("--steps", options.steps,
                   "Of --regenerate with a diffusion: how many of 1000 steps of noise, comma-separated "
                   "(else 40,100,200); of a model with another number of steps the same share")
        ->delimiter(',');
    sub.add_option("--eps", options.eps,
                   "Of --surrogate and --white-box: grey levels that a sample changes by at most, "
                   "comma-separated (else 2,4,8,12)")
        ->delimiter(',');
    return attackers;
}

}  // namespace

void addEvaluate(CLI::App& app, CommonOptions& common, int& status) {
    auto& sub =
        addSubcommand(app, common, "evaluate",
                      "Signs and attacks the images of a folder and measures presence and code; of a secured "
                      "generator, has its signature's detector read what it draws, and unsigned images",
                      "signet evaluate photo-keyed32 --images photos_test --attacks none,jpeg:50,crop:0.5\n"
                      "  signet evaluate secured-cats --n 1000 --images cats_test --keep");
    auto arguments = std::make_shared<EvaluateArguments>();
    sub.add_option("model", arguments->model, "Name of a model, or its folder")->required();
    auto* images =
        sub.add_option("--images", arguments->options.images, "Folder of images the model has not seen");
    sub.add_option("--attacks", arguments->options.attacks,
                   "Comma-separated attacks instead of a grid's.\n" + attacks::perturbationHelp());
    sub.add_option("--n", arguments->options.limit,
                   "At most this many images; of a generator so many pictures are drawn (default: 1000)");
    sub.add_option("--seed", arguments->options.seed, "Of the codes, the attacks and what is drawn")
        ->capture_default_str();
    sub.add_flag("--force", arguments->force, "Replaces an existing plot");
    sub.add_flag(
        "--keep", arguments->options.keep,
        "Keeps the records with the model (evaluation.jsonl) and marks it validated: needs a "
        "calibration, a grid, and images outside the model's list of training files. Of a generator: "
        "keeps them (drawn.jsonl) for its card");
    sub.option_defaults()->group(kOfSignatures);
    sub.add_option("--grid", arguments->options.grid,
                   "Number of the grid of attacks: 1 is that of models evaluated before there was another")
        ->capture_default_str();
    sub.add_option("--side", arguments->options.side,
                   "Short side the images are reduced to, then cut to a square; 0: as they are")
        ->capture_default_str();
    sub.add_option("--fpr", arguments->options.fpr, "False positive rate of tpr_at_fpr")
        ->capture_default_str();
    sub.add_option("--strength", arguments->options.embedding.strength, "Factor on the residual")
        ->capture_default_str();
    sub.add_flag("!--plain", arguments->options.embedding.informed,
                 "Not fitted to the picture: the injector's residual as it is");
    sub.add_option("--plot", arguments->plot, "Writes the ROC curve over all attacks, .pdf or .png");
    auto* calibrate = sub.add_flag(
        "--calibrate", arguments->calibrate,
        "Instead: sets the model's thresholds on the calibration part of the folder (by manifest.csv)");
    auto* unsignedFolders = sub.add_option(
        "--unsigned", arguments->unsignedFolders,
        "Instead: only checks these folders of images without the signature, as they are, and counts what is "
        "reported, by family (sub-folder, or what stands before _ in a name)");
    auto* made = sub.add_option("--made", arguments->made,
                                "Instead, or as well: so many made pictures each of flats, gratings, noise, "
                                "drawings and scans")
                     ->check(CLI::Range(1, 1'000'000));
    sub.add_flag("--other-keys", arguments->otherKeys,
                 "With these two: signs each image with a key drawn for it, which is not the one looked for");
    auto* forgery =
        sub.add_option("--forgery", arguments->forgery,
                       "Instead: puts the mean residual of so many signed images (comma-separated), "
                       "and that of one, on others at 46 dB, and counts what is reported")
            ->delimiter(',');
    for (auto* option : {unsignedFolders, made}) option->excludes(images)->excludes(forgery);
    for (auto* attacker : addAttackers(sub, arguments->attackers))
        for (auto* option : {unsignedFolders, made, forgery, calibrate}) option->excludes(attacker);
    sub.option_defaults()->group(kOfGenerators);
    sub.add_option(
        "--signature", arguments->signature,
        "Name or folder of the signature whose detector reads what it draws (default: the one that "
        "it was secured with)");
    sub.add_option("--code", arguments->codeHex,
                   "The code that is looked for, hexadecimal (default: its own)");
    sub.callback([arguments, &common, &status, &sub] {
        status = runCommand(common, [&](Session& session) {
            const examine::Examiner::Options setup{
                .device = common.device, .threads = common.threads, .workspace = common.workspaceFolder()};
            const auto manifest = models::findModel(arguments->model, setup.workspace);
            requireOptionsOf(sub, manifest);
            if (manifest.kind() == models::Kind::Generator) return runDrawn(session, *arguments, manifest);
            arguments->attackers.validate();
            if (arguments->checksUnsigned()) return runUnsigned(session, *arguments, manifest, setup);
            if (arguments->options.images.empty())
                throw Error(ErrorCode::BadOption, "--images is required, or --unsigned or --made");
            if (arguments->calibrate) return runCalibration(session, *arguments, manifest, setup);
            if (arguments->attackers.any()) return runRemoval(session, *arguments, manifest, setup);
            if (!arguments->forgery.empty()) return runForgery(session, *arguments, manifest, setup);
            runGrid(session, *arguments, manifest, setup);
        });
    });
}

}  // namespace signet::cli
