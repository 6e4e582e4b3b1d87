#include "core/metrics/measured.h"

#include <limits>

namespace signet::metrics {
namespace {

double numberOr(const Json& json, double otherwise) {
    return json.is_null() ? otherwise : json.get<double>();
}

}  // namespace

double Proportion::value() const {
    return n > 0 ? static_cast<double>(k) / static_cast<double>(n) : std::numeric_limits<double>::quiet_NaN();
}

Json toJson(const Interval& interval) {
    return Json::array({finiteOrNull(interval.lower), finiteOrNull(interval.upper)});
}

Json toJson(const Proportion& p) {
    return {{"value", finiteOrNull(p.value())}, {"k", p.k}, {"n", p.n}, {"ci95", toJson(p.ci95())}};
}

Json toJson(const MeanCi95& m) {
    return {{"value", finiteOrNull(m.mean)}, {"n", m.n}, {"ci95", toJson(m.ci95)}};
}

Proportion proportionFromJson(const Json& json) {
    return {json.at("k").get<std::int64_t>(), json.at("n").get<std::int64_t>()};
}

MeanCi95 meanFromJson(const Json& json) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    MeanCi95 m;
    m.mean = numberOr(json.at("value"), std::numeric_limits<double>::quiet_NaN());
    m.n = json.at("n").get<int>();
    m.ci95 = {numberOr(json.at("ci95").at(0), -kInfinity), numberOr(json.at("ci95").at(1), kInfinity)};
    return m;
}

}  // namespace signet::metrics
