#include "core/training/run_folder.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/hashing.h"
#include "core/base/text.h"
#include "core/image/encode.h"

namespace fs = std::filesystem;

namespace signet::training {
namespace {

constexpr const char* kLast = "checkpoint.safetensors";
constexpr const char* kPrevious = "checkpoint.previous.safetensors";
constexpr const char* kBest = "checkpoint.best.safetensors";

fs::path created(fs::path folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw Error(
            error == std::errc::no_space_on_device ? ErrorCode::DiskFull : ErrorCode::NoPermission,
            fmt::format("cannot create the run folder {}: {}", toUtf8(folder.string()), error.message()));
    return folder;
}

/// Another name for the same file: checkpoints are replaced, never changed, so a link is as good as a copy.
void linkOrCopy(const fs::path& from, const fs::path& to) {
    const fs::path aside = to.string() + ".new";
    std::error_code error;
    fs::remove(aside, error);
    fs::create_hard_link(from, aside, error);
    if (error) fs::copy_file(from, aside, fs::copy_options::overwrite_existing);
    fs::rename(aside, to);
}

std::uint64_t stepOf(const Json& record) {
    const auto at = record.is_object() ? record.find("step") : record.end();
    return at != record.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : ~0ull;
}

}  // namespace

RunFolder::RunFolder(fs::path folder)
    : m_folder(created(std::move(folder))),
      m_lock(m_folder / kLockFile, fmt::format("the run {}", toUtf8(m_folder.string()))),
      m_checkpointLog(m_folder / kCheckpointLogFile),
      m_sampleLog(m_folder / kSampleLogFile),
      m_log(m_folder / kLogFile) {
    if (fs::exists(m_folder / kRecordFile)) m_record = readRunRecord(m_folder);
}

bool RunFolder::hasCheckpoint() const {
    return fs::exists(m_folder / kLast) || fs::exists(m_folder / kPrevious);
}

void RunFolder::saveRecord() const {
    writeRunRecord(m_folder, m_record);
}

void RunFolder::openMetrics(std::uint64_t step) {
    const fs::path path = m_folder / kMetricsFile;
    std::string kept, superseded;
    if (fs::exists(path)) {
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);) {
            const Json record = Json::parse(line, nullptr, false);
            if (record.is_discarded()) continue;  // the process died while writing it
            (stepOf(record) <= step ? kept : superseded) += line + "\n";
        }
    }
    if (!superseded.empty()) AppendFile(m_folder / kSupersededFile).append(superseded);
    writeFileAtomically(path, kept, IfExists::Replace);
    m_metrics = AppendFile(path);
}

void RunFolder::appendMetrics(const Json& record) {
    m_metrics.append(record.dump() + "\n");
}

void RunFolder::writeCheckpoint(const nn::TensorMap& tensors, const nn::TextMap& metadata,
                                const CheckpointNote& note) {
    const Bytes bytes = nn::serializeSafeTensors(tensors, metadata);
    const fs::path aside = m_folder / "checkpoint.new.safetensors";
    writeFileAtomically(aside, bytes, IfExists::Replace);
    if (fs::exists(m_folder / kLast)) fs::rename(m_folder / kLast, m_folder / kPrevious);
    fs::rename(aside, m_folder / kLast);
    Json files = Json::array({kLast});
    const auto also = [&](const std::string& name) {
        linkOrCopy(m_folder / kLast, m_folder / name);
        files.push_back(name);
    };
    if (note.best) also(kBest);
    if (note.keep) also(fmt::format("checkpoint.{}.safetensors", note.step));
    m_checkpointLog.append(Json{{"utc", utcNow()},
                                {"step", note.step},
                                {"files", files},
                                {"bytes", bytes.size()},
                                {"sha256", sha256Hex(bytes)},
                                {"metrics", note.metrics}}
                               .dump() +
                           "\n");
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

void RunFolder::addSamples(std::uint64_t step, const image::Image& grid, Json record) {
    const fs::path folder = created(m_folder / "samples");
    const std::string name = fmt::format("step-{:09}.png", step);
    writeFileAtomically(folder / name, image::encode(grid, {}), IfExists::Replace);
    record["step"] = step;
    record["file"] = "samples/" + name;
    m_sampleLog.append(record.dump() + "\n");
}

void RunFolder::log(std::string_view level, const std::string& text) {
    // The step records tell who watches how the run goes; only what needs attention is repeated in the log.
    spdlog::log(level == "info" ? spdlog::level::debug : spdlog::level::from_str(std::string(level)), "{}",
                text);
    m_log.append(fmt::format("{} {:<7} {}\n", utcNow(), level, toUtf8(text)));
}

}  // namespace signet::training
