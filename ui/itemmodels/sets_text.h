#pragma once

#include <QString>

#include "core/examine/claim.h"

namespace signet::ui {

/// A word of SetWords at the beginning of a line: "Signed".
QString headingText(const std::string& word);

/// How many images of either kind there are: "612 signed, 600 unsigned".
QString setsText(const examine::SetWords& words, std::int64_t positives, std::int64_t negatives);

}  // namespace signet::ui
