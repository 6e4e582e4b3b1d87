#include "core/report/fingerprint_conclusions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <vector>

#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/report/report_text.h"

namespace signet::report {
namespace {

using Kind = ConclusionLine::Kind;
using examine::CodeMatch;
using examine::Presence;

std::string holderOf(const std::string& holder, std::size_t maxCharacters = 1000) {
    return fmt::format("\u201c{}\u201d", embedded(oneLine(holder, maxCharacters)));
}

std::string pValueText(const examine::Finding& f) {
    const examine::Claim claim = examine::claimOf(named(f));
    if (!f.match)
        return "No instance of this model was registered where the exhibit was examined: there was nothing "
               "to "
               "compare what the decoder read with, and nothing follows.";
    const CodeMatch& m = *f.match;
    std::string text = fmt::format(
        "p-value {}. It is the probability that the nearest of {} registered instance{} agrees in at least "
        "{} of "
        "{} bits with a code whose bits are drawn evenly and independently, as those read off an image that "
        "no "
        "instance drew are taken to be. It is not the probability that no instance drew the image, nor that "
        "this "
        "answer is wrong: these depend on the other evidence in the case too. ",
        probability(m.log10PCorrected), grouped(m.searched), m.searched == 1 ? "" : "s", m.matched, m.bits);
    text += fmt::format("{} at {} or less; from there to {} the answer is inconclusive. Answer: {}. ",
                        claim.isReported, probability(-f.threshold), probability(-f.lowerThreshold),
                        examine::answerOf(named(f)));
    if (f.falsePositiveRate.n > 0)
        text += fmt::format("Measured beside it: of {} images {} {} got such an answer. ",
                            grouped(f.falsePositiveRate.n), claim.ofNegatives,
                            std::lround(f.falsePositiveRate.value * f.falsePositiveRate.n));
    if (f.presence == Presence::Inconclusive) text += claim.ifInconclusive + " ";
    if (f.presence == Presence::Absent) text += claim.ifAbsent + " ";
    return text +
           "No likelihood ratio is given: how many bits are read right of a picture that an instance drew "
           "depends "
           "on how the picture was treated, which its file does not show.";
}

std::string instanceText(const CodeMatch& m) {
    std::string text = fmt::format(
        "Instance {} was issued to {}; {} of {} bits of its code agree with those read. Who drew the image "
        "with "
        "it, and whether the instance was kept from others, is not part of this examination. ",
        m.instance, holderOf(m.holder), m.matched, m.bits);
    if (m.revoked) text += "The instance has been revoked since. ";
    if (m.rivals.empty()) return text;
    std::vector<std::string> holders;
    for (const auto& rival : m.rivals)
        holders.push_back(
            fmt::format("{} ({} of {} bits)", holderOf(rival.holder, 60), rival.matched, m.bits));
    return text +
           fmt::format(
               "Instances of other holders agree in so many bits that they would be reported as well: {}. "
               "Which of them it is, is not said.",
               fmt::join(holders, ", "));
}

}  // namespace

void addFingerprintConclusions(Conclusion& conclusion, const examine::Finding& finding) {
    conclusion.lines.push_back({Kind::Presence, finding.model, pValueText(finding)});
    if (finding.match && finding.presence == Presence::Present)
        conclusion.lines.push_back({Kind::Code, finding.model, instanceText(*finding.match)});
}

std::string fingerprintHeadline(const examine::Finding& finding) {
    if (!finding.match || finding.presence != Presence::Present) return {};
    const CodeMatch& m = *finding.match;
    if (!m.rivals.empty()) return ", of several holders";
    return fmt::format(", instance {} of {}{}", m.instance, holderOf(m.holder, 60),
                       m.revoked ? " (revoked)" : "");
}

}  // namespace signet::report
