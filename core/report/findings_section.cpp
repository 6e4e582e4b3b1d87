#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/report/document_sections.h"
#include "core/report/report_text.h"
#include "core/report/words.h"

namespace signet::report {
namespace {

std::string regionInWords(const Region& r) {
    return fmt::format("x {:.0f}, y {:.0f}, {:.0f} × {:.0f} px", r.x, r.y, r.width, r.height);
}

Paragraph finding(const FindingContent& f) {
    std::string about = fmt::format("Finding {}: {} – {}, {}", f.finding.id, toString(f.finding.status),
                                    embedded(oneLine(f.finding.author)), localTime(f.finding.createdUtc));
    if (f.finding.examination != 0) about += fmt::format(", examination {}", f.finding.examination);
    if (const auto region = regionOf(f.finding)) about += ", region " + regionInWords(*region);
    if (!f.tags.empty()) about += ", tags: " + embedded(fmt::format("{}", fmt::join(f.tags, ", ")));
    const bool warning = f.finding.status == cases::FindingStatus::Warning;
    return {about + ".", "\n" + commentOf(f.finding), warning ? Tone::Alert : Tone::Plain, false};
}

/// The exhibit's picture with the regions of its findings, numbered as the findings are.
void pictureOf(const ExhibitContent& e, const BlockSink& sink) {
    PictureBox box;
    std::vector<std::string> numbers;
    for (const FindingContent& f : e.findings) {
        if (auto region = regionOf(f.finding)) {
            numbers.push_back(region->label);
            box.regions.push_back(*std::move(region));
        }
    }
    if (numbers.empty()) return;
    box.load = [&e] { return loadThumbnail(e, kPictureSide); };
    box.caption =
        fmt::format("{}, reduced, with the region{} of finding{} {}", e.label, numbers.size() == 1 ? "" : "s",
                    numbers.size() == 1 ? "" : "s", fmt::join(numbers, ", "));
    box.aspect = aspectOf(e);
    Pictures pictures;
    pictures.heightMm = 40;
    pictures.boxes.push_back(std::move(box));
    sink(pictures);
}

}  // namespace

void findingsSection(const ReportContent& c, const BlockSink& sink) {
    bool any = false;
    for (const ExhibitContent& e : c.exhibits) {
        if (e.findings.empty()) continue;
        any = true;
        sink(Heading{2, fmt::format("{}: {}", e.label, embedded(shownName(e.name, 300))), {}});
        if (c.options.thumbnails) pictureOf(e, sink);
        for (const FindingContent& f : e.findings) sink(finding(f));
    }
    if (!any) sink(Paragraph{{}, "No findings were recorded for these exhibits.", Tone::Plain, false});
}

}  // namespace signet::report
