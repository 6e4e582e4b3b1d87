#pragma once

#include <string>
#include <vector>

#include "app/cli/common.h"
#include "core/signature/secret_key.h"

namespace signet::cli {

/// --key and --passphrase-file of a subcommand that reads or writes keyed signatures.
struct KeyChoice {
    std::vector<std::string> keys;  ///< names or fingerprints
    std::string passphraseFile;
};

/// Those named on the command line; where none is named, the public key and every kept one that has no
/// passphrase. Asks for the passphrases that are needed. Throws NotFound, BadOption, Cancelled.
std::vector<signature::SecretKey> keysToReadWith(Session& session, const KeyChoice& choice);

/// The one named, else the public key.
signature::SecretKey keyToWriteWith(Session& session, const KeyChoice& choice);

/// --key may be repeated.
void addReadingKeys(CLI::App& sub, KeyChoice& choice);
/// --key once.
void addWritingKey(CLI::App& sub, KeyChoice& choice);

}  // namespace signet::cli
