#pragma once

#include <torch/types.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/fingerprint/fingerprint_networks.h"
#include "core/fingerprint/fingerprint_options.h"
#include "core/generators/adversary.h"
#include "core/generators/drawn_distance.h"
#include "core/generators/path_length.h"
#include "core/nn/kept_heap.h"
#include "core/training/task.h"
#include "core/training/weight_average.h"

namespace signet::fingerprint {

/// Trains paper B's networks: generator and encoder against a discriminator, with a decoder that reads
/// fingerprint and latent back (Eqs. 1-5; what the paper leaves open as in its code, papers.md 2.3 and 2.4).
/// One step is: the generator's side and the decoder by one loss, every few steps the path length; so many
/// steps of the discriminator (criticSteps), the first on the pictures just drawn, with the penalty that the
/// backbone has; the running average of the generator's side. A batch has as many real pictures for each of
/// these steps. What is exported has the batch norm statistics of the weights trained on, not of their
/// average: at a half-life of one picture, as the presets of table 6 have it, the two are the same. A
/// schedule of our own, off in the paper's preset: at first no bit differs (picturesFirst), so that the
/// latent decides the picture; then bits begin to, near each other (firstDifference) and a few at a time
/// (firstBits), and until they are read (bitsFirst) weights may be others. For one thread.
class FingerprintTraining final : public training::TrainingTask {
public:
    /// Throws BadOption where the ranks cannot share the batch evenly.
    explicit FingerprintTraining(FingerprintTrainingOptions options, training::Placement placement = {});

    training::LoaderOptions loaderOptions() const override;
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_done; }
    nn::SafeTensors state() override;
    void restore(const nn::SafeTensors& state) override;
    /// Of networks that may differ as adopted() says.
    void startFrom(const nn::TensorMap& weights) override;
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& record) override;
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override;

private:
    /// Latents and fingerprints of pictures; shown: as the encoder takes them, which differs while only some
    /// bits vary.
    struct Draw {
        torch::Tensor z, codes, shown;
    };
    Draw drawn(std::int64_t count, at::Generator random) const;
    torch::Tensor drawnCodes(std::int64_t count, const at::Generator& random) const;
    void stepDrawing(std::int64_t count, const at::Generator& numbers, StepRandom& random,
                     training::StepResult& result, torch::Tensor& fakes);
    void stepCritic(const torch::Tensor& real, torch::Tensor fakes, const at::Generator& numbers,
                    training::StepResult& result);
    void stepPath(std::int64_t count, const at::Generator& random, training::StepResult& result);

    bool bitsComeFirst() const { return m_options.bitsFirst > 0 && m_turn < 1; }
    /// Whether the discriminator is asked: not while bits come first and its judgement weighs nothing.
    bool isJudged() const { return !bitsComeFirst() || m_turn > 0 || m_options.firstOtherWeight > 0; }
    /// Between a value while bits come first and the one after.
    double turned(double first, double after) const {
        return bitsComeFirst() ? std::lerp(first, after, m_turn) : after;
    }
    /// Fingerprints of which the first m_varied bits are shown, so much the more strongly, and the others as
    /// neither 0 nor 1.
    torch::Tensor shown(const torch::Tensor& codes) const;
    std::int64_t firstVaried() const;  ///< bits that differ as soon as any do
    void beginBits();
    /// Scales what bits do so that two fingerprints' pictures differ by that mean square.
    void bringApart(double difference);
    double codesApart();           ///< the mean square that two fingerprints' pictures differ by
    void countBits(double right);  ///< goes on with the schedule of bits first

    nn::KeptHeap m_heap;
    FingerprintTrainingOptions m_options;
    training::Placement m_placement;
    bool m_bf16;
    FingerprintNetworks m_networks;
    generators::Adversary m_adversary;
    generators::Player m_drawing, m_decoding;
    generators::PathLength m_path;
    training::WeightAverage m_average;
    torch::Tensor m_codes;       ///< [codes,bits] of a fixed set
    double m_bitAccuracy = 0.5;  ///< running
    double m_turn = 0;           ///< from the weights of bits first to the paper's, 0..1
    std::int64_t m_varied;       ///< bits that differ between fingerprints, the first so many
    std::uint64_t m_done = 0;
    std::unique_ptr<generators::DrawnDistance> m_distance;
    std::string m_noDistance;  ///< why there is none, until it was said
};

}  // namespace signet::fingerprint
