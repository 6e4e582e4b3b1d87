#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

#include "core/base/progress.h"
#include "core/examine/examine.h"

namespace signet::examine {

/// How many files are examined at once, and on how many threads each.
struct ThreadShares {
    int files = 1;
    int threads = 1;
};

/// Shares threads (>= 1) out among no more than 4 of the files, whose networks are served one after another.
/// None is left over; where they do not divide there are up to 3 more, each file having as many as another:
/// what a score is to the last bit does not depend on which thread took the file.
ThreadShares shareThreads(std::size_t files, int threads);

struct FilesToExamine {
    std::vector<std::filesystem::path> files;
    CheckOptions options;    ///< of each file its frame is examined
    bool allFrames = false;  ///< also all frames, pages or pictures after that one
};

/// Examines one frame of a file, called from several threads. An error about the file is in the record; an
/// error about the set-up is thrown.
using ExamineFrame =
    std::function<Record(const std::filesystem::path&, const CheckOptions&, const WorkContext&)>;

using TakeRecord = std::function<void(const Record&)>;

/// Examines files, and the frames of a file too, atOnce (>= 1) side by side. take gets a record a frame, on
/// the calling thread, in the order of files and frames and each as soon as it is next: fewer than 2 atOnce
/// are held, of a file that is not yet next one. As many frames of a file are examined as the record of its
/// first says that there are. Progress is the file at hand of all files. Ends early after a stop, without
/// records of what it broke off. Throws what examine and take throw; no call of examine runs any more when
/// this returns.
void examineFiles(const FilesToExamine& what, int atOnce, const ExamineFrame& examine,
                  const WorkContext& context, const TakeRecord& take);

/// Examines many files with an Examiner of its own. Used from one thread.
class FilesExaminer {
public:
    /// files: how many there will be, as far as is known. Throws what Examiner's constructor throws.
    FilesExaminer(Examiner::Options options, std::size_t files);

    /// To load models with and to ask about them.
    Examiner& examiner() { return m_examiner; }
    int atOnce() const { return m_shares.files; }

    /// examineFiles with it.
    void check(const FilesToExamine& what, const WorkContext& context, const TakeRecord& take);

private:
    ThreadShares m_shares;
    Examiner m_examiner;
};

}  // namespace signet::examine
