#include "core/attacks/treatment_words.h"

#include <vector>

#include "core/attacks/kinds.h"

namespace signet::attacks {
namespace {

constexpr std::string_view kStrength = "{}";

std::string joined(const std::vector<std::string>& parts, std::string_view between, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += i + 1 == parts.size() ? last : between;
        out += parts[i];
    }
    return out;
}

/// Treatments of one kind, of which only the strength differs.
struct Group {
    std::string_view text;  ///< as of wordsOfKind(), or a spec of an unknown kind
    std::vector<std::string> strengths;

    std::string words() const {
        const auto at = text.find(kStrength);
        if (at == std::string_view::npos) return std::string(text);
        return std::string(text.substr(0, at)) + joined(strengths, ", ", " or ") +
               std::string(text.substr(at + kStrength.size()));
    }
};

Group groupOf(std::string_view spec) {
    const auto colon = spec.find(':');
    const std::string_view words = wordsOfKind(spec.substr(0, colon));
    const bool asksStrength = words.find(kStrength) != std::string_view::npos;
    if (words.empty() || asksStrength != (colon != std::string_view::npos)) return {spec, {}};
    return {words,
            asksStrength ? std::vector{std::string(spec.substr(colon + 1))} : std::vector<std::string>{}};
}

}  // namespace

std::string_view wordsOfKind(std::string_view kind) {
    const KindInfo* info = findKind(kind);
    return info ? info->words : std::string_view();
}

std::string inWords(std::string_view spec) {
    std::vector<std::string> steps;
    for (;;) {
        const auto plus = spec.find('+');
        steps.push_back(groupOf(spec.substr(0, plus)).words());
        if (plus == std::string_view::npos) return joined(steps, ", then ", ", then ");
        spec.remove_prefix(plus + 1);
    }
}

std::string inWords(std::span<const std::string> specs) {
    std::vector<Group> groups;
    std::vector<std::string> words;
    const auto close = [&] {
        for (const Group& group : groups) words.push_back(group.words());
        groups.clear();
    };
    for (const std::string& spec : specs) {
        if (spec.find('+') != std::string::npos) {
            close();
            words.push_back(inWords(spec));
            continue;
        }
        Group group = groupOf(spec);
        const bool same = !groups.empty() && groups.back().text == group.text && !group.strengths.empty();
        if (same)
            groups.back().strengths.push_back(group.strengths.front());
        else
            groups.push_back(std::move(group));
    }
    close();
    return joined(words, ", ", words.size() > 2 ? ", or " : " or ");
}

}  // namespace signet::attacks
