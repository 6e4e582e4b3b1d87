#include "ui/training/run_curves.h"

#include <algorithm>
#include <limits>

#include "core/training/metric.h"
#include "core/training/run_progress.h"

namespace signet::ui {
void RunCurves::clear() {
    *this = RunCurves();
}

void RunCurves::add(const Json& record) {
    const auto step = record.find("step");
    if (step == record.end() || !step->is_number_unsigned()) return;
    const auto number = [&](const char* key) {
        const auto at = record.find(key);
        return at != record.end() && at->is_number() ? at->get<double>() : 0;
    };
    m_moments.push_back(
        {step->get<std::uint64_t>(), static_cast<std::uint64_t>(number("images")), number("process_s")});
    for (const auto& [key, value] : record.items()) {
        if (!training::isCurve(key) || !(value.is_number() || value.is_null())) continue;
        const QString name = QString::fromStdString(key);
        auto& values = m_values[name];
        if (values.empty()) m_names.push_back(name);
        values.push_back({m_moments.size() - 1, value.is_number()
                                                    ? value.get<double>()
                                                    : std::numeric_limits<double>::quiet_NaN()});
    }
}

QStringList RunCurves::metrics() const {
    QStringList names(m_names.begin(), m_names.end());
    std::stable_partition(names.begin(), names.end(),
                          [](const QString& name) { return training::isOfValidation(name.toStdString()); });
    return names;
}

std::vector<metrics::CurvePoint> RunCurves::points(const QString& metric, std::size_t first) const {
    std::vector<metrics::CurvePoint> points;
    const auto at = m_values.find(metric);
    if (at == m_values.end()) return points;
    for (std::size_t i = first; i < at->second.size(); ++i) {
        const Moment& moment = m_moments[at->second[i].moment];
        points.push_back({moment.step, moment.images, moment.seconds, at->second[i].value});
    }
    return points;
}

std::size_t RunCurves::count(const QString& metric) const {
    const auto at = m_values.find(metric);
    return at == m_values.end() ? 0 : at->second.size();
}

}  // namespace signet::ui
