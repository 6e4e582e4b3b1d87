#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/image/image.h"
#include "core/models/manifest.h"

namespace signet::examine {

// What Attacker::name() begins with; a colon and its strength may follow ("regenerate:40").
inline constexpr const char* kRemoverWay = "remover";
inline constexpr const char* kRegenerationWay = "regenerate";
inline constexpr const char* kSurrogateWay = "surrogate";
inline constexpr const char* kWhiteBoxRemovalWay = "white-box-removal";
inline constexpr const char* kWhiteBoxSpoofingWay = "white-box-spoofing";

/// A picture that is attacked, and what the attacker may know of it.
struct Attacked {
    const image::Image& picture;         ///< 8-bit RGB
    std::span<const std::uint8_t> code;  ///< that it is signed with, or in an unsigned one would be forged
    std::uint64_t seed = 0;              ///< decides all that is drawn
};

/// Whoever changes pictures so that a signature is not found any more, or is found where there is none. For
/// one thread.
class Attacker {
public:
    virtual ~Attacker() = default;
    /// What the rows after it are called.
    virtual std::string name() const = 0;
    /// The model whose networks it attacks with.
    virtual const models::Manifest& model() const = 0;
    /// What its records say beside the name: that model, its SHA-256, and all that decides the result.
    virtual Json settings() const = 0;
    /// The picture after it, of the same size; not to be used where the work was stopped. Throws
    /// signet::Error.
    virtual image::Image attack(const Attacked& attacked, const WorkContext& context) = 0;
};

}  // namespace signet::examine
