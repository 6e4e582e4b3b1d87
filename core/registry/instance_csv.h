#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "core/registry/instance.h"

namespace signet::registry {

/// The columns of instances in a CSV file, in this order when they are written: code, bits, model,
/// model_sha256, holder, generator_sha256, issued_utc, status, notes.
std::string instanceCsvHeader();
std::string instanceCsvLine(const Instance& instance);  ///< with its end

/// Reads such lines, whatever the order of the columns and whatever others there are.
class InstanceCsv {
public:
    /// header: the file's first line. Throws Corrupt naming file where a column is missing.
    InstanceCsv(const std::string& header, const std::string& file);
    /// An instance without its number, not yet checked (normalise). Throws BadOption.
    Instance read(const std::string& line) const;

private:
    std::size_t m_cells = 0;
    std::array<std::size_t, 9> m_place{};  ///< of each column in a line
};

}  // namespace signet::registry
