#pragma once

#include <span>

#include "core/cases/case_store.h"

namespace signet::cases {

/// What people do with exhibits outside the program, as proposed where it is entered. Other words are taken,
/// too.
std::span<const char* const> custodyActions();

/// Why an event may not be entered under this name; empty: it may. The program's own words (received,
/// examined, ...) are kept for what it did itself.
std::string custodyActionProblem(const std::string& action);

/// Enters what a person did with exhibits; details (may be empty): who or what else was concerned, where, and
/// when if not now. For all of them or for none. Throws BadOption (custodyActionProblem, no exhibit),
/// NotFound.
void enterCustody(CaseStore& store, const std::set<RowId>& evidence, const std::string& action,
                  const std::string& details);

}  // namespace signet::cases
