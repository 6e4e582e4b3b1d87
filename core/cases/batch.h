#pragma once

#include <functional>

#include "core/base/progress.h"
#include "core/cases/case_store.h"
#include "core/examine/examine.h"

namespace signet::cases {

/// Who looks at the exhibits of a batch: models that are ready, and how one file is examined with them.
struct BatchExaminer {
    std::vector<std::string> models;
    std::string method = "signature detection";  ///< of these models, examine::methodOf
    Json modelHashes = Json::array();            ///< [{name, sha256}] of the same, for the record
    bool keyed = false;  ///< one of them is a keyed signature: the keys tried are recorded
    /// Errors about the file itself are in the record.
    std::function<examine::Record(const std::filesystem::path&, const examine::CheckOptions&,
                                  const WorkContext&)>
        check;
};

/// Compares each code of a record with the registered ones.
void addMatches(examine::Record& record, std::span<const RegisteredCode> codes);

/// Loads these models (none: the default ones) in examiner, which must outlive the result.
BatchExaminer batchExaminer(examine::Examiner& examiner, const std::vector<std::string>& models);

struct BatchOptions {
    examine::CheckOptions check;       ///< models and tiles; mapsFolder is the case's
    examine::Examiner::Options setup;  ///< for what is recorded: device, fingerprints of the keys
    int leaseSeconds = 120;      ///< after which another worker may take an exhibit that is not finished
    bool waitForOthers = false;  ///< stay until nothing is in other workers' hands either
    RowId only = 0;              ///< examine this exhibit alone, where it waits; 0: all that wait
    std::string worker;          ///< empty: workerName()
    std::function<void(const Exhibit&)> onTaken;  ///< before an exhibit is examined; may be empty
};

/// What became of one exhibit.
struct ItemOutcome {
    Exhibit exhibit;
    Examination examination;  ///< as recorded
    bool recorded = true;     ///< false: another worker had it meanwhile
};

struct BatchResult {
    int done = 0;
    int failed = 0;
    int lost = 0;  ///< not recorded, since another worker had them
};

/// Examines what waits in a case, one exhibit after another, until nothing is left to take. Each is hashed
/// from the bytes that are examined: one that is not what was taken in is not examined, but recorded
/// (recordMismatch). An exhibit that fails never stops the rest. betweenItems (may be empty) is called before
/// each is taken, for pausing. A stop gives the exhibit at hand back. Throws for what concerns all: no model,
/// no database, no disk; the exhibit at hand is given back then.
BatchResult examineCase(CaseStore& store, const BatchExaminer& examiner, const BatchOptions& options,
                        const WorkContext& context, const std::function<void(const ItemOutcome&)>& onItem,
                        const std::function<void()>& betweenItems = {});

/// The same with the models of options.check.
BatchResult examineCase(CaseStore& store, examine::Examiner& examiner, const BatchOptions& options,
                        const WorkContext& context, const std::function<void(const ItemOutcome&)>& onItem,
                        const std::function<void()>& betweenItems = {});

}  // namespace signet::cases
