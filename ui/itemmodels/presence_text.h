#pragma once

#include <QString>

#include "core/examine/record.h"

namespace signet::ui {

/// What an answer is called where those of models of every kind stand together, as in a filter: "something
/// found", "inconclusive", "nothing found". A finding's own words come with its model's kind
/// (examine::answerOf).
QString presenceText(examine::Presence presence);

/// The name of its icon.
QString presenceIcon(examine::Presence presence);

}  // namespace signet::ui
