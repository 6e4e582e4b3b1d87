// Any text as the location of a case: no password is shown, and one that is given arrives.
#include "core/cases/database_url.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "tests/fuzz/fuzz_input.h"

using namespace signet;

namespace {

/// What libpq understands by a URL as the value of a keyword; none where the URL is not one.
std::optional<std::string> optionOf(const std::string& url, const std::string& keyword) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
    if (!options) return std::nullopt;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
        if (keyword == option->keyword) return option->val == nullptr ? "" : option->val;
    return "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string url(fuzz::textOf(data, size));
    url.resize(std::min(url.find('\0'), url.size()));
    const std::string shown = cases::withoutPassword(url);
    fuzz::require(cases::withoutPassword(shown) == shown);
    const bool usable = cases::databaseUrlProblem(url).empty();
    if (cases::dialectOf(url) != cases::Dialect::Postgres) {
        fuzz::require(shown == url && !usable);
        return 0;
    }
    for (const char* secret : {"password", "sslpassword"})
        fuzz::require(optionOf(shown, secret).value_or("").empty());
    if (!usable) return 0;
    const std::string given = "a:/?#[]@!$&'()*+,;= %\xC3\xA9";
    const std::string full = cases::withPassword(shown, given);
    // Of a raw '@' or '[' in the wrong place more is hidden than what libpq takes for the password.
    const std::size_t at = url.find('@');
    const std::size_t slash = url.find('/', url.find("://") + 3);
    if (at != std::string::npos && (at != url.rfind('@') || at > slash)) return 0;
    if (url.find('[') != std::string::npos) return 0;
    fuzz::require(optionOf(full, "password") == given);
    fuzz::require(cases::withoutPassword(full) == shown);
    for (const char* kept : {"host", "port", "dbname", "user"})
        fuzz::require(optionOf(shown, kept) == optionOf(url, kept));
    return 0;
}
