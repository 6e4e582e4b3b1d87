#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "core/examine/claim.h"
#include "core/examine/conditions.h"
#include "core/image/decode.h"
#include "core/report/document_sections.h"
#include "core/report/markdown.h"
#include "core/report/report_text.h"
#include "core/report/words.h"

namespace signet::report {
namespace {

std::string joined(const std::set<std::string>& values) {
    return values.empty() ? "–" : visible(fmt::format("{}", fmt::join(values, "\n")));
}

Picture tippettPicture(const ModelContent& model) {
    Picture picture;
    picture.image = image::toRgb8(
        image::decode(metrics::tippettPlotPng(*model.fit, fmt::format("{}: Tippett plot", model.name)))
            .image);
    return picture;
}

/// The methods of the models that examined its exhibits, each once.
std::string howItWorks(const ReportContent& c) {
    std::set<std::string> known;
    std::string text;
    const auto add = [&](const examine::Finding& finding) {
        const std::string how = examine::claimOf(finding).howItWorks;
        if (known.insert(how).second) text += how + " ";
    };
    for (const ExhibitContent& e : c.exhibits)
        for (const ModelResult& r : e.results) add(r.finding);
    if (known.empty()) add({});
    return text;
}

void scaleTable(const VerbalScale& scale, const BlockSink& sink) {
    sink(Heading{2, "Verbal scale", {}});
    if (scale.steps.empty()) {
        sink(Paragraph{{}, "No verbal scale is used: ratios are given as numbers.", Tone::Plain, false});
        return;
    }
    sink(Paragraph{{},
                   fmt::format("{}. {}. {}", visible(scale.name), visible(scale.source), visible(scale.note)),
                   Tone::Plain,
                   false});
    sink(Paragraph{{},
                   "For a likelihood ratio of so much the findings provide, for H1 rather than H2:",
                   Tone::Plain,
                   false});
    Facts facts;
    for (std::size_t i = 0; i < scale.steps.size(); ++i)
        facts.facts.push_back({rangeOf(scale, i), visible(scale.steps[i].text), false, Tone::Plain});
    sink(facts);
    sink(Paragraph{
        {}, "A ratio below 1 gets the words of its reciprocal, for H2 rather than H1.", Tone::Plain, false});
}

}  // namespace

void methodSection(const ReportContent& c, const BlockSink& sink) {
    sink(Paragraph{
        {},
        howItWorks(c) + "Each exhibit is hashed before it is examined; the original is never written to.",
        Tone::Plain,
        false});
    std::set<std::string> versions, devices, hosts, options, decoders;
    for (const ExhibitContent& e : c.exhibits) {
        if (!e.examination) continue;
        const cases::Examination& x = *e.examination;
        versions.insert(x.method + ", Signet " + x.methodVersion);
        devices.insert(x.device);
        hosts.insert(x.host);
        options.insert(settingsInWords(x.params));
        if (!x.record.decode.decoder.empty()) decoders.insert(x.record.decode.decoder);
    }
    Facts facts;
    facts.facts = {
        {"Examinations", joined(versions), false, Tone::Plain},
        {"Settings", joined(options), false, Tone::Plain},
        {"Devices", joined(devices), false, Tone::Plain},
        {"Computers", joined(hosts), false, Tone::Plain},
        {"Decoders", joined(decoders), false, Tone::Plain},
        {"Registered codes", fmt::format("{} in this case", grouped(c.registeredCodes)), false, Tone::Plain},
        {"Report made by",
         fmt::format("Signet {} (commit {}, {}, {}; {})", c.tool.version, c.tool.commit, c.tool.buildType,
                     c.tool.compiler, c.tool.libraries),
         false, Tone::Plain},
        {"On", fmt::format("{} ({})", visible(c.tool.host), visible(c.tool.processor)), false, Tone::Plain}};
    sink(facts);
    Table table;
    table.columns = {{"Model", 1.2, false, false},
                     {"Kind", 3, false, false},
                     {"Validated", 0.7, false, false},
                     {"SHA-256 of the weights", 1, true, false}};
    for (const ModelContent& m : c.models) {
        table.rows.push_back(
            {visible(m.name),
             m.manifest
                 ? fmt::format("{}; {}, {} parameters{}", visible(m.manifest->title),
                               visible(m.manifest->arch), grouped(m.manifest->parameters),
                               m.manifest->bits() > 0 ? fmt::format(", {} bit", m.manifest->bits()) : "")
                 : "not installed here as used",
             m.manifest ? (m.manifest->validated ? "yes" : "no") : "–", m.sha256});
        table.tones.push_back(m.manifest && m.manifest->validated ? Tone::Plain : Tone::Note);
    }
    if (!table.rows.empty()) sink(table);
}

void modelsSection(const ReportContent& c, const BlockSink& sink) {
    if (c.models.empty()) sink(Paragraph{{}, "No model was used on these exhibits.", Tone::Plain, false});
    bool leftOut = false;
    for (const ModelContent& m : c.models) {
        sink(Heading{2, "Model " + visible(m.name), {}});
        sink(Facts{{{"SHA-256 of the weights", m.sha256, true, Tone::Plain}}});
        if (!m.problem.empty()) {
            sink(Paragraph{"Its card cannot be given.", visible(m.problem), Tone::Note, false});
        } else if (m.card.empty()) {
            sink(Paragraph{{}, "The model has no card.", Tone::Note, false});
        }
        const CardParts card = cardParts(m.card);
        for (const Block& block : markdownBlocks(c.options.trainingHistory ? m.card : card.page)) {
            const auto* title = std::get_if<Heading>(&block);
            if (title == nullptr || title->text != m.name) sink(block);  // it has its heading
        }
        leftOut = leftOut || (!c.options.trainingHistory && !card.training.empty());
    }
    if (leftOut)
        sink(Paragraph{
            {},
            "How the models were trained, and their evaluation in full, stand in their cards (signet "
            "model show); they are printed here on request.",
            Tone::Plain,
            false});
}

void likelihoodSection(const ReportContent& c, const BlockSink& sink) {
    if (c.topics().contains(kScoredSignature))
        sink(Paragraph{
            {},
            "A score becomes a likelihood ratio by isotonic regression (pool adjacent violators) on "
            "the scores of the calibration "
            "photographs, signed and unsigned. The ratio is bounded by the empirical lower and upper "
            "bounds of Vergeer et al. "
            "(Science and Justice 56, 2016, 482–491): one more misleading photograph is supposed on "
            "each side, and no ratio is "
            "given beyond the one at which using the system would cost more than not using it. With n "
            "photographs of each kind "
            "whose scores do not overlap the bounds are 1/n and n. Originals are counted, not their crops "
            "or versions by codec. Ratios "
            "below 1 are bounded further: by the upper limit of how often a signed image is missed after "
            "the treatment of the "
            "model's evaluation that hides the signature best, as the file does not show how the exhibit "
            "was treated. Cllr "
            "(Brümmer and du Preez 2006) is the cost of the ratios in bits: 0 is perfect, 1 is no "
            "information; it is measured on "
            "the photographs the ratios were fitted to, and therefore favourable.",
            Tone::Plain,
            false});
    Pictures plots;
    plots.heightMm = 40;
    for (const ModelContent& m : c.models) {
        sink(Heading{2, "Model " + visible(m.name), {}});
        if (!m.fit) {
            sink(
                Paragraph{{}, fmt::format("No likelihood ratios: {}.", visible(m.noFit)), Tone::Note, false});
            continue;
        }
        Facts facts;
        facts.facts = {
            {"Calibration",
             fmt::format("{} {}", grouped(m.fit->photographs), examine::conditionOf(*m.calibration)), false,
             Tone::Plain},
            {"List of photographs, SHA-256", m.calibration->imagesSha256, true, Tone::Plain},
            {"Ratios given", fmt::format("{} to {}", ratio(*log10LowerBound(m)), ratio(m.fit->log10Upper)),
             false, Tone::Plain},
            {"Signed images missed",
             m.missRate.rate
                 ? fmt::format("{} of {} after {}, the worst of {} treatments; limit {}",
                               m.missRate.rate->missed, m.missRate.rate->n, visible(m.missRate.rate->attack),
                               m.missRate.rate->attacks, percent(m.missRate.rate->upper95))
                 : "not known, so that no ratio below 1 is given: " + visible(m.missRate.reason),
             false, Tone::Plain},
            {"Cllr", fmt::format("{:.2g} (of unbounded ratios {:.2g})", m.fit->cllr, m.fit->cllrMin), false,
             Tone::Plain}};
        sink(facts);
        plots.boxes.push_back({[&m] { return tippettPicture(m); },
                               fmt::format("Tippett plot of {}: share of the calibration scores whose "
                                           "likelihood ratio is at least so large",
                                           visible(m.name)),
                               false, 420.0 / 270, true});
    }
    if (!plots.boxes.empty()) sink(plots);
    scaleTable(c.scale, sink);
}

void integritySection(const ReportContent& c, const BlockSink& sink) {
    const cases::Verification& v = c.verification;
    Facts facts;
    facts.facts = {
        {"Verified", localTime(c.verifiedUtc), false, Tone::Plain},
        {"Audit log",
         fmt::format("{} entries, chain {}", grouped(v.auditEntries), v.ok() ? "whole" : "see below"), false,
         Tone::Plain},
        {"Rows of the case", grouped(v.rows), false, Tone::Plain},
        {"Exhibits hashed",
         fmt::format("{} of {} in the case", grouped(v.exhibitFiles), grouped(c.exhibitsInCase)), false,
         Tone::Plain},
        {"Evidence maps hashed", grouped(v.artifacts), false, Tone::Plain},
        {"Head of the audit log", c.head.hash, true, Tone::Plain},
        {"Entry at the head",
         fmt::format("{}, {}, {}", grouped(c.head.seq), localTime(c.head.utc),
                     embedded(oneLine(c.head.action))),
         false, Tone::Plain},
        {"Result", v.ok() ? "no problem was found" : fmt::format("{} problems were found", v.problems.size()),
         false, v.ok() ? Tone::Plain : Tone::Alert}};
    sink(facts);
    if (!v.ok()) {
        Table table;
        table.columns = {
            {"What", 0.8, false, false}, {"Where", 1, false, false}, {"Problem", 4, false, false}};
        for (const cases::Problem& p : v.problems) {
            table.rows.push_back({subjectInWords(p.kind), subjectInWords(p), embedded(shownName(p.message))});
            table.tones.push_back(Tone::Alert);
        }
        sink(table);
    }
    sink(Paragraph{{},
                   "Whoever has this report can check later that nothing was changed before it was issued: "
                   "the hash above must "
                   "be in the case's audit log (signet case verify CASE --head HASH).",
                   Tone::Plain,
                   false});
}

}  // namespace signet::report
