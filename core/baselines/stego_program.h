#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file_io.h"
#include "core/image/image.h"

namespace signet::baselines {

/// Programs that hide a message in a JPEG's coefficients, as paper B's table 1 compares with (after Yu et al.
/// 2021, who put them in their encoder's place: the same message in every picture that a generator learns
/// from). Installed from packages of these names, or absent.
enum class StegoProgram { Outguess, Steghide };

/// "outguess", "steghide": of the program and its package.
std::string_view toString(StegoProgram program);

bool isInstalled(StegoProgram program);

/// Longer than they take for pictures of many megapixels.
inline constexpr std::chrono::milliseconds kStegoTimeout{60'000};

/// The bytes of a JPEG (4:2:0, as outguess makes them) of a picture that carries a message. picture: taken as
/// 8-bit RGB. message: 1 to 4096 bytes; outguess gets 4 more, since the last byte it embeds comes back wrong
/// at times. key: what finds it again, up to 255 characters; other users of the machine see it while the
/// program runs. quality: of the JPEG, 1 to 100. Throws Environment where the program is not installed (with
/// what to do about it) or takes longer than the timeout, BadOption, and TooSmall with the program's words
/// where it cannot hide so much in this picture; what is returned has been extracted once.
Bytes embed(StegoProgram program, const image::Image& picture, std::span<const std::uint8_t> message,
            const std::string& key, int quality, std::chrono::milliseconds timeout = kStegoTimeout);

/// The message of messageBytes that a JPEG carries; nothing where the program says that it finds none, or
/// where what it finds has not the length that embed() gave it (outguess takes its length on trust, so that a
/// few in a hundred pictures without a message appear to have one). Throws Environment as embed(), BadOption,
/// and Corrupt with the program's words where it cannot read the file.
std::optional<Bytes> extract(StegoProgram program, std::span<const std::uint8_t> jpeg, const std::string& key,
                             std::size_t messageBytes, std::chrono::milliseconds timeout = kStegoTimeout);

/// What was read of the message that a picture should carry.
struct StegoReading {
    bool extracted = false;
    std::vector<std::uint8_t> bits{};  ///< 0 or 1, the first byte's most significant first
    int right = 0;                     ///< of them
};

/// How an extraction counts: one that failed as so many fair coin flips as the message has bits. Papers do
/// not say how they count it; this way bit accuracies of programs and networks compare, and a p-value of them
/// holds. extracted: what extract() gave for a message of that length. The flips follow from seed and picture
/// (its number). Throws BadOption for another length.
StegoReading bitsRead(const std::optional<Bytes>& extracted, std::span<const std::uint8_t> message,
                      std::uint64_t seed, std::uint64_t picture);

}  // namespace signet::baselines
