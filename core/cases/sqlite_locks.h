#pragma once

namespace signet::cases {

/// Gives SQLite locks that hold whatever else the process does with a database's files. SQLite's own are
/// POSIX advisory locks, which belong to the process: the first close() of any descriptor of the file drops
/// all of them (sqlite.org, "How To Corrupt An SQLite Database File", 2.2), and file dialogs, hashing or a
/// file dropped on the window do just that. From here on each lock belongs to an open file description of its
/// own (Linux' F_OFD_SETLK), one for each file and process, as SQLite counts its locks by file; programs with
/// POSIX locks are kept out as before. To be called before the first connection; once is enough. Thread-safe.
/// Throws Environment where SQLite does not let itself be told.
void useOwnSqliteLocks();

}  // namespace signet::cases
