#pragma once

#include "core/base/json.h"
#include "core/examine/record.h"

namespace signet::examine {

/// The records that the command line prints.
Json toJson(const Record& record);
Json toJson(const SignRecord& record);
Json toJson(const CodeMatch& match);  ///< the "match" of a finding

/// The "signed" of a finding: null where it is inconclusive, or of a classifier.
Json signedJson(const Finding& finding);

/// A record as toJson wrote it, in this version or an earlier one. Fields that are missing or of the wrong
/// kind keep their defaults; bit logits that were not recorded are +1 and -1 by the code read, confidences
/// no surer than the photographs of the false positive rate support. The chances of a match are worked out
/// anew from the counts; of a record of an earlier version also whether it is contradicted, from its bit
/// confidences. There is no evidence map (EvidenceMap) in a record.
Record recordFromJson(const Json& json);

}  // namespace signet::examine
