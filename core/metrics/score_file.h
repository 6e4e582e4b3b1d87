#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace signet::metrics {

inline constexpr std::uint64_t kMaxScoreFileBytes = 256ull << 20;

/// The scores of one detector; higher means signed.
struct DetectorScores {
    std::string name;  ///< "" where the file names none
    std::vector<double> scores;
    std::vector<int> labels;  ///< 1 signed, 0 not; as many as scores
};

/// One number a line; empty lines at the end are passed over. Throws Corrupt naming the line, and as readFile
/// does.
std::vector<double> readNumbers(const std::filesystem::path& path);

/// One label a line, 1 or 0. Throws Corrupt naming the line.
std::vector<int> readLabels(const std::filesystem::path& path);

/// A file with score and label on each line, and optionally a detector's name: the detectors in the order of
/// their first line. Fields are separated by tabs, semicolons, commas or blanks, whichever the first line
/// has, in this order of preference, and may stand in double quotes. A label is 1 or signed, 0 or unsigned.
/// A first line without a number is a header: where it names "score" and "label" (and "detector" or
/// "model"), the columns are found by these names and others are passed over. Empty lines and lines that
/// begin with # are passed over. Throws Corrupt naming the line (no number, no label, NaN, infinity, too few
/// fields, bytes that are no text), TooLarge over kMaxScoreFileBytes, and as readFile does.
std::vector<DetectorScores> readScoreFile(const std::filesystem::path& path);

/// One line of what readScoreFile reads, with the file the score belongs to.
struct ScoreLine {
    double score = 0;
    int label = 0;
    std::string detector;
    std::string path;  ///< may be empty
};

/// "score,label,detector,path" and a line each, UTF-8, quoted where needed (RFC 4180).
std::string scoreCsv(const std::vector<ScoreLine>& lines);

}  // namespace signet::metrics
