#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace signet::models {

inline constexpr const char* kTrainingListFile = "training_list.csv";

/// A photograph by its content, and what it was cut from.
struct ListedFile {
    std::string sha256;    ///< of the file
    std::string name;      ///< of the file
    std::string original;  ///< original_path of its folder's manifest.csv; its name where there is none
};

/// The files that a model's weights were trained and chosen on (training and validation part, and those of
/// the weights it started from), training_list.csv in the folders of runs and models: what decides whether a
/// calibration or an evaluation is on other photographs. Plain data.
class TrainingList {
public:
    void add(ListedFile file);
    void add(const TrainingList& other);
    const std::vector<ListedFile>& files() const { return m_files; }

    /// Whether a file's content is in the list, or another crop of its original (known where both sides have
    /// a manifest.csv).
    bool knows(const ListedFile& file) const;
    std::size_t countKnown(std::span<const ListedFile> files) const;

private:
    std::vector<ListedFile> m_files;
    std::set<std::string> m_contents;
    std::set<std::string> m_originals;
};

/// Nothing where the folder of a run or model keeps no list (models before 28 November 2026). Throws Corrupt.
std::optional<TrainingList> loadTrainingList(const std::filesystem::path& folder);
void saveTrainingList(const std::filesystem::path& folder, const TrainingList& list);
/// Does nothing where from keeps none.
void copyTrainingList(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace signet::models
