#pragma once

#include "core/cases/case_store.h"

namespace signet::cases {

/// Registers a code. Returns what the person must know: that codes of other holders are so like it that an
/// image of the one can pass for a match with the other; empty: there is none.
std::string registerCode(CaseStore& store, RegisteredCode& code);

}  // namespace signet::cases
