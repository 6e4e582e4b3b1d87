#include "core/registry/instance_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace signet::registry {
namespace {

enum Column { Code, Bits, Model, ModelSha256, Holder, GeneratorSha256, IssuedUtc, Status, Notes };
constexpr std::array kColumns{"code",       "bits",   "model", "model_sha256", "holder", "generator_sha256",
                              "issued_utc", "status", "notes"};
constexpr std::size_t kMostDigits = 4;  ///< of a number of bits

int bitsOf(const std::string& text) {
    if (text.empty() || text.size() > kMostDigits ||
        text.find_first_not_of("0123456789") != std::string::npos)
        throw Error(ErrorCode::BadOption, fmt::format("\"{}\" is no number of bits", toUtf8(text)));
    const int bits = std::stoi(text);
    if (bits < 1) throw Error(ErrorCode::BadOption, "a code has at least one bit");
    return bits;
}

bool isRevoked(const std::string& status) {
    if (status != kActive && status != kRevoked)
        throw Error(ErrorCode::BadOption,
                    fmt::format("\"{}\" is no status: {} or {}", toUtf8(status), kActive, kRevoked));
    return status == kRevoked;
}

}  // namespace

std::string instanceCsvHeader() {
    std::string header;
    for (const char* column : kColumns) header += (header.empty() ? "" : ",") + std::string(column);
    return header + "\n";
}

std::string instanceCsvLine(const Instance& i) {
    const std::array<std::string, kColumns.size()> cells{
        i.codeHex,   std::to_string(i.bits),         i.model, i.modelSha256, i.holder, i.generatorSha256,
        i.issuedUtc, i.revoked ? kRevoked : kActive, i.notes};
    std::string line;
    for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csvField(cell);
    return line + "\n";
}

InstanceCsv::InstanceCsv(const std::string& header, const std::string& file) {
    const std::vector<std::string> there = csvFields(header);
    m_cells = there.size();
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const auto found = std::find(there.begin(), there.end(), kColumns[i]);
        if (found == there.end())
            throw Error(ErrorCode::Corrupt,
                        fmt::format("{} has no column \"{}\" in its first line", file, kColumns[i]));
        m_place[i] = static_cast<std::size_t>(found - there.begin());
    }
}

Instance InstanceCsv::read(const std::string& line) const {
    std::vector<std::string> cells = csvFields(line);
    if (cells.size() != m_cells)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} cells where the header has {}", cells.size(), m_cells));
    const auto take = [&](Column column) -> std::string& { return cells[m_place[column]]; };
    Instance instance;
    instance.codeHex = std::move(take(Code));
    instance.bits = bitsOf(take(Bits));
    instance.model = std::move(take(Model));
    instance.modelSha256 = std::move(take(ModelSha256));
    instance.holder = std::move(take(Holder));
    instance.generatorSha256 = std::move(take(GeneratorSha256));
    instance.issuedUtc = std::move(take(IssuedUtc));
    instance.revoked = isRevoked(take(Status));
    instance.notes = std::move(take(Notes));
    return instance;
}

}  // namespace signet::registry
