#include "core/models/training_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/file_io.h"

namespace fs = std::filesystem;

namespace signet::models {
namespace {

constexpr const char* kHeader = "sha256,name,original";
constexpr std::uint64_t kMaxBytes = 1ull << 30;

/// Newlines are left out of names on the way in.
std::string nameField(std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    return csvQuoted(text);
}

}  // namespace

void TrainingList::add(ListedFile file) {
    if (file.sha256.empty() || !m_contents.insert(file.sha256).second) return;
    if (file.original != file.name) m_originals.insert(file.original);
    m_files.push_back(std::move(file));
}

void TrainingList::add(const TrainingList& other) {
    for (const ListedFile& file : other.m_files) add(file);
}

bool TrainingList::knows(const ListedFile& file) const {
    return m_contents.contains(file.sha256) ||
           (file.original != file.name && m_originals.contains(file.original));
}

std::size_t TrainingList::countKnown(std::span<const ListedFile> files) const {
    return static_cast<std::size_t>(
        std::count_if(files.begin(), files.end(), [&](const ListedFile& file) { return knows(file); }));
}

std::optional<TrainingList> loadTrainingList(const fs::path& folder) {
    const fs::path path = folder / kTrainingListFile;
    if (!fs::exists(path)) return std::nullopt;
    const std::string text = readTextFile(path, kMaxBytes);
    TrainingList list;
    std::size_t begin = 0;
    for (bool first = true; begin < text.size(); first = false) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        if (first ? line != kHeader : line.empty())
            throw Error(ErrorCode::Corrupt, fmt::format("{} is no list of training files", path.string()));
        if (first) continue;
        const std::vector<std::string> fields = csvFields(line);
        if (fields.size() != 3 || fields[0].size() != 64)
            throw Error(ErrorCode::Corrupt, fmt::format("{} is no list of training files", path.string()));
        list.add({fields[0], fields[1], fields[2]});
    }
    return list;
}

void saveTrainingList(const fs::path& folder, const TrainingList& list) {
    std::string text = std::string(kHeader) + "\n";
    for (const ListedFile& file : list.files())
        text += fmt::format("{},{},{}\n", file.sha256, nameField(file.name), nameField(file.original));
    writeFileAtomically(folder / kTrainingListFile, text, IfExists::Replace);
}

void copyTrainingList(const fs::path& from, const fs::path& to) {
    if (const auto list = loadTrainingList(from)) saveTrainingList(to, *list);
}

}  // namespace signet::models
