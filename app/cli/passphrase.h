#pragma once

#include <stop_token>
#include <string>

namespace signet::cli {

/// Where passphrases come from: the first line of a file, else the terminal, without echo. Never the command
/// line: every user of a machine can read that.
class PassphraseInput {
public:
    /// file: empty asks at the terminal. A prompt ends with stop.
    PassphraseInput(std::string file, std::stop_token stop);

    /// The passphrase of something that has one. Throws BadOption where there is no terminal to ask at, or
    /// where the file's first line is empty; Cancelled on stop; what readFile throws.
    std::string ask(const std::string& ofWhat) const;

    /// A new one, at the terminal asked for twice. Throws BadOption too where the two differ.
    std::string choose(const std::string& ofWhat) const;

private:
    std::string fromFile() const;
    std::string prompt(const std::string& text) const;

    std::string m_file;
    std::stop_token m_stop;
};

}  // namespace signet::cli
