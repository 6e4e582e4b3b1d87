#pragma once

#include <string>
#include <vector>

#include "core/cases/case_types.h"
#include "core/report/model_result.h"
#include "core/report/verbal_scale.h"

namespace signet::report {

/// One paragraph of a conclusion.
struct ConclusionLine {
    enum class Kind { Integrity, Presence, Likelihood, Key, Code, Parts, Tiles, Conflict, NoResult };
    Kind kind = Kind::NoResult;
    std::string model;  ///< empty: about the exhibit
    std::string text;   ///< user texts in it are embedded()
};

std::string_view toString(ConclusionLine::Kind kind);

/// What a report concludes about one exhibit. Presence and code are stated apart and never multiplied;
/// nothing is said about how an image came to be.
struct Conclusion {
    /// The pair each presence statement rests on, by model: {model, H1, H2}; of a keyed signature also by
    /// key.
    struct Propositions {
        std::string model;
        std::string h1;
        std::string h2;
    };
    std::vector<Propositions> propositions;
    std::vector<ConclusionLine> lines;
    std::string headline;  ///< a few words for the summary's table
};

struct ConclusionInput {
    const cases::Exhibit& exhibit;
    const cases::Examination* examination = nullptr;  ///< null: never examined
    const std::vector<ModelResult>& results;
    std::string integrityProblem;
    std::int64_t registeredCodes = 0;
};

Conclusion conclude(const ConclusionInput& input, const VerbalScale& scale);

}  // namespace signet::report
