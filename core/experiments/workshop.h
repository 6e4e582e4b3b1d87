#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/file_lock.h"
#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/experiments/settings.h"
#include "core/image/image.h"
#include "core/training/photo_set.h"

namespace signet::metrics {
class PictureFeatures;
}

namespace signet::experiments {

using OnPicture = std::function<void(const image::Image& picture)>;
/// Draws so many pictures, one after another; fewer where the work is stopped.
using Drawer = std::function<void(std::int64_t count, const OnPicture& onPicture)>;

/// What all rows of all experiments share: trained models, sets of pictures and distances, each made once and
/// kept in a folder; what a killed process left is gone on with. For one thread; one process a folder at a
/// time (a run that another trains is an error, Exists).
class Workshop {
public:
    struct Options {
        std::filesystem::path folder;  ///< of models and pictures that tables share
        std::filesystem::path results;
        std::filesystem::path workspace =
            {};  ///< whose feature weights and models are used; empty: the default
        std::string device = "auto";
        int threads = 1;
    };
    /// onTraining: a line of a training's curves.
    Workshop(Options options, Settings settings, WorkContext context,
             std::function<void(const Json& record)> onTraining = {});
    ~Workshop();

    const Settings& settings() const { return m_settings; }
    const WorkContext& context() const { return m_context; }
    const std::string& device() const { return m_options.device; }
    int threads() const { return m_options.threads; }

    /// The model folder of a training with these whole options, trained where it is not there, from its last
    /// checkpoint where it has one. Throws Cancelled, and what runTraining throws.
    std::filesystem::path trained(const Json& options);
    /// The model as it was after so many steps of that training, of which it kept a checkpoint (keepEvery) or
    /// which are all. Throws NotFound where it kept none, and the same.
    std::filesystem::path trainedFor(const Json& options, std::uint64_t steps);
    /// A model as a training with these whole options begins, for steps of another to be tried with.
    std::filesystem::path untrained(const Json& options);
    /// What is kept of that training: its run's folder.
    std::filesystem::path runOf(const Json& options) const;
    /// "fingerprint-0123456789ab": by all that decides the model, folders of pictures by what is in them.
    std::string keyOf(const Json& options) const;
    /// Seconds of computing that the models took which were asked for since this was asked last.
    double takeTrainingSeconds();
    /// The preset's sizes that were asked for since this was asked last.
    Json takeSizes() { return m_settings.takeAsked(); }

    /// A folder of numbered PNGs, drawn where it is not there; whole or not at all. name says all that
    /// decides the pictures. Throws NotFound where fewer were drawn.
    std::filesystem::path pictures(const std::string& name, std::int64_t count, const Drawer& draw);
    /// Names the data folder by the names and sizes of its pictures: "data-0123456789ab".
    const std::string& dataKey() const { return m_dataKey; }

    /// The data folder's pictures brought to side x side and changed, divided into training and other parts
    /// as they are; made where it is not there.
    std::filesystem::path changedData(const std::string& name, int side,
                                      const std::function<image::Image(const image::Image&)>& change);

    /// Of a folder with a folder for each source: the same pictures in two, one source's under its name, and
    /// as many of each other source's under rest that both have about as many. Links, no copies.
    std::filesystem::path oneAgainstRest(const std::filesystem::path& sources, const std::string& one,
                                         const std::string& rest);

    /// Some sets of pictures (folders that pictures() gave) in one, as many of each, as many together as the
    /// first has: in whatever order they are named. Links, no copies.
    std::filesystem::path together(std::vector<std::filesystem::path> sets);

    /// How far the preset's number of pictures of a drawer lie from as many that no training used, brought to
    /// side x side: {"fd_efflite0", "kid_efflite0", "n_drawn", "n_real", "fd_of_real_halves"}. Throws
    /// Environment where the feature network is not installed.
    Json distance(int side, const Drawer& draw);

    /// Pictures of the data folder, brought to side x side: the first ones that were kept from training, or
    /// the first that were not.
    Drawer heldOutDrawer(int side) const;
    Drawer trainedOnDrawer(int side) const;

    /// Where the results go: rows, and what a row writes beside them.
    const std::filesystem::path& resultsFolder() const { return m_options.results; }

    /// Throws Cancelled where a stop was asked for.
    void checkStop() const;

private:
    Drawer photosDrawer(training::Split split, int side) const;

    Options m_options;
    Settings m_settings;
    FileLock m_lock;  ///< one process works in the folder
    std::string m_dataKey;
    double m_trainingSeconds = 0;
    WorkContext m_context;
    std::function<void(const Json&)> m_onTraining;
    std::unique_ptr<metrics::PictureFeatures> m_features;
    int m_realSide = 0;  ///< of the pictures in the features' first set
};

}  // namespace signet::experiments
