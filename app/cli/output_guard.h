#pragma once

#include <filesystem>
#include <set>
#include <vector>

namespace signet::cli {

/// Refuses the outputs that even --force must not write: one that is an input, and one that this run has just
/// written (two inputs of one name).
class OutputGuard {
public:
    explicit OutputGuard(std::vector<std::filesystem::path> inputs) : m_inputs(std::move(inputs)) {}

    /// Throws Exists; else remembers output.
    void claim(const std::filesystem::path& output);

private:
    const std::vector<std::filesystem::path> m_inputs;
    std::set<std::filesystem::path> m_claimed;
};

}  // namespace signet::cli
