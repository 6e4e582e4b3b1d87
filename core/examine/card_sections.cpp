#include "core/examine/card_sections.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/examine/card_text.h"
#include "core/examine/drawn_check.h"
#include "core/examine/forgery.h"
#include "core/examine/removal.h"
#include "core/examine/unsigned_check.h"

namespace signet::examine {
namespace {

/// The records of a file that are of these weights. Throws Corrupt.
template <typename Record>
std::vector<Record> keptOf(const models::Manifest& manifest, const char* file,
                           Record (*fromJson)(const Json&)) {
    std::vector<Record> kept;
    try {
        for (const Json& json : keptRecords(manifest, file)) {
            Record record = fromJson(json);
            if (record.modelSha256 == manifest.weightsSha256) kept.push_back(std::move(record));
        }
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::Corrupt, error.what());
    }
    return kept;
}

/// "1 (≤ 0.94 %)"; "–" for nothing.
std::string withLimit(const std::optional<metrics::Proportion>& share) {
    return share ? fmt::format("{} (≤ {:.2f} %)", share->k, 100 * share->upper95()) : "–";
}

/// What measures these rows anew.
std::string drawnCommand(const models::Manifest& manifest, const std::vector<DrawnRow>& rows) {
    const DrawnRow& first = rows.front();
    const auto& own = std::get<models::GeneratorFields>(manifest.of);
    std::string text =
        fmt::format("signet evaluate {} --n {} --seed {}", manifest.name, first.pictures, first.seed);
    if (first.signature != own.signature) text += " --signature " + first.signature;
    if (first.codeHex != own.codeHex) text += " --code " + first.codeHex;
    std::vector<std::string> attacks;
    for (const DrawnRow& row : rows) attacks.push_back(row.attack);
    text += fmt::format(" --attacks {}", fmt::join(attacks, ","));
    if (first.real) text += " --images FOLDER";
    return text + " --keep";
}

/// Of models::RemoverFields::keys.
std::string keysInWords(const std::string& keys) {
    if (keys == "public") return " and the public key, with which these pictures are signed as well";
    if (keys == "random") return " and keys drawn at random, not knowing the one of these pictures";
    return {};
}

/// An attacker on a card: its option of `signet evaluate`, and how pictures pass it.
struct AttackerText {
    std::string option, words;
};

AttackerText attackerText(const Removal& removal) {
    const auto text = [&](const char* key) { return removal.settings.value(key, std::string()); };
    const std::string way = removal.attacker.substr(0, removal.attacker.find(':'));
    if (way == kRemoverWay)
        return {"--remover " + text("remover"),
                fmt::format("through a network that learned to take the signature of {} off,\nfrom pictures "
                            "that the attacker had signed with the program{}",
                            text("signature"), keysInWords(text("keys")))};
    if (way == kRegenerationWay)
        return {"--regenerate " + text("generator"),
                removal.settings.contains("steps")
                    ? fmt::format("drawn anew by {} from noise of so many of 1,000 steps", text("generator"))
                    : fmt::format("through {} and back", text("generator"))};
    if (way == kSurrogateWay)
        return {"--surrogate " + text("classifier"),
                fmt::format("moved by so many grey levels at most until {} takes them for \"{}\" (PGD)",
                            text("classifier"), text("taken_for"))};
    return {
        "--white-box",
        fmt::format("moved by so many grey levels at most until the detector itself finds {} (PGD with its "
                    "weights, an upper bound)",
                    way == kWhiteBoxSpoofingWay ? "the signature" : "nothing")};
}

/// value, where it is not there yet.
void addOnce(std::vector<std::string>& values, std::string value) {
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(std::move(value));
}

}  // namespace

std::string togetherText(const std::vector<EvaluationRow>& rows) {
    const AllRows together = allRows(rows);
    const FamilyRates& all = together.all;
    std::string text;
    if (all.wrongCodeRate)
        text += fmt::format(
            "Wrong codes named in all {} rows together: {} of {} treated images of {} photographs (95 % "
            "upper "
            "limit {:.3f} %).\n",
            together.rows, all.wrongCodeRate->k, all.wrongCodeRate->n, together.images,
            100 * all.wrongCodeRate->upper95());
    if (all.unsignedP) text += fmt::format("Unsigned, all rows together: {}.\n", shareText(*all.unsignedP));
    if (together.families.empty()) return text;
    std::vector<std::vector<std::string>> lines;
    for (const FamilyRates& family : together.families)
        lines.push_back({family.family, std::to_string(family.truePositives.n),
                         percent(std::optional(family.truePositives)),
                         percent(std::optional(family.falsePositives)), percent(family.exactCodeRate),
                         percent(family.wrongCodeRate)});
    return text + "\n" +
           tableOf("family, all rows", {"treated", "found", "false positives", "all bits", "wrong code"},
                   lines);
}

