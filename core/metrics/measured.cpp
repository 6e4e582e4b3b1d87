#include "core/metrics/measured.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace signet::metrics {
namespace {

double numberOr(const Json& json, double otherwise) {
    return json.is_null() ? otherwise : json.get<double>();
}

}  // namespace

double Proportion::value() const {
    return n > 0 ? static_cast<double>(k) / static_cast<double>(n) : std::numeric_limits<double>::quiet_NaN();
}

Spread spreadOf(std::span<const double> values, Better better, const Interval& possible) {
    Spread spread{meanAndCi95(values, possible)};
    std::vector<double> fromWorst;
    std::copy_if(values.begin(), values.end(), std::back_inserter(fromWorst),
                 [](double value) { return std::isfinite(value); });
    if (fromWorst.empty()) return spread;
    std::sort(fromWorst.begin(), fromWorst.end());
    if (better == Better::Lower) std::reverse(fromWorst.begin(), fromWorst.end());
    spread.worst = fromWorst.front();
    spread.worst5 =
        fromWorst[static_cast<std::size_t>(std::ceil(0.05 * static_cast<double>(fromWorst.size()))) - 1];
    return spread;
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

Json toJson(const Spread& s) {
    Json json = toJson(static_cast<const MeanCi95&>(s));
    if (std::isfinite(s.worst)) {
        json["worst"] = s.worst;
        json["worst_5_percent"] = finiteOrNull(s.worst5);
    }
    return json;
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

Spread spreadFromJson(const Json& json) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    Spread spread{meanFromJson(json)};
    if (const auto worst = json.find("worst"); worst != json.end()) {
        spread.worst = numberOr(*worst, kUnknown);
        spread.worst5 = numberOr(json.at("worst_5_percent"), kUnknown);
    }
    return spread;
}

}  // namespace signet::metrics
