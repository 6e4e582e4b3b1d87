#include "core/signature/stuck_watch.h"

#include <fmt/format.h>

namespace signet::signature {
namespace {

constexpr double kChance = 0.685;  ///< ln 2 = 0.693 is what guessing costs
constexpr double kMemory = 0.9;    ///< of the running mean, a record
constexpr double kRiseDb = 0.05;

std::optional<double> number(const Json& record, const std::string& key) {
    const auto at = record.find(key);
    if (at == record.end() || !at->is_number()) return std::nullopt;
    return at->get<double>();
}

}  // namespace

std::optional<std::string> StuckWatch::see(const Json& record) {
    const auto step = record.find("step");
    if (step == record.end() || !step->is_number_unsigned()) return std::nullopt;
    if (auto advice = atChance(step->get<std::uint64_t>(), record)) return advice;
    return ladderStands(step->get<std::uint64_t>(), record);
}

std::optional<double> StuckWatch::guessedLoss(std::uint64_t step, const Json& record) const {
    const auto weighted = number(record, m_signs.loss);
    if (!weighted || step < m_signs.from || m_signs.weight <= 0) return std::nullopt;
    return *weighted / m_signs.weight;
}

std::optional<std::string> StuckWatch::atChance(std::uint64_t step, const Json& record) {
    const auto loss = guessedLoss(step, record);
    if (!loss) return std::nullopt;
    m_loss = kMemory * m_loss + (1 - kMemory) * *loss;
    m_weight = kMemory * m_weight + (1 - kMemory);
    if (m_loss / m_weight < kChance || step < m_chanceSince) {
        m_chanceSince = step;
        return std::nullopt;
    }
    if (step < m_chanceSince + kPatience) return std::nullopt;
    const auto since = step - m_chanceSince;
    m_chanceSince = step;
    return fmt::format(
        "the {} loss has stayed at {:.3f} for {} steps: that is guessing (0.693). What helps, in this order: "
        "{}",
        m_signs.hasCode ? "bit" : "classification", m_loss / m_weight, since,
        m_signs.hasCode
            ? "a stronger residual at the start (startDb 20 or lower), no attacks before the bits are read "
              "(openAccuracy 0.95), learningRate 1e-3 with a batch of 12 or more, fewer bits first, another "
              "seed"
            : "a larger lambda, a stronger residual at the start (startDb, or startLevel), a larger "
              "learningRate, another seed");
}

std::optional<std::string> StuckWatch::ladderStands(std::uint64_t step, const Json& record) {
    const auto db = number(record, "psnr_db");
    if (!db || !m_signs.highestDb) return std::nullopt;
    if (*db > m_highestDb + kRiseDb || step < m_risenAt || *db >= *m_signs.highestDb) {
        m_highestDb = *db;
        m_risenAt = step;
        return std::nullopt;
    }
    if (step < m_risenAt + kPatience) return std::nullopt;
    const auto since = step - m_risenAt;
    m_risenAt = step;
    return fmt::format(
        "the ladder has stood at {:.2f} dB for {} steps: the running accuracy does not reach holdAccuracy. "
        "What "
        "helps: a smaller holdAccuracy or rise, milder attacks (cropSide, rotation), wider networks, a "
        "smaller "
        "learningRate; near the end of a run this is as far as it goes",
        *db, since);
}

}  // namespace signet::signature
