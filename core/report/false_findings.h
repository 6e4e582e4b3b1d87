#pragma once

#include <span>
#include <string>

namespace signet::report {

struct ExhibitContent;

/// How many signatures the models of a report are to be expected to report by error, were none of its
/// exhibits signed.
struct FalseFindings {
    int exhibits = 0;  ///< examined with a validated model
    int models = 0;    ///< validated ones, measured on photographs without a signature
    int answers = 0;   ///< of these on those, within the calibration's conditions
    int outside = 0;   ///< answers for which no rate was measured, or not known to apply: not in the bounds
    double bound = 0;  ///< upper limit of the expected number among the answers
    int keyedAnswers = 0;   ///< p-values of keyed signatures, of validated models
    double keyedBound = 0;  ///< upper limit of the expected number among these, whatever the exhibits show
};

/// The sum over the answers of each model's upper limit of its false positive rate (Clopper-Pearson,
/// one-sided, level 1 - 0.05/m for m models, so that all limits hold together with 95 % confidence); over the
/// keyed ones of the p-value up to which a signature is reported. An expectation of a sum is the sum of the
/// expectations, whether or not the answers depend on each other.
FalseFindings expectedFalseFindings(std::span<const ExhibitContent> exhibits);

/// It as a paragraph; empty where no answer is of a validated model.
std::string falseFindingsText(const FalseFindings& expected);

}  // namespace signet::report
