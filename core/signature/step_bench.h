#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"

// One training step for measuring, as the command line sees it: no Torch header.
namespace signet::signature {

/// A training job that does the same step on the same photographs again and again.
class StepBench {
public:
    /// preset and assignments as for train(); pictures: one for each image of the batch, RGB, at least side()
    /// px. The job stands where the paper's ramp ends, and layers that begin at zero are given small random
    /// weights, so that every layer has its part in the loss. Throws BadOption, NotFound.
    StepBench(const std::string& preset, const std::vector<std::string>& assignments,
              const std::vector<image::Image>& pictures);
    ~StepBench();

    int batch() const;
    int side() const;  ///< of the batch's images, px
    std::int64_t parameters() const;

    /// Writes weights ("net.*"), batch ("batch") and options (metadata) as a safetensors file: what another
    /// program needs to do the same steps.
    void save(const std::filesystem::path& file) const;
    /// The first random numbers of the next step, see base/random.h.
    std::vector<std::uint64_t> randomBits(int count) const;
    /// Does one step; gives its loss terms by name.
    Json step();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::signature
