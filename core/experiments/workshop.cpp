#include "core/experiments/workshop.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/new_folder.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/image/resample.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/picture_features.h"
#include "core/tasks/all_tasks.h"
#include "core/training/photo_set.h"
#include "core/training/train.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

using Set = metrics::PictureFeatures::Set;

constexpr std::uint64_t kSubsetSeed = 1;

}  // namespace

Workshop::Workshop(Options options, Settings settings, WorkContext context,
                   std::function<void(const Json&)> onTraining)
    : m_options(std::move(options)),
      m_settings(std::move(settings)),
      m_context(std::move(context)),
      m_onTraining(std::move(onTraining)) {
    fs::create_directories(m_options.folder);
}

Workshop::~Workshop() = default;

void Workshop::checkStop() const {
    if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
}

std::string Workshop::keyOf(const Json& options) {
    Json what = options;
    for (const char* other : {"threads", "name"}) what.erase(other);  // the model is the same
    constexpr std::size_t kDigits = 12;
    return fmt::format("{}-{}", options.at("task").get<std::string>(),
                       sha256Hex(what.dump()).substr(0, kDigits));
}

fs::path Workshop::runOf(const Json& options) const {
    return m_options.folder / "models" / keyOf(options);
}

fs::path Workshop::trained(const Json& options) {
    checkStop();
    const fs::path run = runOf(options);
    const fs::path model = run / "model";
    if (fs::exists(model / "manifest.json")) return model;
    Json whole = options;
    whole["threads"] = m_options.threads;
    whole["name"] = keyOf(options);
    training::RunControl control;
    control.stop = m_context.stop;
    control.onRecord = m_onTraining;
    (void)training::runTraining(tasks::all(), {run, whole, true, 0, m_options.device}, control);
    checkStop();
    return model;
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
        const auto picture = image::toRgb8(image::decode(readFile(photos.files[i])).image);
        const fs::path file = fs::path(photos.files[i].filename()).replace_extension(".png");
        writeFileAtomically(made.made() / file, image::encode(change(image::resize(picture, side, side)), {}),
                            IfExists::Refuse);
        manifest += csvQuoted(file.string()) + "," + csvQuoted(photos.originalOf[i]) + "\n";
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
        if (entry.path().filename() != one) others.push_back(entry.path());
    const auto link = [](const fs::path& from, const fs::path& to) { fs::create_hard_link(from, to); };
    const auto own = filesIn(sources / one);
    for (const fs::path& file : own) link(file, made.made() / one / file.filename());
    for (const fs::path& other : others) {
        const auto files = filesIn(other);
        const std::size_t share = (own.size() + others.size() - 1) / others.size();
        for (std::size_t i = 0; i < std::min(share, files.size()); ++i)
            link(files[i], made.made() / rest /
                               fmt::format("{}-{}", other.filename().string(), files[i].filename().string()));
    }
    made.put();
    made.keep();
    return folder;
}

Drawer Workshop::photosDrawer(training::Split split, int side) const {
    return [this, split, side](std::int64_t count, const OnPicture& onPicture) {
        const auto photos = training::listPhotos(m_settings.data(), split);
        for (std::int64_t i = 0; i < std::min(count, static_cast<std::int64_t>(photos.files.size())); ++i) {
            checkStop();
            const auto picture = image::decode(readFile(photos.files[static_cast<std::size_t>(i)])).image;
            onPicture(image::resize(image::toRgb8(picture), side, side));
        }
    };
}

Drawer Workshop::heldOutDrawer(int side) const {
    return photosDrawer(training::Split::Calibration, side);
}

Drawer Workshop::trainedOnDrawer(int side) const {
    return photosDrawer(training::Split::Train, side);
}

Json Workshop::distance(std::int64_t count, int side, const Drawer& draw) {
    if (!m_features) {
        const fs::path weights = metrics::findFeatureWeights(m_options.workspace);
        if (weights.empty())
            throw Error(ErrorCode::Environment,
                        fmt::format("a distance of pictures needs {}, which installer/run fetches",
                                    metrics::kFeatureWeightsFile));
        m_features = std::make_unique<metrics::PictureFeatures>(weights, m_options.device, m_options.threads);
    }
    if (m_real != std::pair(count, side)) {
        m_features->clear(Set::A);
        heldOutDrawer(side)(count, [&](const image::Image& picture) { m_features->add(Set::A, picture); });
        m_real = {count, side};
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
