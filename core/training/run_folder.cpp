#include "core/training/run_folder.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/base/error.h"

namespace fs = std::filesystem;

namespace signet::training {
namespace {
constexpr const char* kLast = "checkpoint.safetensors";
constexpr const char* kPrevious = "checkpoint.previous.safetensors";
}  // namespace

RunFolder::RunFolder(fs::path folder) : m_folder(std::move(folder)) {
    std::error_code error;
    fs::create_directories(m_folder, error);
    if (error)
        throw Error(error == std::errc::no_space_on_device ? ErrorCode::DiskFull : ErrorCode::NoPermission,
                    fmt::format("cannot create the run folder {}: {}", m_folder.string(), error.message()));
}

bool RunFolder::hasCheckpoint() const {
    return fs::exists(m_folder / kLast) || fs::exists(m_folder / kPrevious);
}

void RunFolder::writeConfig(const Json& config) {
    writeFileAtomically(m_folder / "config.json", config.dump(2) + "\n", IfExists::Replace);
}

Json RunFolder::readConfig() const {
    try {
        return Json::parse(readTextFile(m_folder / "config.json"));
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Corrupt, fmt::format("{} is not JSON", (m_folder / "config.json").string()));
    }
}

void RunFolder::openMetrics(std::uint64_t step) {
    const fs::path path = m_folder / "metrics.jsonl";
    std::string kept;
    if (fs::exists(path)) {
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);) {
            const Json record = Json::parse(line, nullptr, false);
            const auto at = record.is_object() ? record.find("step") : record.end();
            if (at != record.end() && at->is_number_unsigned() && at->get<std::uint64_t>() <= step)
                kept += line + "\n";
        }
    }
    writeFileAtomically(path, kept, IfExists::Replace);
    m_metrics.open(path, std::ios::app);
}

void RunFolder::appendMetrics(const Json& record) {
    m_metrics << record.dump() << "\n" << std::flush;
    if (!m_metrics)
        throw Error(ErrorCode::DiskFull,
                    fmt::format("cannot write {}", (m_folder / "metrics.jsonl").string()));
}

void RunFolder::writeCheckpoint(const nn::TensorMap& tensors, const nn::TextMap& metadata) {
    const Bytes bytes = nn::serializeSafeTensors(tensors, metadata);
    const fs::path aside = m_folder / "checkpoint.new.safetensors";
    writeFileAtomically(aside, bytes, IfExists::Replace);
    if (fs::exists(m_folder / kLast)) fs::rename(m_folder / kLast, m_folder / kPrevious);
    fs::rename(aside, m_folder / kLast);
}

nn::SafeTensors RunFolder::readCheckpoint() const {
    try {
        return nn::loadSafeTensors(m_folder / kLast);
    } catch (const Error& error) {
        if (!fs::exists(m_folder / kPrevious)) throw;
        spdlog::warn("the last checkpoint cannot be used ({}); going back to the one before", error.what());
        return nn::loadSafeTensors(m_folder / kPrevious);
    }
}

}  // namespace signet::training
