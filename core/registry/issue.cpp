#include "core/registry/issue.h"

#include <fmt/format.h>

#include <random>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/new_folder.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/registry/identification.h"

namespace signet::registry {
namespace {

constexpr int kBitsAMarginBit = 32;
constexpr int kDraws = 100;  ///< of a code, before it is given up

std::vector<std::uint8_t> safeCode(const RegisteredCodes& others) {
    std::random_device source;
    for (int i = 0; i < kDraws; ++i)
        if (auto code = drawnBits(others.codes.bits(), source); isAtSafeDistance(code, others)) return code;
    throw Error(ErrorCode::BadOption, fmt::format("codes of {} bits are too short to tell {} instances apart",
                                                  others.codes.bits(), others.ids.size() + 1));
}

std::string usualLicence(const Instance& instance) {
    return fmt::format(
        "This generator is an instance of the model {} (weights {}),\nissued to {} on {}.\nEvery picture "
        "that "
        "it draws carries a fingerprint by which the issuer can tell it from the pictures of all other "
        "instances.\nIt is not to be handed on.\n",
        instance.model, instance.modelSha256, instance.holder, instance.issuedUtc);
}

}  // namespace

bool isAtSafeDistance(const std::vector<std::uint8_t>& code, const RegisteredCodes& others) {
    const int bits = others.codes.bits();
    const int needed = neededBits(bits, static_cast<std::int64_t>(others.ids.size()) + 1, {});
    if (needed > bits) return false;
    const auto nearest =
        fingerprint::nearestCodes(others.codes, fingerprint::PackedCodes::packed(code), 1, 1);
    return nearest.empty() || bits - nearest.front().differing < needed - bits / kBitsAMarginBit;
}

Instance issue(fingerprint::FingerprintModel& model, InstanceRegistry& registry,
               const IssueRequest& request) {
    if (request.holder.empty()) throw Error(ErrorCode::BadOption, "an instance needs a holder");
    Instance instance;
    instance.bits = model.bits();
    instance.model = model.manifest().name;
    instance.modelSha256 = model.manifest().weightsSha256;
    instance.holder = request.holder;
    instance.notes = request.notes;
    instance.issuedUtc = utcNow();

    for (;;) {
        const auto code = safeCode(registry.codesOf(instance.modelSha256, instance.bits));
        instance.codeHex = hexFromBits(code);
        NewFolder folder(request.folder);
        instance.generatorSha256 =
            model.writeInstance(code, folder.made(), folder.name(), request.holder, instance.issuedUtc)
                .weightsSha256;
        writeFileAtomically(folder.made() / "LICENCE.txt",
                            request.licence.empty() ? usualLicence(instance) : request.licence,
                            IfExists::Refuse);
        folder.put();
        // Another process may have issued meanwhile.
        const bool added = registry.add(
            instance, [&](const RegisteredCodes& others) { return isAtSafeDistance(code, others); });
        if (!added) continue;
        folder.keep();
        return instance;
    }
}

}  // namespace signet::registry
