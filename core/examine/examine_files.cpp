#include "core/examine/examine_files.h"

#include <algorithm>
#include <utility>

#include "core/base/in_order.h"
#include "core/base/visible_text.h"
#include "core/examine/loaded_models.h"

namespace fs = std::filesystem;

namespace signet::examine {
namespace {

Examiner::Options withThreads(Examiner::Options options, int threads) {
    options.threads = threads;
    return options;
}

}  // namespace

ThreadShares shareThreads(std::size_t files, int threads) {
    constexpr std::size_t kMost = 4;  // of a check a quarter is the network
    const int most = static_cast<int>(std::clamp<std::size_t>(files, 1, kMost));
    const int each = (threads + most - 1) / most;
    return {(threads + each - 1) / each, each};
}

void examineFiles(const FilesToExamine& what, int atOnce, const ExamineFrame& examine,
                  const WorkContext& context, const TakeRecord& take) {
    const int first = what.options.frame;
    std::size_t file = 0;  // at hand
    std::size_t left = 0;  // of its frames
    const auto report = [&] {
        if (file < what.files.size())
            context.report(file, what.files.size(), visibleName(what.files[file].filename()));
    };
    report();
    if (context.stop.stop_requested()) return;
    inOrder(
        what.files.size(), static_cast<std::size_t>(atOnce),
        [&](std::size_t item, std::size_t part) {
            CheckOptions options = what.options;
            options.frame = first + static_cast<int>(part);
            return examine(what.files[item], options, {context.stop, nullptr});
        },
        [&](const Record& record) {
            left = what.allFrames ? static_cast<std::size_t>(std::max(1, record.decode.frames - first + 1))
                                  : std::size_t{1};
            return left;
        },
        [&](const Record& record) {
            if (record.error && context.stop.stop_requested()) return false;  // dropped, not failed
            take(record);
            if (--left == 0) {
                ++file;
                report();
            }
            return !context.stop.stop_requested();
        });
}

FilesExaminer::FilesExaminer(Examiner::Options options, std::size_t files)
    : m_shares(shareThreads(files, threadsOf(options))),
      m_examiner(withThreads(std::move(options), m_shares.threads)) {}

void FilesExaminer::check(const FilesToExamine& what, const WorkContext& context, const TakeRecord& take) {
    examineFiles(
        what, m_shares.files,
        [this](const fs::path& path, const CheckOptions& options, const WorkContext& inner) {
            return m_examiner.check(path, options, inner);
        },
        context, take);
}

}  // namespace signet::examine
