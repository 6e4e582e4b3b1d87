#include "core/training/tensorboard_events.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstring>

#include "core/base/platform.h"

namespace signet::training {
namespace {

// The wire form of protocol buffers: a key is (field number << 3 | kind).
constexpr char kDouble = 1;
constexpr char kBytes = 2;
constexpr char kFloat = 5;
constexpr char kVarint = 0;

void putVarint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

void putKey(std::string& out, int field, char kind) {
    putVarint(out, static_cast<std::uint64_t>(field << 3 | kind));
}

template <typename Number>
void putFixed(std::string& out, Number value) {
    static_assert(std::endian::native == std::endian::little);
    const auto at = out.size();
    out.resize(at + sizeof value);
    std::memcpy(out.data() + at, &value, sizeof value);
}

void putText(std::string& out, int field, std::string_view text) {
    putKey(out, field, kBytes);
    putVarint(out, text.size());
    out += text;
}

double secondsSinceEpoch() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Event: 1 wall_time (double), 2 step (int64).
std::string eventAt(std::uint64_t step) {
    std::string event;
    putKey(event, 1, kDouble);
    putFixed(event, secondsSinceEpoch());
    putKey(event, 2, kVarint);
    putVarint(event, step);
    return event;
}

std::uint32_t masked(std::uint32_t crc) {
    return std::rotr(crc, 15) + 0xa282ead8u;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> entries{};
        for (std::uint32_t i = 0; i < entries.size(); ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0x82f63b78u : 0);
            entries[i] = value;
        }
        return entries;
    }();
    std::uint32_t crc = ~0u;
    for (const char byte : bytes) crc = table[(crc ^ static_cast<std::uint8_t>(byte)) & 0xff] ^ crc >> 8;
    return ~crc;
}

TensorBoardEvents::TensorBoardEvents(const std::filesystem::path& folder, std::uint64_t firstStep) {
    m_file = AppendFile(folder / fmt::format("events.out.tfevents.{:016.6f}.{}.{}", secondsSinceEpoch(),
                                             hostName(), ::getpid()));
    std::string event = eventAt(0);
    putText(event, 3, "brain.Event:2");  // file_version
    write(event);
    if (firstStep > 0) {
        event = eventAt(firstStep + 1);
        std::string session;
        putKey(session, 1, kVarint);  // SessionLog.status
        putVarint(session, 1);        // START
        putText(event, 7, session);
        write(event);
    }
}

void TensorBoardEvents::add(std::uint64_t step, const Scalars& scalars) {
    std::string summary;
    for (const auto& [tag, number] : scalars) {
        std::string value;
        putText(value, 1, tag);
        putKey(value, 2, kFloat);  // simple_value
        putFixed(value, static_cast<float>(number));
        putText(summary, 1, value);
    }
    std::string event = eventAt(step);
    putText(event, 5, summary);
    write(event);
}

void TensorBoardEvents::write(std::string_view event) {
    std::string frame;
    putFixed(frame, static_cast<std::uint64_t>(event.size()));
    putFixed(frame, masked(crc32c(frame)));
    frame += event;
    putFixed(frame, masked(crc32c(event)));
    m_file.append(frame);
}

}  // namespace signet::training
