#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/examine/evaluation_row.h"
#include "core/examine/loaded_models.h"

namespace signet::examine {

/// What a reading says of a code that is known.
struct CodeAnswer {
    int matchedBits = 0;  ///< half of them where no code is readable: what guessing gives
    bool right = false;   ///< all of them
    /// Another code is named: one that passed its check, or of a signature without a check, whose presence is
    /// reported, any that differs.
    bool wrong = false;
};

/// Nothing for a model without codes.
std::optional<CodeAnswer> codeAnswer(const LoadedModel& model, const Reading& reading,
                                     const std::vector<std::uint8_t>& code);

/// What the images of an evaluation gave after one attack.
class EvaluationTally {
public:
    /// An image, signed and unsigned, after the same attack. code: that was written.
    void add(const LoadedModel& model, const std::string& family, const Reading& marked, const Reading& plain,
             const std::vector<std::uint8_t>& code);

    /// common: what all rows of an evaluation have in common. fpr: of tpr_at_fpr and code_tpr_at_fpr.
    EvaluationRow row(const LoadedModel& model, double fpr, EvaluationRow common) const;

private:
    struct Outcome {
        std::string family;
        float signedScore = 0;
        float unsignedScore = 0;
        std::optional<CodeAnswer> code;
    };
    std::vector<FamilyRates> families(const LoadedModel& model) const;

    std::vector<Outcome> m_outcomes;
    int m_geometriesTried = 1;  ///< the most that were tried on an image
};

}  // namespace signet::examine
