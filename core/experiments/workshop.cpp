#include "core/experiments/workshop.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/new_folder.h"
#include "core/base/text.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resample.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/picture_features.h"
#include "core/tasks/all_tasks.h"
#include "core/training/photo_set.h"
#include "core/training/run_files.h"
#include "core/training/run_record.h"
#include "core/training/train.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

using Set = metrics::PictureFeatures::Set;

constexpr std::uint64_t kSubsetSeed = 1;
constexpr std::size_t kKeyDigits = 12;
const std::set<std::string> kOfRuns{"start", "critic"};  ///< options that name a run, not its model

/// Of another process's folder that was not finished: NewFolder's have a dot in front.
bool isHidden(const fs::path& path) {
    return path.filename().native().starts_with('.');
}

fs::path madeFolder(const fs::path& folder) {
    fs::create_directories(folder);
    return folder;
}

/// 8-bit RGB; nothing where the file cannot be read, as trainings leave it out too.
std::optional<image::Image> read(const fs::path& file) {
    try {
        return image::toRgb8(image::decode(readFile(file)).image);
    } catch (const Error&) {
        return std::nullopt;
    }
}

void linkFile(const fs::path& from, const fs::path& to) {
    std::error_code cannot;
    fs::create_hard_link(from, to, cannot);
    if (cannot) fs::copy_file(from, to);
}

/// The first files of some folders, as many of each, total of them together (to the rounding), with their
/// folders' names before their own.
void linkShares(const std::vector<fs::path>& folders, std::size_t total, const fs::path& to) {
    for (const fs::path& folder : folders) {
        const auto files = filesIn(folder);
        const std::size_t share = (total + folders.size() - 1) / folders.size();
        for (std::size_t i = 0; i < std::min(share, files.size()); ++i)
            linkFile(files[i],
                     to / fmt::format("{}-{}", folder.filename().string(), files[i].filename().string()));
    }
}

std::string keyOfPictures(const fs::path& folder) {
    std::string what;
    for (const fs::path& file : training::listPhotos(folder, training::Split::All).files)
        what += fmt::format("{} {}\n", file.filename().string(), fs::file_size(file));
    return "data-" + sha256Hex(what).substr(0, kKeyDigits);
}

}  // namespace

Workshop::Workshop(Options options, Settings settings, WorkContext context,
                   std::function<void(const Json&)> onTraining)
    : m_options(std::move(options)),
      m_settings(std::move(settings)),
      m_lock(madeFolder(m_options.folder) / "experiments.lock", "the folder of the experiments' models"),
      m_dataKey(keyOfPictures(m_settings.data())),
      m_context(std::move(context)),
      m_onTraining(std::move(onTraining)) {}

Workshop::~Workshop() = default;

void Workshop::checkStop() const {
    if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
}

std::string Workshop::keyOf(const Json& options) const {
    return trainingKey(options, [this](const std::string& folder) {
        return fs::path(folder) == m_settings.data()
                   ? m_dataKey
                   : fs::path(folder).lexically_relative(m_options.folder).generic_string();
    });
}

fs::path Workshop::runOf(const Json& options) const {
    return m_options.folder / "models" / keyOf(options);
}

fs::path Workshop::trained(const Json& options) {
    checkStop();
    const fs::path run = runOf(options);
    const fs::path model = run / "model";
    if (!fs::exists(model / "manifest.json")) {
        Json whole = options;
        for (const std::string& key : neededBy(options)) {
            const fs::path needed = trained(options.at(key));
            whole[key] = (kOfRuns.contains(key) ? needed.parent_path() : needed).string();
        }
        whole["threads"] = m_options.threads;
        whole["name"] = keyOf(options);
        training::RunControl control;
        control.stop = m_context.stop;
        control.onRecord = m_onTraining;
        (void)training::runTraining(tasks::all(),
                                    {run, whole, true, 0, m_options.device, m_options.workspace}, control);
        checkStop();
    }
    const auto records = training::readJsonLines(run / training::kMetricsFile);
    if (!records.empty()) m_trainingSeconds += records.back().value("process_s", 0.0);
    return model;
}

fs::path Workshop::trainedFor(const Json& options, std::uint64_t steps) {
    fs::path last = trained(options);
    const fs::path run = runOf(options);
    if (training::readRunRecord(run).step == steps) return last;
    fs::path folder = run / fmt::format("model-{}", steps);
    if (fs::exists(folder)) return folder;
    const auto checkpoints = training::listCheckpoints(run);
    const auto kept = std::find_if(checkpoints.begin(), checkpoints.end(),
                                   [&](const auto& checkpoint) { return checkpoint.step == steps; });
    if (kept == checkpoints.end())
        throw Error(ErrorCode::NotFound,
                    fmt::format("{} kept no checkpoint of step {}: remove it to train anew",
                                toUtf8(run.native()), steps));
    NewFolder made(folder);
    training::exportModel(tasks::all(), run, kept->file, made.made());
    made.put();
    made.keep();
    return folder;
}

fs::path Workshop::untrained(const Json& options) {
    fs::path folder = m_options.folder / "untrained" / keyOf(options);
    if (fs::exists(folder)) return folder;
    Json whole = options;
    for (const std::string& key : neededBy(options))
        whole[key] = kOfRuns.contains(key) ? std::string() : untrained(options.at(key)).string();
    NewFolder made(folder);
    training::writeUntrained(tasks::all(), whole, made.made());
    made.put();
    made.keep();
    return folder;
}

