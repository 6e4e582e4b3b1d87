#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signet::training {

/// What one curve of a run is: each task describes what it measures, the loop what it notes of every run.
struct Metric {
    enum class Unit { Number, Share, Decibel, Logit };  ///< Share: 0..1, shown in per cent
    enum class Better { Unsaid, Larger, Smaller };

    std::string name;   ///< its key in the run's records; of a validation it begins with kValidationPrefix
    std::string title;  ///< for people, with its unit: "Validation: PSNR (dB)"
    Unit unit = Unit::Number;
    Better better = Better::Unsaid;
    int plot = 0;          ///< 1 or 2: which of the two plots of a run begins with it; 0: neither
    bool isScore = false;  ///< the best validation is that with the best of it; one metric at most
};

inline constexpr std::string_view kValidationPrefix = "val_";
inline bool isOfValidation(std::string_view name) {
    return name.starts_with(kValidationPrefix);
}

/// What the loop notes beside the task's values: learning rate, speed, memory.
std::vector<Metric> runMetrics();

/// The metric of this name; null where it is not described.
const Metric* findMetric(const std::vector<Metric>& metrics, std::string_view name);

/// The one that is the score; null without.
const Metric* scoreOf(const std::vector<Metric>& metrics);

/// Whether a value is better than the best so far.
bool isBetter(const Metric& metric, double value, double best);

/// "23.11 dB", "98.2 %", "−1.52", "0.01234".
std::string valueText(const Metric& metric, double value);

}  // namespace signet::training
