#include "core/cases/database_url.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "core/cases/database.h"

namespace signet::cases {
namespace {

/// Where user and password stand: after "://", up to the last '@' before path and parameters.
struct UserPart {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< the '@'; begin where there is none
};

UserPart userPart(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    const std::size_t slash = std::min(url.find_first_of("/?", begin), url.size());
    // a password may hold a raw '/' or '?' by mistake: it still ends at an '@'
    std::size_t at = url.substr(0, slash).rfind('@');
    if (at == std::string::npos || at < begin) at = url.rfind('@');
    return {begin, at == std::string::npos || at < begin ? begin : at};
}

}  // namespace

std::string withoutPassword(const std::string& location) {
    if (dialectOf(location) != Dialect::Postgres) return location;
    const UserPart part = userPart(location);
    std::string user = location.substr(part.begin, part.end - part.begin);
    user.resize(std::min(user.find(':'), user.size()));
    std::string rest = location.substr(part.end);
    const auto question = rest.find('?');
    if (question == std::string::npos) return location.substr(0, part.begin) + user + rest;
    std::string kept;
    std::string_view parameters = std::string_view(rest).substr(question + 1);
    while (!parameters.empty()) {
        const std::string_view one = parameters.substr(0, parameters.find('&'));
        parameters.remove_prefix(std::min(one.size() + 1, parameters.size()));
        if (one.starts_with("password=") || one.starts_with("sslpassword=") || one.empty()) continue;
        kept += (kept.empty() ? "?" : "&") + std::string(one);
    }
    return location.substr(0, part.begin) + user + rest.substr(0, question) + kept;
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
