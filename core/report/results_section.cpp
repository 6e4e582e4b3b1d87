#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/text.h"
#include "core/examine/claim.h"
#include "core/examine/findings.h"
#include "core/report/document_sections.h"
#include "core/report/report_text.h"
#include "core/report/words.h"

namespace signet::report {
namespace {

std::string matchRemark(const examine::CodeMatch& match) {
    if (match.answer() == examine::MatchAnswer::Match)
        return match.rivals.empty() ? "" : " (others match too)";
    return fmt::format(" ({})", examine::toString(match.answer()));
}

bool isKeyed(const ModelResult& r) {
    return r.finding.keyed.has_value();
}

std::string modelCell(const ModelResult& r) {
    return embedded(oneLine(r.finding.model, 80)) + (r.validated ? "" : " (not validated)");
}

std::string rateOf(const examine::Finding& f) {
    if (f.falsePositiveRate.n == 0) return "not measured";
    if (f.isOutside()) return "outside the calibration";
    return fmt::format("{}; limit {} (n = {})",
                       percent(f.falsePositiveRate.value, f.falsePositiveRate.upper95),
                       percent(f.falsePositiveRate.upper95), grouped(f.falsePositiveRate.n));
}

Table scoreTable(const ExhibitContent& e) {
    Table table;
    table.columns = {{"Model", 1.5, false, false},
                     {"Answer", 1.2, false, false},
                     {"Score, logit", 0.8, false, true},
                     {"Threshold, logit", 0.9, false, true},
                     {"Lower threshold, logit", 1, false, true},
                     {"False positive rate, 95 % limit", 1.9, false, false}};
    for (const ModelResult& r : e.results) {
        if (isKeyed(r)) continue;
        const examine::Finding& f = r.finding;
        table.rows.push_back({modelCell(r), visible(examine::answerOf(f)), decimal(f.scoreLogit, 2),
                              decimal(f.threshold, 2), decimal(f.lowerThreshold, 2), rateOf(f)});
        table.tones.push_back(r.validated ? Tone::Plain : Tone::Note);
    }
    return table;
}

/// The key is named where it has a meaning: that which fits best of several tried has none by itself.
Table keyedTable(const ExhibitContent& e) {
    Table table;
    table.columns = {{"Model", 1.3, false, false},     {"Answer", 1.4, false, false},
                     {"p-value", 1, false, true},      {"Key", 1.3, true, false},
                     {"Keys tried", 0.6, false, true}, {"Geometries tried", 0.9, false, true}};
    for (const ModelResult& r : e.results) {
        if (!isKeyed(r)) continue;
        const examine::KeyedEvidence& keyed = *r.finding.keyed;
        const bool isNamed = keyed.keysTried == 1 || r.finding.presence != examine::Presence::Absent;
        table.rows.push_back(
            {modelCell(r), visible(examine::answerOf(r.finding)), probability(keyed.log10P),
             isNamed ? oneLine(keyed.keyFingerprint, 40) + (keyed.publicKey ? " (public)" : "") : "–",
             grouped(keyed.keysTried), grouped(keyed.trials)});
        table.tones.push_back(r.validated ? Tone::Plain : Tone::Note);
    }
    return table;
}

Table codeTable(const ExhibitContent& e) {
    Table table;
    table.columns = {{"Model", 1.2, false, false},
                     {"Code read", 1.3, true, false},
                     {"Bits", 0.5, false, true},
                     {"Nearest registered for", 1.5, false, false},
                     {"Bits that agree", 0.8, false, true},
                     {"Chance, one code", 1, false, true},
                     {"Chance, corrected", 1, false, true}};
    for (const ModelResult& r : e.results) {
        const examine::Finding& f = r.finding;
        if (!f.code && isKeyed(r) && f.presence == examine::Presence::Present)
            table.rows.push_back({oneLine(f.model, 80), "not readable", "–", "not compared", "–", "–", "–"});
        if (!f.code) continue;
        const std::string state = codeState(f);
        std::vector<std::string> row{
            oneLine(f.model, 80),
            state == examine::kUnverified ? examine::unverifiedCode(f.code->hex) : f.code->hex,
            std::to_string(f.code->bits)};
        if (f.match) {
            row.insert(row.end(), {embedded(oneLine(f.match->holder, 200)) + matchRemark(*f.match),
                                   fmt::format("{} of {}", f.match->matched, f.match->bits),
                                   probability(f.match->log10P), probability(f.match->log10PCorrected)});
        } else {
            row.insert(row.end(), {"not compared", "–", "–", "–"});
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// The parts of the image that keyed signatures were found in, numbered as in the conclusion.
std::vector<Region> signedParts(const ExhibitContent& e) {
    std::vector<Region> regions;
    for (const ModelResult& r : e.results) {
        if (!isKeyed(r)) continue;
        const auto& parts = r.finding.keyed->regions;
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (auto region = regionOf(parts[i], e.examination->record, std::to_string(i + 1)))
                regions.push_back(*std::move(region));
    }
    return regions;
}

void pictures(const ReportContent& c, const ExhibitContent& e, const BlockSink& sink) {
    const double aspect = aspectOf(e);
    Pictures pictures;
    if (c.options.thumbnails) {
        PictureBox box{[&e] { return loadThumbnail(e, kPictureSide); },
                       fmt::format("{} as displayed, reduced", e.label), false, aspect, false};
        box.regions = signedParts(e);
        if (!box.regions.empty()) box.caption += ", signed parts outlined";
        pictures.boxes.push_back(std::move(box));
    }
    if (c.options.evidenceMaps) {
        for (const EvidenceMapFile& map : e.evidenceMaps) {
            PictureBox box{
                [&map] { return loadEvidenceMap(map, kPictureSide); },
                fmt::format("Evidence map{}", map.model.empty() ? "" : " of " + oneLine(map.model, 60)), true,
                aspect, false};
            if (std::any_of(e.results.begin(), e.results.end(),
                            [&](const ModelResult& r) { return isKeyed(r) && r.finding.model == map.model; }))
                box.mapUnit = "standard deviations";
            pictures.boxes.push_back(std::move(box));
        }
    }
    if (!pictures.boxes.empty()) sink(pictures);
    if (c.options.evidenceMaps && e.evidenceMaps.empty() && e.examination && e.examination->done)
        sink(Paragraph{{}, "No evidence map: the examination was made without one.", Tone::Plain, false});
}

/// What a reader asks of metadata first: who and what made the picture, when and where, and by what program.
/// The rest stands in the JSON report.
constexpr std::array kNamedMetadata = {"Exif.Image.Make",
                                       "Exif.Image.Model",
                                       "Exif.Photo.DateTimeOriginal",
                                       "Exif.GPSInfo.GPSLatitude",
                                       "Exif.GPSInfo.GPSLongitude",
                                       "Exif.Image.Software",
                                       "Exif.Image.Artist",
                                       "Exif.Image.Copyright",
                                       "Xmp.xmp.CreatorTool",
                                       "Xmp.iptcExt.DigitalSourceType",
                                       "Iptc.Application2.Program",
                                       "Iptc.Application2.Credit",
                                       "Png.Text.Software",
                                       "Png.Text.parameters",
                                       "Png.Text.prompt"};

void addMetadata(const examine::Record& record, Facts& facts) {
    constexpr std::size_t kMaxValue = 120;
    if (!record.metadata) return;  // recorded by an earlier version
    std::string named;
    for (const image::MetadataEntry& entry : *record.metadata) {
        if (std::find(kNamedMetadata.begin(), kNamedMetadata.end(), entry.key) != kNamedMetadata.end())
            named += fmt::format("\n{}: {}", visible(entry.key), embedded(oneLine(entry.value, kMaxValue)));
    }
    const std::size_t n = record.metadata->size();
    facts.facts.push_back({"Metadata",
                           n == 0 ? "none"
                                  : fmt::format("{} entr{}{}", grouped(static_cast<std::int64_t>(n)),
                                                n == 1 ? "y" : "ies", named.empty() ? "" : ":" + named),
                           false, Tone::Plain});
}

void addExamination(const ExhibitContent& e, Facts& facts) {
    const cases::Examination& x = *e.examination;
    facts.facts.push_back({"Examined",
                           fmt::format("{} to {}, by {}", localTime(x.startedUtc), localTime(x.finishedUtc),
                                       embedded(oneLine(x.examiner))),
                           false, Tone::Plain});
    facts.facts.push_back(
        {"Method",
         fmt::format("{}, Signet {}, on {} ({}){}", visible(x.method), visible(x.methodVersion),
                     embedded(oneLine(x.host)), visible(x.device),
                     e.examinations > 1 ? fmt::format("; the last of {} examinations", e.examinations) : ""),
         false, Tone::Plain});
    if (const ImageWords words = imageInWords(x.record); !words.image.empty()) {
        facts.facts.push_back({"Image", words.image, false, Tone::Plain});
        facts.facts.push_back({"Decoded by", words.decoding, false, Tone::Plain});
    }
    addMetadata(x.record, facts);
    for (const std::string& warning : x.record.warnings)
        facts.facts.push_back({"Warning", visible(warning), false, Tone::Note});
}

void exhibitFacts(const ExhibitContent& e, const BlockSink& sink) {
    Facts facts;
    facts.facts.push_back({"SHA-256", e.exhibit.sha256, true, e.intact() ? Tone::Plain : Tone::Alert});
    if (e.examination) addExamination(e, facts);
    sink(facts);
}

/// The line of evidence that a model's answer is.
std::string answerLine(const ExhibitContent& e, const std::string& model) {
    for (const ModelResult& r : e.results)
        if (r.finding.model == model) return examine::claimOf(r.finding).line;
    return examine::claimOf(examine::Finding()).line;
}

std::string leadOf(const ExhibitContent& e, const ConclusionLine& line) {
    using Kind = ConclusionLine::Kind;
    const std::string model = line.model.empty() ? "" : ", " + oneLine(line.model, 80);
    switch (line.kind) {
        case Kind::Integrity:
            return "Integrity.";
        case Kind::Presence:
            return answerLine(e, line.model) + model + ".";
        case Kind::Likelihood:
            return "Weight of the score" + model + ".";
        case Kind::Key:
            return "Key" + model + ".";
        case Kind::Parts:
            return "Signed parts" + model + ".";
        case Kind::Code:
            return "Code" + model + ".";
        case Kind::Tiles:
            return "Parts of the image" + model + ".";
        case Kind::Conflict:
            return "Conflict" + model + ".";
        case Kind::NoResult:
            break;
    }
    return "No conclusion" + model + ".";
}

void conclusion(const ExhibitContent& e, const BlockSink& sink) {
    sink(Heading{3, "Conclusion", {}});
    for (const ConclusionLine& line : e.conclusion.lines) {
        using Kind = ConclusionLine::Kind;
        const Tone tone = line.kind == Kind::Integrity && !e.intact()                  ? Tone::Alert
                          : line.kind == Kind::Conflict || line.kind == Kind::NoResult ? Tone::Note
                                                                                       : Tone::Plain;
        sink(Paragraph{leadOf(e, line), line.text, tone, false});
    }
}

/// The pairs that the statements of all exhibits rest on, once a model, and of keyed signatures once a key.
void propositions(const ReportContent& c, const BlockSink& sink) {
    std::set<std::string> known;
    for (const ExhibitContent& e : c.exhibits) {
        for (const Conclusion::Propositions& p : e.conclusion.propositions) {
            if (!known.insert(p.model + "\n" + p.h1).second) continue;
            sink(Paragraph{fmt::format("Propositions, {}.", oneLine(p.model, 80)),
                           fmt::format("H1: {} H2: {}", p.h1, p.h2), Tone::Plain, false});
        }
    }
}

}  // namespace

void resultsSection(const ReportContent& c, const BlockSink& sink) {
    bool keyed = false, scored = false;
    for (const ExhibitContent& e : c.exhibits)
        for (const ModelResult& r : e.results) (isKeyed(r) ? keyed : scored) = true;
    std::string first;
    if (scored || !keyed)
        first = "Scores are logits, not probabilities. Presence and code are separate lines of evidence. ";
    if (keyed)
        first +=
            "The p-value of a keyed signature is one of the image at hand, of its presence and its code "
            "together. ";
    sink(Paragraph{{}, first + "The limits of the method apply to each statement.", Tone::Plain, false});
    propositions(c, sink);
    for (const ExhibitContent& e : c.exhibits) {
        sink(Heading{2, fmt::format("{}: {}", e.label, embedded(shownName(e.name, 300))), {}});
        pictures(c, e, sink);
        exhibitFacts(e, sink);
        for (Table table : {scoreTable(e), keyedTable(e)})
            if (!table.rows.empty()) sink(table);
        if (Table codes = codeTable(e); !codes.rows.empty()) sink(codes);
        conclusion(e, sink);
    }
}

}  // namespace signet::report
