#include "core/registry/issue.h"

#include <fmt/format.h>

#include <random>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/registry/identification.h"

namespace fs = std::filesystem;

namespace signet::registry {
namespace {

constexpr int kBitsAMarginBit = 32;
constexpr int kDraws = 100;  ///< of a code, before it is given up

std::vector<std::uint8_t> drawnCode(int bits) {
    std::random_device random;
    std::vector<std::uint8_t> code(static_cast<std::size_t>(bits));
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i % 32 == 0) word = random();
        code[i] = word >> (i % 32) & 1;
    }
    return code;
}

std::vector<std::uint8_t> safeCode(const RegisteredCodes& others) {
    for (int i = 0; i < kDraws; ++i)
        if (auto code = drawnCode(others.codes.bits()); isAtSafeDistance(code, others)) return code;
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

/// A folder that goes again unless it is kept.
class NewFolder {
public:
    explicit NewFolder(fs::path path) : m_path(std::move(path)) {}
    ~NewFolder() {
        std::error_code ignored;
        if (!m_path.empty()) fs::remove_all(m_path, ignored);
    }
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;
    const fs::path& path() const { return m_path; }
    /// Throws Exists where there is something of that name by now.
    void rename(const fs::path& name) {
        std::error_code error;
        fs::rename(m_path, name, error);
        if (error) throwFileError(error.value(), name, "write");
        m_path = name;
    }
    void keep() { m_path.clear(); }

private:
    fs::path m_path;
};

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
    const fs::path folder = fs::absolute(request.folder).lexically_normal();
    if (fs::exists(folder))
        throw Error(ErrorCode::Exists, fmt::format("{} is there already", toUtf8(folder.string())));
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
        NewFolder made(folder.parent_path() /
                       fmt::format(".{}.{}", folder.filename().string(), instance.codeHex.substr(0, 8)));
        models::Manifest manifest =
            model.writeInstance(code, made.path(), request.holder, instance.issuedUtc);
        manifest.name = folder.filename().string();
        models::saveManifest(manifest);
        writeFileAtomically(made.path() / "LICENCE.txt",
                            request.licence.empty() ? usualLicence(instance) : request.licence,
                            IfExists::Refuse);
        instance.generatorSha256 = manifest.weightsSha256;
        made.rename(folder);
        flushFolder(folder.parent_path());
        // Another process may have issued meanwhile.
        const bool added = registry.add(
            instance, [&](const RegisteredCodes& others) { return isAtSafeDistance(code, others); });
        if (!added) continue;
        made.keep();
        return instance;
    }
}

}  // namespace signet::registry
