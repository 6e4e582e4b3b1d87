#include "core/cases/database_url.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>
#include <string_view>

namespace signet::cases {
namespace {

/// Where user and password stand: after "://", up to an '@'.
struct UserPart {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< the '@'; begin where there is none
};

UserPart userPart(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    const UserPart none{begin, begin};
    const std::size_t slash = std::min(url.find('/', begin), url.size());
    const std::string_view all = std::string_view(url).substr(0, slash);
    const std::size_t at = all.find('@', begin);
    if (at != std::string_view::npos) {
        // As libpq has it, but that a password may hold a raw '@' by mistake: then it ends at the last.
        const bool password = all.find(':', begin) < at;
        return {begin, password ? all.rfind('@') : at};
    }
    // A raw '/' in a password, by mistake: it still ends at an '@'. Not so without a password, and behind
    // what may be a port an '@' among the parameters is one of theirs.
    const std::string_view host = all.substr(0, std::min(all.find('?', begin), slash));
    const std::size_t colon = host.rfind(':');
    if (colon < begin || host.substr(begin).starts_with('[')) return none;
    const bool port = host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    const std::size_t end =
        std::string_view(url).substr(0, port ? url.find('?', begin) : url.size()).rfind('@');
    return end == std::string_view::npos || end < begin ? none : UserPart{begin, end};
}

/// Whether "keyword=value" of a URL, its keyword perhaps in %XX, is a secret.
bool isSecret(std::string_view parameter) {
    const std::string_view coded = parameter.substr(0, parameter.find('='));
    std::string keyword;
    for (std::size_t i = 0; i < coded.size(); ++i) {
        int code = 0;
        const char* digits = coded.data() + i + 1;
        if (coded[i] == '%' && i + 2 < coded.size() &&
            std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
            keyword += static_cast<char>(code);
            i += 2;
        } else {
            keyword += coded[i];
        }
    }
    return keyword == "password" || keyword == "sslpassword";
}

}  // namespace

Dialect dialectOf(const std::string& location) {
    return location.starts_with("postgresql://") || location.starts_with("postgres://") ? Dialect::Postgres
                                                                                        : Dialect::Sqlite;
}

namespace {

std::string withoutPasswordAt(const std::string& location) {
    const UserPart part = userPart(location);
    std::string user = location.substr(part.begin, part.end - part.begin);
    user.resize(std::min(user.find(':'), user.size()));
    std::string rest = location.substr(part.end);
    const std::size_t host = rest.starts_with('@') ? 1 : 0;
    const std::size_t bracket = rest.find(']');  // of an IPv6 address, in which libpq takes any character
    const bool address = rest.compare(host, 1, "[") == 0 && bracket != std::string::npos;
    const auto question = rest.find('?', address ? bracket : 0);
    if (question == std::string::npos) return location.substr(0, part.begin) + user + rest;
    std::string kept;
    std::string_view parameters = std::string_view(rest).substr(question + 1);
    while (!parameters.empty()) {
        const std::string_view one = parameters.substr(0, parameters.find('&'));
        parameters.remove_prefix(std::min(one.size() + 1, parameters.size()));
        if (one.empty() || isSecret(one)) continue;
        kept += (kept.empty() ? "?" : "&") + std::string(one);
    }
    return location.substr(0, part.begin) + user + rest.substr(0, question) + kept;
}

}  // namespace

std::string withoutPassword(const std::string& location) {
    if (dialectOf(location) != Dialect::Postgres) return location;
    // Of a URL with several mistakes, what is left may look like one with a password again.
    std::string shown = location;
    for (std::string before; shown != before;) {
        before = shown;
        shown = withoutPasswordAt(before);
    }
    return shown;
}

std::string withPassword(const std::string& url, const std::string& password) {
    if (dialectOf(url) != Dialect::Postgres || password.empty()) return url;
    std::string coded;
    for (const unsigned char c : password) {
        const bool plain = std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
        coded += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    }
    const std::string bare = withoutPassword(url);
    const UserPart part = userPart(bare);
    if (part.end == part.begin)  // no user: the password goes along as a parameter
        return bare + (bare.find('?') == std::string::npos ? "?" : "&") + "password=" + coded;
    return bare.substr(0, part.end) + ":" + coded + bare.substr(part.end);
}

std::string databaseUrlProblem(const std::string& url) {
    if (dialectOf(url) != Dialect::Postgres) return "a database is named postgresql://user@host/database";
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), &message), &PQconninfoFree);
    if (!options) {
        std::string text = message == nullptr ? "this is no URL of a database" : message;
        PQfreemem(message);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }
    bool named = false;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string value = option->val == nullptr ? "" : option->val;
        if (std::string_view(option->keyword) == "dbname" && !value.empty()) named = true;
        if (value.find_first_of(" '\\") != std::string::npos)
            return fmt::format("the {} has a space, a quote or a backslash, which cannot be passed on",
                               option->keyword);
    }
    return named ? "" : "the URL names no database: postgresql://user@host/database";
}

}  // namespace signet::cases
