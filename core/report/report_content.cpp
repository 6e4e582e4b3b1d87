#include "core/report/report_content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/examine/findings.h"

namespace signet::report {

const ModelContent* ReportContent::model(const std::string& name, const std::string& sha256) const {
    const auto found = std::find_if(models.begin(), models.end(), [&](const ModelContent& m) {
        return m.name == name && m.sha256 == sha256;
    });
    return found == models.end() ? nullptr : &*found;
}

std::set<std::string> ReportContent::topics() const {
    std::set<std::string> topics;
    const auto add = [&](const examine::Finding& f) {
        topics.emplace(toString(f.kind));
        if (f.kind == models::Kind::Signature) topics.insert(f.keyed ? kKeyedSignature : kScoredSignature);
    };
    for (const ExhibitContent& e : exhibits)
        for (const ModelResult& r : e.results) add(r.finding);
    if (topics.empty()) add({});
    return topics;
}

std::vector<std::string> ExhibitContent::remarks() const {
    return examination ? examine::remarksOf(examination->record) : std::vector<std::string>();
}

std::string ReportContent::strangeExaminer() const {
    const auto trimmed = [](const std::string& text) {
        const auto first = text.find_first_not_of(" \t\r\n");
        return first == std::string::npos ? std::string()
                                          : text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
    };
    const std::string named = trimmed(field("examiner"));
    const auto acted = [&](const std::string& actor) { return trimmed(actor) == named; };
    if (named.empty() || actors.empty() || std::any_of(actors.begin(), actors.end(), acted)) return {};
    std::vector<std::string> others;
    for (const std::string& actor : actors) others.push_back(fmt::format("\u201c{}\u201d", actor));
    return fmt::format(
        "By the case's record, the examiner named in this report, \u201c{}\u201d, took in, examined and "
        "assessed "
        "none of the exhibits. Those who did: {}.",
        named, fmt::join(others, ", "));
}

std::string ReportContent::field(const std::string& key) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const FieldContent& f) { return f.key == key; });
    return found == fields.end() ? std::string() : found->value;
}

}  // namespace signet::report
