#include "core/training/run_watcher.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace signet::training {

struct RunWatcher::Files {
    explicit Files(const std::filesystem::path& folder)
        : metrics(folder / kMetricsFile), samples(folder / kSampleLogFile), log(folder / kLogFile) {}
    LinesReader metrics, samples, log;
    bool fresh = true;
};

bool RunNews::isEmpty() const {
    return !curvesRestarted && curves.empty() && !samplesRestarted && samples.empty() && !logRestarted &&
           log.empty();
}

void RunWatcher::follow(const std::vector<std::filesystem::path>& folders) {
    std::erase_if(m_runs, [&](const auto& run) {
        return std::find(folders.begin(), folders.end(), run.first) == folders.end();
    });
    for (const auto& folder : folders) {
        if (auto& files = m_runs[folder]; !files) files = std::make_shared<Files>(folder);
    }
}

std::vector<RunNews> RunWatcher::poll() {
    std::vector<RunNews> all;
    for (const auto& [folder, files] : m_runs) {
        RunNews news;
        news.folder = folder;
        news.curvesRestarted = news.samplesRestarted = news.logRestarted = std::exchange(files->fresh, false);
        const auto read = [&](LinesReader& reader, bool& restarted, const auto& onLine) {
            try {
                const auto lines = reader.read();
                restarted = restarted || lines.restarted;
                news.more = news.more || lines.more;
                for (const auto& line : lines.lines) onLine(line);
            } catch (const Error&) {  // unreadable for now: the next poll tries again
            }
        };
        const auto toRecords = [](std::vector<Json>& records) {
            return [&records](const std::string& line) {
                if (Json record = Json::parse(line, nullptr, false); record.is_object())
                    records.push_back(std::move(record));
            };
        };
        read(files->metrics, news.curvesRestarted, toRecords(news.curves));
        read(files->samples, news.samplesRestarted, toRecords(news.samples));
        read(files->log, news.logRestarted, [&](const std::string& line) { news.log.push_back(line); });
        if (!news.isEmpty()) all.push_back(std::move(news));
    }
    return all;
}

}  // namespace signet::training
