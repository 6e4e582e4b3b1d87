#pragma once

#include <QString>
#include <QStringList>
#include <map>
#include <vector>

#include "core/base/json.h"
#include "core/metrics/curve_points.h"

namespace signet::ui {

/// All curves of one run as read from its metrics.jsonl: every record, every number. A record costs 24 bytes
/// and 16 a number.
class RunCurves {
public:
    void clear();
    void add(const Json& record);

    /// Names of the curves, those of validation first, then in the order they appeared.
    QStringList metrics() const;
    /// Points of a metric from its number first on; none for a metric this run does not have.
    std::vector<metrics::CurvePoint> points(const QString& metric, std::size_t first = 0) const;
    std::size_t count(const QString& metric) const;

private:
    struct Moment {
        std::uint64_t step, images;
        double seconds;
    };
    struct Value {
        std::size_t moment;
        double value;
    };
    std::vector<Moment> m_moments;
    std::vector<QString> m_names;
    std::map<QString, std::vector<Value>> m_values;
};

}  // namespace signet::ui
