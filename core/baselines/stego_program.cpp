#include "core/baselines/stego_program.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/run_program.h"
#include "core/base/temporary_folder.h"
#include "core/base/text.h"
#include "core/image/encode.h"

namespace fs = std::filesystem;

namespace signet::baselines {
namespace {

constexpr std::size_t kLongestMessage = 4096, kLongestKey = 255;  ///< bytes
constexpr std::size_t kOutguessTail = 4;                          ///< bytes behind the message
constexpr std::size_t kShownWords = 300;  ///< bytes of what a program said, in a message
constexpr std::uint64_t kFlipStream = 71;

/// What they say where there is no message, or none with this key.
constexpr std::array<std::string_view, 5> kNothingFound{
    "datalen is too long", "wrong data len",                                 // outguess 0.4
    "could not extract any data", "too short to contain the embedded data",  // steghide 0.5.1
    "the embedded data has an invalid length"};

std::size_t embeddedLength(StegoProgram program, std::size_t messageBytes) {
    return messageBytes + (program == StegoProgram::Outguess ? kOutguessTail : 0);
}

void requireUsable(StegoProgram program, const std::string& key, std::size_t messageBytes) {
    if (key.empty() || key.size() > kLongestKey || key.find('\0') != std::string::npos)
        throw Error(ErrorCode::BadOption, fmt::format("the key has 1 to {} characters", kLongestKey));
    if (messageBytes == 0 || messageBytes > kLongestMessage)
        throw Error(ErrorCode::BadOption,
                    fmt::format("the message has {} bytes; it has 1 to {}", messageBytes, kLongestMessage));
    if (!isInstalled(program))
        throw Error(ErrorCode::Environment,
                    fmt::format("{0} is not installed: install the package {0} (sudo apt-get install {0})",
                                toString(program)));
}

/// As outguess reads it: the JPEG it makes is then the picture's first compression.
Bytes portablePixmap(const image::Image& picture) {
    const std::string header = fmt::format("P6\n{} {}\n255\n", picture.width, picture.height);
    Bytes bytes(header.begin(), header.end());
    bytes.insert(bytes.end(), picture.data.begin(), picture.data.end());
    return bytes;
}

/// The end of what a program said, on one line.
std::string wordsOf(StegoProgram program, const ProgramEnd& end) {
    const std::string_view all = end.errors;
    std::string words = toUtf8(std::string(all.substr(all.size() - std::min(all.size(), kShownWords))));
    std::replace(words.begin(), words.end(), '\n', ' ');
    return fmt::format("{} ended with status {}: {}", toString(program), end.status,
                       words.empty() ? "without a word" : words);
}

/// outguess also divides by zero where a length that it takes for a message's cannot be.
bool foundNothing(StegoProgram program, const ProgramEnd& end) {
    if (program == StegoProgram::Outguess && end.status == 128 + SIGFPE) return true;
    return std::any_of(kNothingFound.begin(), kNothingFound.end(),
                       [&](std::string_view words) { return end.errors.find(words) != std::string::npos; });
}

/// Without a flush to the disk: nobody needs these files after a power failure.
void writeScratch(const fs::path& path, std::span<const std::uint8_t> bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file)
        throw Error(ErrorCode::DiskFull, toUtf8(path.string()) + " could not be written: is the disk full?");
}

Bytes readIfThere(const fs::path& path) {
    return fs::exists(path) ? readFile(path) : Bytes();
}

}  // namespace

std::string_view toString(StegoProgram program) {
    return program == StegoProgram::Outguess ? "outguess" : "steghide";
}

bool isInstalled(StegoProgram program) {
    return !findProgram(std::string(toString(program))).empty();
}

