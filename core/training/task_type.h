#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/option_info.h"
#include "core/models/manifest.h"
#include "core/training/metric.h"
#include "core/training/photo_set.h"

// What can be trained, as the command line and the desktop see it: no Torch header.
namespace signet::training {

class TrainingTask;
struct Placement;

/// What a sample's row says, for people.
struct SampleReading {
    std::string verdict;  ///< "32 of 32 bits"
    std::string details;
};

/// One kind of training: everything that is known before there are networks. Stateless; for any thread.
class TaskType {
public:
    virtual ~TaskType() = default;

    virtual std::string name() const = 0;        ///< what presets and runs call it: "signature"
    virtual models::Kind modelKind() const = 0;  ///< of the models that its runs write
    /// All options there are, those of the run among them, in the order of a form.
    virtual std::vector<OptionDescription> describeOptions() const = 0;
    /// options with every key that is left out at its default. Throws BadOption naming the key and its range
    /// where they are no valid configuration.
    virtual Json complete(const Json& options) const = 0;

    /// Options that name a folder of photographs, with a label for each.
    struct Folder {
        std::string key, label;
    };
    virtual std::vector<Folder> folders() const = 0;
    /// Throws BadOption that says how to name the first folder that options leave out: presets name none.
    void requireFolders(const Json& options) const;
    /// The photographs that a run with these options may use for a purpose. Throws BadOption as
    /// requireFolders does, NotFound where there are none.
    PhotoSet photos(const Json& options, Split split) const;

    /// Pictures that a run with these options reads beside those of photos(): its model was trained on them
    /// as well. Throws NotFound where a folder is absent or has none.
    virtual std::vector<PhotoSet> furtherPictures(const Json& options) const;

    /// What a run with these options notes of itself.
    virtual std::vector<Metric> metrics(const Json& options) const = 0;
    /// What the columns and rows of a grid of samples are, and what a row's record says.
    virtual std::string samplesCaption() const = 0;
    virtual SampleReading readSample(const Json& row) const = 0;

    /// Throws BadOption.
    virtual std::unique_ptr<TrainingTask> create(const Json& options, const Placement& placement) const = 0;

private:
    /// photos() of options that name every folder.
    virtual PhotoSet photosOf(const Json& options, Split split) const = 0;
};

/// The kinds of training there are. Filled once (core/tasks), then for any thread.
class TaskRegistry {
public:
    void add(std::unique_ptr<TaskType> type) { m_types.push_back(std::move(type)); }

    /// The type that options name under "task", kFirstTask where they name none. Throws BadOption with the
    /// names there are.
    const TaskType& of(const Json& options) const;
    /// The same; null instead of an error, as for a run of a newer program.
    const TaskType* find(const Json& options) const;

private:
    std::vector<std::unique_ptr<TaskType>> m_types;
};

}  // namespace signet::training
