#pragma once

#include <string>

namespace signet::cases {

enum class Dialect { Sqlite, Postgres };

/// postgresql:// or postgres:// means a server, anything else a SQLite file.
Dialect dialectOf(const std::string& location);

/// A case's location as it may be shown and remembered: without the password of a postgresql:// URL. Anything
/// else is as it was.
std::string withoutPassword(const std::string& location);

/// The URL with this password, which may hold any character a URL can carry.
std::string withPassword(const std::string& url, const std::string& password);

/// Why a URL names no case on a server, before anything is asked of the network; empty: it may.
std::string databaseUrlProblem(const std::string& url);

}  // namespace signet::cases
