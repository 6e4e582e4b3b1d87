#include "core/report/conclusions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/report/fingerprint_conclusions.h"
#include "core/report/keyed_conclusions.h"
#include "core/report/report_text.h"

namespace signet::report {
namespace {

using Kind = ConclusionLine::Kind;

std::string presenceText(const examine::Finding& f) {
    const examine::Claim claim = examine::claimOf(named(f));
    std::string text = fmt::format("Score {} (logit). ", decimal(f.scoreLogit, 2));
    text += f.lowerThreshold < f.threshold
                ? fmt::format("{} from {}; between {} and that the answer is inconclusive. ",
                              claim.isReported, decimal(f.threshold, 2), decimal(f.lowerThreshold, 2))
                : fmt::format("{} from {}. ", claim.isReported, decimal(f.threshold, 2));
    text += fmt::format("Answer: {}. ", examine::answerOf(named(f)));
    if (f.falsePositiveRate.n > 0 && f.isOutside()) {
        text += fmt::format(
            "The exhibit lies outside the conditions of the model's calibration: {}. How often an image like "
            "it, {}, reaches the threshold was not measured.",
            visible(fmt::format("{}", fmt::join(*f.outside, "; "))), claim.ofNegatives);
    } else if (f.falsePositiveRate.n > 0) {
        text += fmt::format(
            "Of {} calibration photographs {}, {} reached {}: false positive rate {}, "
            "one-sided "
            "95 % upper limit {}. {}",
            grouped(f.falsePositiveRate.n), claim.ofNegatives,
            std::lround(f.falsePositiveRate.value * f.falsePositiveRate.n), decimal(f.threshold, 2),
            percent(f.falsePositiveRate.value, f.falsePositiveRate.upper95),
            percent(f.falsePositiveRate.upper95),
            f.falsePositiveRate.measuredOn.empty()
                ? std::string("It holds for images like these photographs alone.")
                : fmt::format("It was measured on {}, and holds for images like them alone.",
                              visible(f.falsePositiveRate.measuredOn)));
    } else {
        text += "The model is not calibrated: its false positive rate is not known.";
    }
    if (f.presence == examine::Presence::Inconclusive) {
        text += " " + claim.ifInconclusive;
    } else if (f.presence == examine::Presence::Absent) {
        text += " " + claim.ifAbsent;
    }
    return text;
}

std::string likelihoodText(const ModelResult& r, const VerbalScale& scale) {
    const LikelihoodResult& l = r.likelihood;
    if (!l.log10Lr) return "No likelihood ratio is given: " + l.reason + ".";
    const double magnitude = *l.log10Lr;
    std::string text;
    if (std::abs(magnitude) < 0.005) {
        text = "Likelihood ratio 1: a score like this is as probable if H1 holds as if H2 holds.";
    } else {
        text = fmt::format(
            "Likelihood ratio {}: a score like this is about {} times more probable if {} holds than if {} "
            "holds.",
            ratio(magnitude), ratio(std::abs(magnitude)), magnitude > 0 ? "H1" : "H2",
            magnitude > 0 ? "H2" : "H1");
    }
    if (l.bounded)
        text += fmt::format(" This is the {} given: it is bounded by {}.",
                            magnitude > 0 ? "largest ratio" : "smallest ratio", visible(l.boundedBy));
    if (const std::string words = wordsFor(scale, magnitude); !words.empty())
        text += fmt::format(" On the scale \u201c{}\u201d: {}.", embedded(scale.name), words);
    if (magnitude < 0) {
        return text +
               " It holds only if the exhibit, had it been signed, went through nothing worse than the "
               "treatments "
               "evaluated, which its file does not show and the examiner must judge. Others, such as a "
               "quarter "
               "turn, making it grey, or regeneration, can hide a signature altogether: where one of them "
               "cannot "
               "be ruled out, that none was found has no weight.";
    }
    text += fmt::format(
        " It holds for {}; that the exhibit was treated no worse, apart from what its file shows, is for the "
        "examiner to "
        "judge.",
        l.condition);
    return text;
}

/// What else the bits read would be called a match with: the chances given are those of unrelated codes.
std::string rivalsText(const examine::CodeMatch& m) {
    if (m.rivals.empty()) return {};
    constexpr std::size_t kNamed = 3;
    std::vector<std::string> named;
    for (const auto& rival : std::span(m.rivals).first(std::min(kNamed, m.rivals.size())))
        named.push_back(fmt::format("\u201c{}\u201d ({} of {} bits, code {}{})",
                                    embedded(oneLine(rival.holder, 60)), rival.matched, m.bits, rival.hex,
                                    rival.contradicted ? "; differs in bits read with certainty" : ""));
    return fmt::format(
        "Registered codes of other holders are so like the nearest one that they too agree in more bits than "
        "unrelated codes would: {}{}. The probabilities above say nothing about which of these holders it "
        "is. ",
        fmt::join(named, ", "),
        m.rivals.size() > kNamed ? fmt::format(" and {} more", m.rivals.size() - kNamed) : "");
}

/// Whether the bits that differ speak against the registered code.
std::string differingBitsText(const examine::CodeMatch& m) {
    if (m.matched == m.bits) return {};
    if (!m.weighed) return "How surely the bits that differ were read is not known. ";
    return fmt::format(
        "Were the registered code the one embedded, and the image treated no worse than the calibration's "
        "images, errors at least as sure as these would occur with probability {}; at {} or less the bits "
        "that differ contradict the match. ",
        probability(m.log10PErrors), percent(examine::kContradictedP));
}

std::string answerText(const examine::CodeMatch& m) {
    switch (m.answer()) {
        case examine::MatchAnswer::Match:
            return "This is called a match. It is the chance of such an agreement, not the probability that "
                   "the match is wrong. ";
        case examine::MatchAnswer::Contradicted:
            return "The code read is near the registered one, but differs in bits read with certainty: no "
                   "match is named, the code stays unverified. ";
        case examine::MatchAnswer::Shared:
            return "Another holder's code agrees in as many bits: no match is named, the code stays "
                   "unverified. ";
        case examine::MatchAnswer::None:
            break;
    }
    return "This agreement is not rare enough to be called a match: the code stays unverified. ";
}

std::string codeText(const examine::Finding& f, std::int64_t registeredCodes) {
    const examine::CodeReading& code = *f.code;
    std::string text = fmt::format("{} bits were read: {}. ", code.bits, code.hex);
    if (const auto sure = codeConfidence(f))
        text += fmt::format(
            "If the image was signed and treated no worse than the calibration's images, a bit is right with "
            "probability {} on average, the least sure one with {}. ",
            confidence(sure->mean), confidence(sure->lowest));
    else
        text += "How surely each was read is not stated where no signature is reported. ";
    text += "The signature holds no check of its code. ";
    if (!f.match) {
        return text + (registeredCodes == 0
                           ? "It is unverified: no code is registered in this case to compare it with."
                           : "It is unverified: when the exhibit was examined, no code of this model and "
                             "length was registered in this case to compare it with.");
    }
    const examine::CodeMatch& m = *f.match;
    text += fmt::format("It was compared with {} registered code{}{}. ", grouped(m.searched),
                        m.searched == 1 ? "" : "s",
                        m.geometriesTried > 1 ? fmt::format(", {} geometries tried", m.geometriesTried) : "");
    text += fmt::format("The nearest, registered for \u201c{}\u201d, agrees in {} of {} bits. ",
                        embedded(oneLine(m.holder)), m.matched, m.bits);
    text += fmt::format(
        "If the bits were unrelated to it, at least so many would agree with probability {}; for the nearest "
        "of all codes and geometries tried: {}. ",
        probability(m.log10P), probability(m.log10PCorrected));
    return text + differingBitsText(m) + answerText(m) + rivalsText(m) +
           "No likelihood ratio is given for the code: how many bits are read right under H1 is not part of "
           "the calibration.";
}

std::string codeHeadline(const examine::Finding& f) {
    if (!f.code) return {};
    const auto answer = f.match ? f.match->answer() : examine::MatchAnswer::None;
    const auto holder = [&] { return embedded(oneLine(f.match->holder, 60)); };
    if (answer == examine::MatchAnswer::Match) return fmt::format(", code of \u201c{}\u201d", holder());
    if (answer == examine::MatchAnswer::Contradicted)
        return fmt::format(
            ", code unverified: near that of \u201c{}\u201d, but differs in bits read with certainty",
            holder());
    return ", code unverified";
}

std::string headlineOf(const ConclusionInput& input, bool resultsConflict) {
    if (!input.examination) return "not examined";
    if (!input.examination->done) return "could not be examined";
    std::string text;
    for (const ModelResult& r : input.results) {
        const examine::Finding& f = r.finding;
        if (!text.empty()) text += "; ";
        text += fmt::format("{}: {}", embedded(oneLine(f.model, 60)), examine::answerOf(named(f)));
        if (!r.validated) text += " (not validated)";
        text += f.keyed                               ? keyedHeadline(f)
                : f.kind == models::Kind::Fingerprint ? fingerprintHeadline(f)
                                                      : codeHeadline(f);
    }
    if (text.empty()) text = "no model was asked";
    for (const std::string& remark : examine::remarksOf(input.examination->record))
        text += "; " + embedded(oneLine(remark, 160));
    if (resultsConflict) text += "; conflict between results";
    return text;
}

void addModel(Conclusion& out, const ModelResult& r, const ConclusionInput& input, const VerbalScale& scale) {
    const examine::Finding& f = r.finding;
    if (!r.validated) {
        out.lines.push_back(
            {Kind::NoResult, f.model,
             "This model is not validated, or its weights are not the ones installed here. Its result is "
             "listed for information; no conclusion is drawn from it."});
        return;
    }
    const examine::Claim claim = examine::claimOf(named(f));
    out.propositions.push_back({f.model, claim.h1, claim.h2});
    if (f.keyed) return addKeyedConclusions(out, f, input.registeredCodes);
    if (f.kind == models::Kind::Fingerprint) return addFingerprintConclusions(out, f);
    out.lines.push_back({Kind::Presence, f.model, presenceText(f)});
    out.lines.push_back({Kind::Likelihood, f.model, likelihoodText(r, scale)});
    if (f.tiles) {
        const auto tiles = f.tiles->count();
        const bool rated = f.falsePositiveRate.n > 0 && f.isInside();
        out.lines.push_back(
            {Kind::Tiles, f.model,
             fmt::format(
                 "Of {0} overlapping tiles the highest score was {1} (logit). The false positive "
                 "rate of the best of {0} tiles is at most {0} times that of one image (Bonferroni){2}. "
                 "No likelihood ratio is given for a tile.",
                 tiles, decimal(f.tiles->best, 2),
                 rated ? fmt::format(": at most {} with the limit above",
                                     percent(std::min(1.0, tiles * f.falsePositiveRate.upper95)))
                       : ", which is not known for this exhibit")});
    }
    if (f.code) out.lines.push_back({Kind::Code, f.model, codeText(f, input.registeredCodes)});
}

/// What does not go together is shown, not merged: layers of the image, then answers. Whether any of the
/// answers do not.
bool addConflicts(Conclusion& out, const ConclusionInput& input) {
    for (const examine::Conflict& conflict : input.examination->record.conflicts)
        out.lines.push_back({Kind::Conflict, {}, embedded(oneLine(conflict.message))});
    const std::size_t layers = out.lines.size();
    int found = 0;
    int named = 0;
    for (const ModelResult& r : input.results) {
        const examine::Finding& f = r.finding;
        const bool present = f.presence == examine::Presence::Present;
        found += r.validated && present && f.kind == models::Kind::Signature;
        const bool matches = f.match && f.match->answer() == examine::MatchAnswer::Match;
        named += r.validated && matches;
        if (r.validated && matches && !present) {
            out.lines.push_back(
                {Kind::Conflict, f.model,
                 "The code agrees with a registered one although the presence score does not reach the "
                 "threshold. Both are stated above; neither overrides the other."});
        }
    }
    if (found > 1) {
        out.lines.push_back(
            {Kind::Conflict,
             {},
             "More than one model reports its own signature. The signatures are different ones; an image "
             "that carries several was signed several times, or a model answers to the pattern of "
             "another."});
    }
    if (named > 1)
        out.lines.push_back({Kind::Conflict, {}, "Codes of more than one model agree with registered ones."});
    return out.lines.size() > layers;
}

}  // namespace

std::string_view toString(ConclusionLine::Kind kind) {
    static constexpr std::array<std::string_view, 9> kNames{
        "integrity", "presence", "likelihood", "key", "code", "parts", "tiles", "conflict", "no result"};
    return kNames[static_cast<std::size_t>(kind)];
}

Conclusion conclude(const ConclusionInput& input, const VerbalScale& scale) {
    Conclusion out;
    bool resultsConflict = false;
    if (!input.integrityProblem.empty()) {
        out.lines.push_back({Kind::Integrity,
                             {},
                             fmt::format("The file is no longer the one taken in: {}. What follows relates "
                                         "to the bytes with the SHA-256 "
                                         "recorded at intake, as they were when they were examined.",
                                         embedded(shownName(input.integrityProblem)))});
    }
    if (input.exhibit.duplicateOf != 0) {
        out.lines.push_back(
            {Kind::Integrity,
             {},
             fmt::format("This exhibit has the same bytes as exhibit {}.", input.exhibit.duplicateOf)});
    }
    if (!input.examination) {
        out.lines.push_back({Kind::NoResult, {}, "This exhibit was not examined. No conclusion is drawn."});
    } else if (!input.examination->done) {
        out.lines.push_back({Kind::NoResult,
                             {},
                             fmt::format("This exhibit could not be examined: {}. No conclusion is drawn.",
                                         embedded(shownName(input.examination->problem)))});
    } else {
        for (const ModelResult& r : input.results) addModel(out, r, input, scale);
        resultsConflict = addConflicts(out, input);
    }
    out.headline = headlineOf(input, resultsConflict);
    if (!input.integrityProblem.empty()) out.headline = "INTEGRITY NOT CONFIRMED; " + out.headline;
    return out;
}

}  // namespace signet::report
