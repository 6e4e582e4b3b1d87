#pragma once

#include <string>
#include <vector>

#include "core/experiments/run.h"

namespace signet::experiments {

/// Rows as a table: the columns are all numbers that any of them has, the paper's beside ours, and remarks.
struct ResultTable {
    std::vector<std::string> columns;             ///< "row", "bit accuracy (paper)", "bit accuracy", ...
    std::vector<std::vector<std::string>> cells;  ///< "0.991 (0.989-0.993)"; a number that is not there: ""
};
ResultTable tableOf(const std::vector<Row>& rows);

/// RFC 4180, with a header.
std::string csvOf(const std::vector<Row>& rows);
/// One self-contained page, no script: the table, how it is to be read and how it was made.
std::string htmlOf(const Experiment& experiment, const std::vector<Row>& rows);

}  // namespace signet::experiments