Bytes embed(StegoProgram program, const image::Image& picture, std::span<const std::uint8_t> message,
            const std::string& key, int quality, std::chrono::milliseconds timeout) {
    requireUsable(program, key, message.size());
    if (quality < 1 || quality > 100)
        throw Error(ErrorCode::BadOption, fmt::format("quality is {}; it lies in 1..100", quality));
    const image::Image pixels = image::toRgb8(picture);
    const TemporaryFolder folder("stego");
    const fs::path hidden = folder.path() / "message", out = folder.path() / "out.jpg";
    Bytes padded(message.begin(), message.end());
    padded.resize(embeddedLength(program, message.size()));
    writeScratch(hidden, padded);

    std::vector<std::string> command;
    if (program == StegoProgram::Outguess) {
        const fs::path cover = folder.path() / "cover.ppm";
        writeScratch(cover, portablePixmap(pixels));
        command = {
            "outguess", "-k",           key,         "-p", std::to_string(quality), "-d", hidden.string(),
            "--",       cover.string(), out.string()};
    } else {
        const fs::path cover = folder.path() / "cover.jpg";
        writeScratch(
            cover,
            image::encode(pixels, {.format = image::Format::Jpeg, .quality = quality, .subsample = true}));
        // Without encryption, compression, checksum and name: the message's own bits.
        command = {"steghide", "embed",
                   "-cf",      cover.string(),
                   "-ef",      hidden.string(),
                   "-sf",      out.string(),
                   "-p",       key,
                   "-e",       "none",
                   "-Z",       "-K",
                   "-N",       "-f",
                   "-q"};
    }
    const ProgramEnd end = runProgram(command, timeout);
    Bytes jpeg = end.status == 0 ? readIfThere(out) : Bytes();
    // outguess ends well, too, where it embedded a part of the message only.
    const auto back = jpeg.empty() ? std::nullopt : extract(program, jpeg, key, message.size(), timeout);
    if (!back || !std::equal(back->begin(), back->end(), message.begin(), message.end()))
        throw Error(ErrorCode::TooSmall,
                    fmt::format("{} bytes could not be hidden in a picture of {}x{} px; {}", padded.size(),
                                pixels.width, pixels.height, wordsOf(program, end)));
    return jpeg;
}

std::optional<Bytes> extract(StegoProgram program, std::span<const std::uint8_t> jpeg, const std::string& key,
                             std::size_t messageBytes, std::chrono::milliseconds timeout) {
    requireUsable(program, key, messageBytes);
    const TemporaryFolder folder("stego");
    const fs::path carrier = folder.path() / "in.jpg", found = folder.path() / "message";
    writeScratch(carrier, jpeg);
    const std::vector<std::string> command =
        program == StegoProgram::Outguess
            ? std::vector<std::string>{"outguess", "-k", key, "-r", "--", carrier.string(), found.string()}
            : std::vector<std::string>{
                  "steghide", "extract", "-sf", carrier.string(), "-xf", found.string(), "-p",
                  key,        "-f",      "-q"};
    const ProgramEnd end = runProgram(command, timeout);
    if (end.status != 0) {
        if (foundNothing(program, end)) return std::nullopt;
        throw Error(ErrorCode::Corrupt, "the file could not be looked into; " + wordsOf(program, end));
    }
    auto message = readIfThere(found);
    if (message.size() != embeddedLength(program, messageBytes)) return std::nullopt;
    message.resize(messageBytes);
    return message;
}

StegoReading bitsRead(const std::optional<Bytes>& extracted, std::span<const std::uint8_t> message,
                      std::uint64_t seed, std::uint64_t picture) {
    if (extracted && extracted->size() != message.size())
        throw Error(ErrorCode::BadOption, fmt::format("{} bytes were extracted of a message of {}",
                                                      extracted->size(), message.size()));
    StegoReading reading{.extracted = extracted.has_value()};
    StepRandom random(seed, kFlipStream, picture);
    for (std::size_t i = 0; i < 8 * message.size(); ++i) {
        const auto bitOf = [&](std::uint8_t byte) {
            return static_cast<std::uint8_t>((byte >> (7 - i % 8)) & 1);
        };
        const std::uint8_t read =
            extracted ? bitOf((*extracted)[i / 8]) : static_cast<std::uint8_t>(random.chance(0.5));
        reading.bits.push_back(read);
        reading.right += read == bitOf(message[i / 8]);
    }
    return reading;
}

}  // namespace signet::baselines