std::string unsignedText(const models::Manifest& manifest) {
    auto families = keptOf(manifest, kUnsignedFile, unsignedFamilyFromJson);
    if (families.empty()) return {};
    families.push_back(togetherOf(families));
    std::vector<std::vector<std::string>> lines;
    for (const UnsignedFamily& f : families) {
        auto& line = lines.emplace_back();
        line.push_back(f.set.empty() ? "all" : f.set + ": " + f.family);
        line.push_back(std::to_string(f.reported.n));
        line.push_back(withLimit(f.reported));
        for (std::size_t i = 0; i < PValueShares::kAlphas.size(); ++i)
            line.push_back(percent(f.pValues ? std::optional(f.pValues->upTo[i]) : std::nullopt));
        line.push_back(f.pValues ? fmt::format("1e{:.1f}", f.pValues->smallestLog10P) : "–");
    }
    return fmt::format(
               "`signet evaluate {} --unsigned FOLDER... --made N --keep`: images that do not carry "
               "the signature{}, as they are; the limit is the one-sided 95 % one.\n\n",
               manifest.name, families.front().otherKeys ? ", signed with other keys" : "") +
           tableOf("images", {"n", "reported", "p ≤ 0.1, %", "p ≤ 0.01, %", "p ≤ 0.001, %", "smallest p"},
                   lines);
}

std::string forgeryText(const models::Manifest& manifest) {
    const auto rows = keptOf(manifest, kForgeryFile, forgeryRowFromJson);
    if (rows.empty()) return {};
    std::vector<std::vector<std::string>> lines;
    lines.reserve(rows.size());
    for (const ForgeryRow& row : rows)
        lines.push_back({row.way == "copied" ? std::string("one picture's residual, as it is")
                                             : fmt::format("mean residual of {} pairs", row.pairs),
                         std::to_string(row.reported.n), fmt::format("{:.1f}", row.psnrDb.mean),
                         percent(std::optional(row.reported)), percent(row.theirCode),
                         percent(row.anotherCode), percent(row.asCopy),
                         percent(std::optional(row.caught()))});
    return fmt::format(
               "`signet evaluate {} --images FOLDER --forgery 5,20,100 --keep`: what a signature that "
               "is taken off signed pictures, all of one code, does on unsigned ones. Per cent.\n\n",
               manifest.name) +
           tableOf("put on other pictures",
                   {"n", "PSNR dB", "reported", "with their code", "with another", "as a copy",
                    "not reported, or as a copy"},
                   lines);
}

std::string removalText(const models::Manifest& manifest) {
    const auto rows = keptOf(manifest, kRemovalFile, removalRowFromJson);
    std::vector<std::string> options, words;
    std::vector<std::vector<std::string>> lines;
    lines.reserve(rows.size());
    for (const RemovalRow& row : rows) {
        if (row.removal) {
            AttackerText attacker = attackerText(*row.removal);
            addOnce(options, std::move(attacker.option));
            addOnce(words, std::move(attacker.words));
        }
        lines.push_back(
            {row.attack, std::to_string(row.truePositives.n), fmt::format("{:.1f}", row.quality.psnrDb.mean),
             row.removal ? fmt::format("{:.1f}", row.removal->psnrToSignedDb.mean) : "–",
             percent(std::optional(row.truePositives)), percent(std::optional(row.falsePositives)),
             percent(row.exactCodeRate), percent(row.wrongCodeRate)});
    }
    if (options.empty()) return {};
    return fmt::format(
               "`signet evaluate {} --images FOLDER {} --keep`: signed and unsigned pictures {}. PSNR is of "
               "the signed pictures before what follows the `+`: to the originals, it\nsays whether the "
               "signature was removed or the picture ruined. Per cent.\n\n",
               manifest.name, fmt::join(options, " "), fmt::join(words, ";\n")) +
           tableOf("attack",
                   {"n", "PSNR dB to the original", "to the signed", "signed, found", "unsigned, reported",
                    "all bits right", "wrong code named"},
                   lines);
}

std::string drawnText(const models::Manifest& manifest) {
    const auto rows = keptOf(manifest, kDrawnFile, drawnRowFromJson);
    if (rows.empty()) return {};
    const DrawnRow& first = rows.front();
    std::string text = fmt::format(
        "`{}`: {} pictures that it drew, 8-bit, read by the detector of `{}` (weights SHA-256 `{}`)",
        drawnCommand(manifest, rows), grouped(first.drawn.pictures()), first.signature,
        first.signatureSha256);
    if (!first.codeHex.empty()) text += fmt::format(" for the code `{}`", first.codeHex);
    text += first.threshold ? fmt::format(". Found: at its threshold, {:.4g}, or above", *first.threshold)
                            : std::string(". Its detector has no calibration, hence no threshold");
    if (first.drawn.aboveZero) text += "; above 0: by a score above 0";
    if (first.real)
        text += fmt::format(
            ". Unsigned: {} real pictures reduced to {} px, one an original, through the same (file list "
            "SHA-256 "
            "`{}`)",
            grouped(first.real->pictures()), manifest.resolution, first.imagesSha256);
    return text +
           ". Per cent with 95 % intervals\n(Clopper–Pearson; bits: Student's t over pictures); limits are "
           "one-sided, 95 %.\n\n" +
           attackTable<DrawnRow>(
               "treated",
               {{"found", [](const DrawnRow& r) { return percent(r.drawn.reported); }},
                {"unsigned, found",
                 [](const DrawnRow& r) { return withLimit(r.real ? r.real->reported : std::nullopt); }},
                {"above 0", [](const DrawnRow& r) { return percent(r.drawn.aboveZero); }},
                {"unsigned, above 0",
                 [](const DrawnRow& r) { return withLimit(r.real ? r.real->aboveZero : std::nullopt); }},
                {"bits right", [](const DrawnRow& r) { return percent(r.bitAccuracy); }},
                {"all bits right", [](const DrawnRow& r) { return percent(r.exactCodeRate); }},
                {"wrong code named", [](const DrawnRow& r) { return percent(r.wrongCodeRate); }}},
               rows);
}

}  // namespace signet::examine
