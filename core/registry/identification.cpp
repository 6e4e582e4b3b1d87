#include "core/registry/identification.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/fingerprint/fingerprint_model.h"
#include "core/metrics/binomial.h"

namespace signet::registry {
namespace {

constexpr double kPaperShare = 0.95;  ///< of the bits; of 128 that is 121.6, and the paper takes 121
constexpr std::size_t kLookedAt = 8;  ///< nearest codes that rivals are looked for among

/// log10 of 2 * sigmoid(x), without overflow.
double log10Twice(double x) {
    return std::log10(2.0) - std::log1p(std::exp(-std::abs(x))) / std::numbers::ln10 +
           std::min(x, 0.0) / std::numbers::ln10;
}

}  // namespace

int neededBits(int bits, std::int64_t databaseSize, const IdentifyOptions& options) {
    if (options.rule == AcceptanceRule::PaperOverlap) return static_cast<int>(bits * kPaperShare);
    const auto needed = metrics::matchThreshold(bits, options.alpha,
                                                static_cast<double>(std::max<std::int64_t>(1, databaseSize)));
    return needed ? static_cast<int>(*needed) : bits + 1;
}

Identifier::Identifier(InstanceRegistry& registry, const std::string& modelSha256, int bits,
                       IdentifyOptions options)
    : m_registry(registry), m_options(options), m_registered(registry.codesOf(modelSha256, bits)) {}

CodeAgreement Identifier::agreementOf(const fingerprint::NearestCode& code, std::span<const float> logits) {
    CodeAgreement agreement;
    agreement.instance = m_registry.find(m_registered.ids[code.index]);
    const int bits = m_registered.codes.bits();
    agreement.matched = bits - code.differing;
    agreement.log10P = metrics::log10BinomialTail(bits, agreement.matched);
    agreement.log10PCorrected =
        metrics::correctedLog10P(agreement.log10P, static_cast<double>(databaseSize()));
    const auto registered = bitsFromHex(agreement.instance.codeHex, bits);
    for (std::size_t i = 0; i < registered.size(); ++i)
        agreement.log10Support += log10Twice(registered[i] != 0 ? logits[i] : -logits[i]);
    return agreement;
}

Identification Identifier::identify(std::span<const float> logits) {
    const int bits = m_registered.codes.bits();
    if (logits.size() != static_cast<std::size_t>(bits))
        throw Error(ErrorCode::BadOption,
                    fmt::format("a code of {} bits is looked for among those of {}", logits.size(), bits));
    const auto code = fingerprint::codeOf(logits);
    Identification found;
    found.decodedHex = hexFromBits(code);
    found.databaseSize = databaseSize();
    found.needed = neededBits(bits, found.databaseSize, m_options);
    const auto nearest = fingerprint::nearestCodes(m_registered.codes, fingerprint::PackedCodes::packed(code),
                                                   kLookedAt, m_options.threads);
    for (const auto& one : nearest) {
        if (found.nearest && bits - one.differing < found.needed) break;
        CodeAgreement agreement = agreementOf(one, logits);
        if (!found.nearest)
            found.nearest = std::move(agreement);
        else if (agreement.instance.holder != found.nearest->instance.holder)
            found.rivals.push_back(std::move(agreement));
    }
    found.accepted = found.nearest && found.nearest->matched >= found.needed && found.rivals.empty();
    return found;
}

}  // namespace signet::registry
