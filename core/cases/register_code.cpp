#include "core/cases/register_code.h"

#include <fmt/format.h>

#include "core/cases/match.h"

namespace signet::cases {

std::string registerCode(CaseStore& store, RegisteredCode& code) {
    const std::vector<RegisteredCode> known = store.codes();
    store.registerCode(code);
    const std::vector<RegisteredCode> alike = codesLike(code, known);
    if (alike.empty()) return {};
    return fmt::format(
        "{} of {} is so like it that an image of the one can pass for a match with the other{}",
        alike.front().hex, alike.front().holder,
        alike.size() > 1 ? fmt::format(", and so are {} more codes", alike.size() - 1) : "");
}

}  // namespace signet::cases
