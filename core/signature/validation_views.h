#pragma once

#include <torch/types.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/random.h"
#include "core/image/image.h"
#include "core/signature/networks.h"
#include "core/signature/training_options.h"
#include "core/training/photo_set.h"
#include "core/training/task.h"
#include "core/training/task_type.h"

namespace signet::signature {

/// The photographs by which a run is judged and shown: always the same ones with the same codes and the same
/// attacks, so that two moments of a run, or two runs, can be compared. Read once, when the run begins. For
/// one thread.
class ValidationViews {
public:
    /// The first count photographs of the set (evenly spread over it) that can be read, brought to side x
    /// side, on the device of the networks that will be judged.
    ValidationViews(const training::PhotoSet& photos, int count, int side, const TrainingOptions& options,
                    torch::Device device);

    int count() const { return static_cast<int>(m_images.size()); }
    const std::vector<torch::Tensor>& pictures() const { return m_images; }

    /// What is done to a view [1,3,S,S] in [-1,1] of the index-th photograph, signed or not.
    using Attack = std::function<torch::Tensor(const torch::Tensor& view, int index, StepRandom& random)>;
    /// Signs every photograph (without informed embedding), attacks signed and unsigned one alike and reads
    /// both as an examination would. Its val_score, higher is better, is the mean PSNR in dB, less 1 dB for
    /// each per cent of wrong answers (bits with a code, else presence).
    training::Validation validate(Networks& networks, const Attack& attack) const;
    /// What validate() measures.
    static std::vector<training::Metric> metrics(const TrainingOptions& options);

    /// Signs the first rows photographs; nothing is attacked. The grid has a row a photograph: cover, signed,
    /// 10 x residual about mid-grey; the record the side in px, and a row a photograph: psnr_db, presence,
    /// code sent and read.
    training::Samples samples(Networks& networks, int rows) const;
    static std::string samplesCaption();
    static training::SampleReading readSample(const Json& row);

private:
    torch::Tensor codeOf(int index) const;
    /// [1,3,S,S] in [-1,1], rounded to 8 bits.
    torch::Tensor sign(Networks& networks, int index) const;

    TrainingOptions m_options;
    torch::Device m_device;
    std::vector<torch::Tensor> m_images;  ///< [1,3,S,S] in [-1,1]
};

}  // namespace signet::signature
