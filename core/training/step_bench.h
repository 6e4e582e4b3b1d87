#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"
#include "core/training/task_type.h"

// One training step for measuring, as the command line sees it: no Torch header.
namespace signet::training {

/// A training job that does the same step on the same photographs again and again.
class StepBench {
public:
    /// Where the task stands when it is measured.
    struct Start {
        std::uint64_t step = 0;
        /// Weights under this name ("net.injector.") that begin at zero are given small random values, so
        /// that every layer has its part in the loss; empty: none.
        std::string stirred;
    };
    /// options: of a run; pictures: one for each image of the batch, RGB, at least side() px. Throws
    /// BadOption, NotFound.
    StepBench(const TaskRegistry& tasks, const Json& options, const Start& start,
              const std::vector<image::Image>& pictures);
    ~StepBench();

    int batch() const;
    int side() const;  ///< of the batch's images, px
    std::int64_t parameters() const;

    /// Writes weights ("net.*"), batch ("batch") and options (metadata) as a safetensors file: what another
    /// program needs to do the same steps.
    void save(const std::filesystem::path& file) const;
    /// The first random numbers of the next step, see stepRandom.
    std::vector<std::uint64_t> randomBits(int count) const;
    /// Does one step; gives its loss terms by name.
    Json step();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::training
