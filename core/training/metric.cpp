#include "core/training/metric.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace signet::training {
namespace {

/// As the desktop writes logits: a sign on each, none on zero.
std::string logitText(double value) {
    if (!std::isfinite(value)) return "–";
    const std::string digits = fmt::format("{:.2f}", std::abs(value));
    return (digits == "0.00" ? "" : value < 0 ? "\u2212" : "+") + digits;
}

}  // namespace

std::vector<Metric> runMetrics() {
    return {{"lr", "Learning rate"},
            {"images_per_s", "Images per second", Metric::Unit::Number, Metric::Better::Larger},
            {"data_wait_share", "Data wait share", Metric::Unit::Share, Metric::Better::Smaller},
            {"memory_mib", "Memory (MiB)"},
            {"gpu_memory_mib", "GPU memory (MiB)"},
            {"gpu_load_percent", "GPU load (%)"},
            {"gpu_temperature_celsius", "GPU temperature (°C)"}};
}

const Metric* findMetric(const std::vector<Metric>& metrics, std::string_view name) {
    const auto at = std::find_if(metrics.begin(), metrics.end(),
                                 [&](const Metric& metric) { return metric.name == name; });
    return at == metrics.end() ? nullptr : &*at;
}

const Metric* scoreOf(const std::vector<Metric>& metrics) {
    const auto at =
        std::find_if(metrics.begin(), metrics.end(), [](const Metric& metric) { return metric.isScore; });
    return at == metrics.end() ? nullptr : &*at;
}

bool isBetter(const Metric& metric, double value, double best) {
    return metric.better == Metric::Better::Smaller ? value < best : value > best;
}

std::string valueText(const Metric& metric, double value) {
    switch (metric.unit) {
        case Metric::Unit::Share:
            return fmt::format("{:.1f} %", 100 * value);
        case Metric::Unit::Decibel:
            return fmt::format("{:.2f} dB", value);
        case Metric::Unit::Logit:
            return logitText(value);
        case Metric::Unit::Number:
            break;
    }
    return fmt::format("{:.4g}", value);
}

}  // namespace signet::training
