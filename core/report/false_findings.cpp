#include "core/report/false_findings.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "core/metrics/intervals.h"
#include "core/report/report_content.h"
#include "core/report/report_text.h"

namespace signet::report {

FalseFindings expectedFalseFindings(std::span<const ExhibitContent> exhibits) {
    struct Measured {
        const ModelResult* result = nullptr;
        int answers = 0;
    };
    std::map<std::pair<std::string, std::string>, Measured> models;
    FalseFindings expected;
    for (const ExhibitContent& e : exhibits) {
        bool asked = false;
        for (const ModelResult& r : e.results) {
            if (!r.validated || r.finding.kind != models::Kind::Signature) continue;
            asked = true;
            if (r.finding.keyed) {
                ++expected.keyedAnswers;
                expected.keyedBound += std::pow(10, -r.finding.threshold);
                continue;
            }
            if (r.finding.falsePositiveRate.n <= 0 || !r.finding.isInside()) {
                ++expected.outside;
                continue;
            }
            Measured& model = models[{r.finding.model, r.finding.modelSha256}];
            model.result = &r;
            ++model.answers;
            ++expected.answers;
        }
        expected.exhibits += asked;
    }
    expected.models = static_cast<int>(models.size());
    for (const auto& [name, model] : models) {
        const auto photographs = model.result->finding.falsePositiveRate.n;
        const auto reached = std::lround(model.result->finding.falsePositiveRate.value * photographs);
        expected.bound +=
            model.answers * metrics::clopperPearsonUpper(reached, photographs, 0.05 / expected.models);
    }
    return expected;
}

std::string falseFindingsText(const FalseFindings& f) {
    if (f.exhibits == 0) return {};
    const auto counted = [](int n, const char* what) {
        return fmt::format("{} {}{}", grouped(n), what, n == 1 ? "" : "s");
    };
    std::string text;
    if (f.answers > 0) {
        text = fmt::format(
            "Were none of these exhibits signed, at most {:.2g} false finding{} of a signature would be to "
            "be "
            "expected among the {} of {} on {}: the sum of the models' upper limits of the false positive "
            "rate, which hold together with 95 % confidence. The sum holds whether or not the answers depend "
            "on each other, for images like those of the calibrations. ",
            f.bound, f.bound == 1 ? "" : "s", counted(f.answers, "answer"), counted(f.models, "model"),
            counted(f.exhibits, "exhibit"));
    }
    if (f.keyedAnswers > 0)
        text += fmt::format(
            "If none of these exhibits, nor what they were made from, was signed with the keys tried, at "
            "most {} false findings of a keyed signature are to be expected among the {} of such models: the "
            "p-value up to which one is reported, summed. That holds whatever the exhibits show. ",
            probability(std::log10(f.keyedBound)), counted(f.keyedAnswers, "answer"));
    if (f.outside > 0)
        text += fmt::format(
            "{} on exhibits outside a calibration's conditions, or examined by a version that did not record "
            "whether they are, {} not in this number: no rate is known for {}.",
            counted(f.outside, "answer"), f.outside == 1 ? "is" : "are", f.outside == 1 ? "it" : "them");
    return text;
}

}  // namespace signet::report
