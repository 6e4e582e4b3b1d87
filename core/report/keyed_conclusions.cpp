#include "core/report/keyed_conclusions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/report/report_text.h"

namespace signet::report {
namespace {

using Kind = ConclusionLine::Kind;
using examine::KeyedEvidence;
using examine::Presence;
using Part = KeyedEvidence::Region;

std::string keyOf(const KeyedEvidence& keyed) {
    return embedded(oneLine(keyed.keyFingerprint, 40));
}

std::string holderOf(const std::string& holder, std::size_t maxCharacters = 1000) {
    return fmt::format("\u201c{}\u201d", embedded(oneLine(holder, maxCharacters)));
}

std::string pValueText(const examine::Finding& f) {
    const KeyedEvidence& keyed = *f.keyed;
    const examine::Claim claim = examine::claimOf(named(f));
    const bool many = keyed.keysTried > 1;
    std::string text = fmt::format(
        "p-value {}. It is the probability that {} drawn at random, of which the image knows nothing, would "
        "fit it at least as well. It holds for this very image, whatever it shows and however it was "
        "treated, "
        "and rests on no calibration. It is corrected for everything that was tried: {}, all codes{}. It is "
        "not the probability that the image is "
        "unsigned, nor that this answer is wrong: these depend on the other evidence in the case too. ",
        probability(keyed.log10P),
        many ? fmt::format("any of {} keys", grouped(keyed.keysTried)) : std::string("a key"),
        keyed.trials == 1 ? std::string("one geometry, the image as it is shown")
                          : grouped(keyed.trials) + " geometries (positions, sizes, turns, mirror images)",
        many ? fmt::format(" and {} keys", grouped(keyed.keysTried)) : "");
    if (keyed.rankP)
        text += fmt::format(
            "As a check by counting: of this key and of random ones, a share of {} has a synchronisation "
            "pattern that fits at least as well. ",
            probability(std::log10(*keyed.rankP)));
    text += fmt::format("{} at {} or less; from there to {} the answer is inconclusive. Answer: {}. ",
                        claim.isReported, probability(-f.threshold), probability(-f.lowerThreshold),
                        examine::answerOf(named(f)));
    if (f.falsePositiveRate.n > 0)
        text += fmt::format(
            "Measured beside it: of {} photographs without a signature {} got such an answer. ",
            grouped(f.falsePositiveRate.n), std::lround(f.falsePositiveRate.value * f.falsePositiveRate.n));
    if (f.presence == Presence::Inconclusive) text += claim.ifInconclusive + " ";
    if (f.presence == Presence::Absent) text += claim.ifAbsent + " ";
    return text +
           "No likelihood ratio is given: how probable so good a fit is in a signed image depends on how the "
           "image was treated, which its file does not show.";
}

std::string keyText(const examine::Finding& f) {
    const KeyedEvidence& keyed = *f.keyed;
    std::string text =
        fmt::format("{}{}. A fingerprint names a key and tells nothing of it; the key stands in no report. ",
                    f.presence == Presence::Inconclusive && keyed.keysTried > 1
                        ? "Of the keys tried the one that fits best has the fingerprint "
                        : "The key has the fingerprint ",
                    keyOf(keyed));
    text += keyed.publicKey
                ? "It is the public key, which everybody has: anybody can sign with it, any code, so that "
                  "nothing follows about who signed the image. "
                : "With it alone a signature like this one is written: who had the key, and whether it was "
                  "kept secret, is not part of this examination. ";
    return text +
           "A signature can also be carried from a signed image to another one, without the key: whether it "
           "belongs to this picture shows in a register of what was signed.";
}

/// How a code that passed its check compares with the registered ones: bit by bit, and equal or not.
std::string equalityText(const examine::Finding& f, std::int64_t registeredCodes) {
    if (!f.match)
        return registeredCodes == 0
                   ? "No code is registered in this case to compare it with."
                   : "When the exhibit was examined, no code of this model and length was registered in this "
                     "case to compare it with.";
    const examine::CodeMatch& m = *f.match;
    const std::string compared =
        fmt::format("{} registered code{}", grouped(m.searched), m.searched == 1 ? "" : "s");
    const std::string whoWrote = f.keyed->publicKey
                                     ? "Whom it is registered for does not say who wrote it: with the public "
                                       "key anybody can."
                                     : "Whom it is registered for does not say who wrote it.";
    switch (m.answer()) {
        case examine::MatchAnswer::Match:
            return fmt::format(
                "It was compared with {}. It is the one registered for {}: all {} bits agree. This is called "
                "a match. {}",
                compared, holderOf(m.holder), m.bits, whoWrote);
        case examine::MatchAnswer::Shared: {
            std::vector<std::string> holders{holderOf(m.holder, 60)};
            for (const auto& rival : m.rivals) holders.push_back(holderOf(rival.holder, 60));
            return fmt::format(
                "It was compared with {}. It is registered for more than one holder, {}: no match is named. "
                "{}",
                compared, fmt::join(holders, ", "), whoWrote);
        }
        default:
            return fmt::format(
                "It was compared with {} and is none of them: the nearest, registered for {}, agrees in {} "
                "of {} bits. A code that passed its check is the registered one or another one; no match is "
                "named.",
                compared, holderOf(m.holder), m.matched, m.bits);
    }
}

std::string checkedCodeText(const examine::Finding& f, std::int64_t registeredCodes) {
    if (!f.code)
        return "The signature is present and its code not readable: none passes its check, so that none is "
               "named, and none compared with registered ones.";
    return fmt::format(
        "{} bits were read: {}. The signature holds a check of its code, and it held: that an image which "
        "knows nothing of the key gives any code at all has a probability of {}, corrected for all codes and "
        "readings. {}",
        f.code->bits, f.code->hex, probability(f.keyed->log10PCode), equalityText(f, registeredCodes));
}

std::string sharePercent(double share) {
    return fmt::format("{:.0f}", 100 * share);
}

double areaOf(const Part& part) {
    double twice = 0;
    for (std::size_t i = 0; i < part.outline.size(); ++i) {
        const auto& a = part.outline[i];
        const auto& b = part.outline[(i + 1) % part.outline.size()];
        twice += a[0] * b[1] - b[0] * a[1];
    }
    return std::abs(twice) / 2;
}

/// "12 to 60 %": along one side of the image.
std::string extentOf(const Part& part, std::size_t side) {
    const auto [low, high] = std::minmax_element(part.outline.begin(), part.outline.end(),
                                                 [&](auto& a, auto& b) { return a[side] < b[side]; });
    return fmt::format("{} to {} %", sharePercent((*low)[side]), sharePercent((*high)[side]));
}

std::string partsText(const KeyedEvidence& keyed) {
    std::string text;
    for (std::size_t i = 0; i < keyed.regions.size(); ++i) {
        const Part& part = keyed.regions[i];
        if (part.outline.empty()) continue;
        text += fmt::format(
            "Part {} covers {} % of the image, from {} of its width and {} of its height: p-value {}, {}. ",
            i + 1, sharePercent(areaOf(part)), extentOf(part, 0), extentOf(part, 1),
            probability(keyed.log10POf(part)),
            part.codeHex.empty() ? "code not readable" : "code " + embedded(oneLine(part.codeHex, 100)));
    }
    if (keyed.regions.size() > 1)
        text +=
            "The parts were found one after another, those before blanked out: the p-value of a further one "
            "holds if the image as a whole knows nothing of the key, and is else that of the rest by "
            "itself. ";
    return text + "An outline follows where the pattern is found, not the edges of what is shown.";
}

std::string keyedTilesText(const examine::Finding& f) {
    const double best = -f.tiles->best;
    return fmt::format(
        "Of {0} overlapping tiles the least p-value was {1}; for the best of {0} tiles it is at most {2} "
        "(Bonferroni).",
        f.tiles->count(), probability(best),
        probability(std::min(0.0, best + std::log10(std::max(1, f.tiles->count())))));
}

}  // namespace

void addKeyedConclusions(Conclusion& out, const examine::Finding& f, std::int64_t registeredCodes) {
    const bool reported = f.presence == Presence::Present;
    out.lines.push_back({Kind::Presence, f.model, pValueText(f)});
    if (f.presence != Presence::Absent) out.lines.push_back({Kind::Key, f.model, keyText(f)});
    if (f.code || reported) out.lines.push_back({Kind::Code, f.model, checkedCodeText(f, registeredCodes)});
    if (!f.keyed->regions.empty()) out.lines.push_back({Kind::Parts, f.model, partsText(*f.keyed)});
    if (f.tiles) out.lines.push_back({Kind::Tiles, f.model, keyedTilesText(f)});
}

std::string keyedHeadline(const examine::Finding& f) {
    if (f.presence != Presence::Present) return {};
    std::string text = fmt::format(", key {}{}", keyOf(*f.keyed), f.keyed->publicKey ? " (public)" : "");
    if (!f.code) return text;
    text += ", code " + f.code->hex;
    if (f.match && f.match->answer() == examine::MatchAnswer::Match)
        text += " of " + holderOf(f.match->holder, 60);
    return text;
}

}  // namespace signet::report