double Workshop::takeTrainingSeconds() {
    return std::exchange(m_trainingSeconds, 0);
}

fs::path Workshop::pictures(const std::string& name, std::int64_t count, const Drawer& draw) {
    fs::path folder = m_options.folder / "pictures" / name;
    if (fs::exists(folder)) return folder;
    NewFolder made(folder);
    fs::create_directories(made.made());
    std::int64_t number = 0;
    draw(count, [&](const image::Image& picture) {
        m_context.report(static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(count), name);
        writeFileAtomically(made.made() / fmt::format("{:06}.png", number++), image::encode(picture, {}),
                            IfExists::Refuse);
    });
    checkStop();
    if (number < count)
        throw Error(ErrorCode::NotFound,
                    fmt::format("{} pictures are needed of \"{}\", there are {}", count, name, number));
    made.put();
    made.keep();
    return folder;
}

fs::path Workshop::changedData(const std::string& name, int side,
                               const std::function<image::Image(const image::Image&)>& change) {
    fs::path folder = m_options.folder / "pictures" / name;
    if (fs::exists(folder)) return folder;
    NewFolder made(folder);
    fs::create_directories(made.made());
    const auto photos = training::listPhotos(m_settings.data(), training::Split::All);
    std::string manifest = "file,original_path\n";
    for (std::size_t i = 0; i < photos.files.size(); ++i) {
        checkStop();
        m_context.report(i, photos.files.size(), name);
        const auto picture = read(photos.files[i]);
        if (!picture) continue;
        const std::string file = fmt::format("{:06}.png", i);
        writeFileAtomically(made.made() / file,
                            image::encode(change(image::resize(*picture, side, side)), {}), IfExists::Refuse);
        manifest += csvQuoted(file) + "," + csvQuoted(photos.originalOf[i]) + "\n";
    }
    writeFileAtomically(made.made() / "manifest.csv", manifest, IfExists::Refuse);
    made.put();
    made.keep();
    return folder;
}

fs::path Workshop::oneAgainstRest(const fs::path& sources, const std::string& one, const std::string& rest) {
    fs::path folder = m_options.folder / "pictures" / (sources.filename().string() + "-" + one);
    if (fs::exists(folder)) return folder;
    NewFolder made(folder);
    fs::create_directories(made.made() / one);
    fs::create_directories(made.made() / rest);
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(sources))
        if (entry.path().filename() != one && !isHidden(entry.path())) others.push_back(entry.path());
    std::sort(others.begin(), others.end());
    const auto own = filesIn(sources / one);
    for (const fs::path& file : own) linkFile(file, made.made() / one / file.filename());
    linkShares(others, own.size(), made.made() / rest);
    made.put();
    made.keep();
    return folder;
}

fs::path Workshop::together(std::vector<fs::path> sets) {
    std::sort(sets.begin(), sets.end());
    std::string name;
    for (const fs::path& set : sets) name += (name.empty() ? "" : "+") + set.filename().string();
    fs::path folder = m_options.folder / "pictures" / name;
    if (fs::exists(folder)) return folder;
    NewFolder made(folder);
    fs::create_directories(made.made());
    linkShares(sets, filesIn(sets.front()).size(), made.made());
    made.put();
    made.keep();
    return folder;
}

Drawer Workshop::photosDrawer(training::Split split, int side) const {
    return [this, split, side](std::int64_t count, const OnPicture& onPicture) {
        const auto photos = training::listPhotos(m_settings.data(), split);
        for (const fs::path& file : photos.files) {
            if (count <= 0) break;
            checkStop();
            const auto picture = read(file);
            if (!picture) continue;
            onPicture(image::resize(*picture, side, side));
            --count;
        }
    };
}

Drawer Workshop::heldOutDrawer(int side) const {
    return photosDrawer(training::Split::Calibration, side);
}

Drawer Workshop::trainedOnDrawer(int side) const {
    return photosDrawer(training::Split::Train, side);
}

Json Workshop::distance(int side, const Drawer& draw) {
    if (!m_features) {
        const fs::path weights = metrics::findFeatureWeights(m_options.workspace);
        if (weights.empty())
            throw Error(ErrorCode::Environment,
                        fmt::format("a distance of pictures needs {}, which installer/run fetches",
                                    metrics::kFeatureWeightsFile));
        m_features = std::make_unique<metrics::PictureFeatures>(weights, m_options.device, m_options.threads);
    }
    const std::int64_t count = m_settings.number("distancePictures");
    if (m_realSide != side) {
        m_features->clear(Set::A);
        heldOutDrawer(side)(count, [&](const image::Image& picture) { m_features->add(Set::A, picture); });
        m_realSide = side;
    }
    m_features->clear(Set::B);
    draw(m_features->count(Set::A), [&](const image::Image& picture) { m_features->add(Set::B, picture); });
    checkStop();
    const auto d = m_features->distance(kSubsetSeed);
    return {{"fd_efflite0", d.frechet},
            {"kid_efflite0", d.kernel},
            {"n_real", d.nA},
            {"n_drawn", d.nB},
            {"fd_of_real_halves", d.floor ? Json(*d.floor) : Json()}};
}

}  // namespace signet::experiments
