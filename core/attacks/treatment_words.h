#pragma once

#include <span>
#include <string>
#include <string_view>

namespace signet::attacks {

/// A perturbation's spec for people: "jpeg:50" is "JPEG of quality 50", "flip+rotate:20" is "mirrored, then
/// turned by 20°". What is unknown stays as it is.
std::string inWords(std::string_view spec);

/// The same of a kind, "JPEG of quality {}" of "jpeg", with {} where the strength stands (kinds without one
/// have none). Empty for an unknown kind.
std::string_view wordsOfKind(std::string_view kind);

/// Several, those of a kind together: "unchanged, JPEG of quality 90, 75 or 50, or scaled to 0.5 of the
/// side".
std::string inWords(std::span<const std::string> specs);

}  // namespace signet::attacks
