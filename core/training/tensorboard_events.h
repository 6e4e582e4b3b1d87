#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/append_file.h"

namespace signet::training {

/// Scalars as a TensorBoard event file: TFRecord frames (length and masked CRC32C, data and masked CRC32C) of
/// tensorflow.Event messages. For one thread.
class TensorBoardEvents {
public:
    using Scalars = std::vector<std::pair<std::string, double>>;

    /// Begins a file of its own in folder (events.out.tfevents.<time>.<host>.<process>). A run that is
    /// resumed at firstStep > 0 says so: readers then drop what earlier files hold from that step on. Throws
    /// NoPermission, DiskFull.
    TensorBoardEvents(const std::filesystem::path& folder, std::uint64_t firstStep);

    /// One event with all scalars of a step. Throws DiskFull; the file then ends before the event.
    void add(std::uint64_t step, const Scalars& scalars);

private:
    void write(std::string_view event);

    AppendFile m_file;
};

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as RFC 3720 appendix B.4 tests it.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace signet::training
