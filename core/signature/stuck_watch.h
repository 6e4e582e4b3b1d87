#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/base/json.h"

namespace signet::signature {

/// Notices training that does not get on, from the records of its curves, and says what helps. The advice
/// comes from trials on this project's networks and from what users of other watermarking systems report
/// (bits that stay at chance are their commonest complaint). For one thread.
class StuckWatch {
public:
    /// What shows it; an objective gives its own.
    struct Signs {
        bool hasCode = false;
        std::string loss;        ///< the record's key of the cross entropy that is 0.693 while it guesses
        double weight = 1;       ///< the loss term stands in the record times this
        std::uint64_t from = 0;  ///< step from which the weight is whole
        std::optional<double> highestDb;  ///< where a ladder of PSNR ends; nothing: there is none
    };
    explicit StuckWatch(Signs signs) : m_signs(std::move(signs)) {}

    /// Advice where the record is the one that shows it; the same again only after kPatience further steps.
    std::optional<std::string> see(const Json& record);

    static constexpr std::uint64_t kPatience =
        1000;  ///< steps at chance, or without a rise, that are too many

private:
    std::optional<std::string> atChance(std::uint64_t step, const Json& record);
    std::optional<std::string> ladderStands(std::uint64_t step, const Json& record);
    /// The cross entropy that is 0.693 while the detector guesses.
    std::optional<double> guessedLoss(std::uint64_t step, const Json& record) const;

    Signs m_signs;
    double m_loss = 0, m_weight = 0;  ///< running mean of the loss that should fall below chance
    std::uint64_t m_chanceSince = 0;  ///< step from which it has been at chance
    double m_highestDb = -1;
    std::uint64_t m_risenAt = 0;
};

}  // namespace signet::signature
