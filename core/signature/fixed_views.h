#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"
#include "core/signature/networks.h"
#include "core/signature/training_options.h"
#include "core/training/photo_set.h"

namespace signet::signature {

/// The photographs by which a run is judged and shown: always the same ones with the same codes and the same
/// attacks, so that two moments of a run, or two runs, can be compared. Read once, when the run begins. For
/// one thread.
class FixedViews {
public:
    /// The first count photographs of the set (evenly spread over it) that can be read, brought to side x
    /// side, on the device of the networks that will be judged.
    FixedViews(const training::PhotoSet& photos, int count, int side, const TrainingOptions& options,
               torch::Device device = torch::kCPU);

    int count() const { return static_cast<int>(m_images.size()); }

    struct Validation {
        std::vector<std::pair<std::string, double>> values;  ///< val_psnr_db, val_bit_accuracy, ...
        /// Higher is better: mean PSNR in dB, less 1 dB for each per cent of wrong answers (bits with a code,
        /// else presence).
        double score = 0;
    };
    /// Signs every photograph (without informed embedding), attacks signed and unsigned one alike (of the
    /// ladder's photometric attacks one after another, every second photograph moved as well; of the paper
    /// its augmentation) and reads both as an examination would.
    Validation validate(Networks& networks) const;

    struct Samples {
        image::Image grid;  ///< a row a photograph: cover, signed, 10 x residual about mid-grey
        Json record;        ///< side in px, and a row a photograph: psnr_db, presence, code sent and read
    };
    /// Signs the first rows photographs; nothing is attacked.
    Samples samples(Networks& networks, int rows) const;

private:
    torch::Tensor codeOf(int index) const;
    /// [1,3,S,S] in [-1,1], rounded to 8 bits.
    torch::Tensor sign(Networks& networks, int index) const;
    torch::Tensor attack(const torch::Tensor& view, int index) const;

    TrainingOptions m_options;
    torch::Device m_device;
    std::vector<torch::Tensor> m_images;  ///< [1,3,S,S] in [-1,1]
};

}  // namespace signet::signature
