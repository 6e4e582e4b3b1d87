#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/examine/detector.h"
#include "core/examine/examine.h"
#include "core/models/model_store.h"

namespace signet::examine {

/// A model with everything known about it.
struct LoadedModel {
    models::Manifest manifest;
    std::optional<models::Calibration> calibration;
    LoadedNetworks networks;

    Detector& detector() const { return *networks.detector; }
    /// Throws BadOption for a model that signs nothing.
    Injector& injector() const;

    /// The rate of unsigned photographs at or above the threshold, measured on the calibration set.
    Rate falsePositiveRate() const;
    /// The detector's own thresholds or those of the calibration; 0 and 0 for a model without either.
    double threshold() const;
    double lowerThreshold() const;
    /// Where misses and false alarms are fewest together on the calibration set; a detector's own threshold.
    double balancedThreshold() const;
    /// Whether a score is -log10 of a p-value, whose thresholds no set of images moves.
    bool scoresArePValues() const { return detector().ownThresholds().has_value(); }
};

/// A model as it is before its calibration is read. Throws NotFound, HashMismatch, Corrupt, Environment.
LoadedModel loadUncalibrated(const models::Manifest& manifest, const Examiner::Options& options);
/// The same with its calibration.
LoadedModel loadCalibrated(const models::Manifest& manifest, const Examiner::Options& options);

/// Threads to compute with: those asked for, or all cores.
int threadsOf(const Examiner::Options& options);

/// Models loaded once and kept. Thread-safe.
class LoadedModels {
public:
    explicit LoadedModels(Examiner::Options options) : m_options(std::move(options)) {}
    /// Loads on the first call. Throws NotFound, HashMismatch, Corrupt, Environment.
    LoadedModel& get(const std::string& name);
    /// Names of the default models (Manifest::isDefault) that examine; throws Environment when there is none.
    std::vector<std::string> defaults() const;
    const Examiner::Options& options() const { return m_options; }
    int threads() const;

private:
    /// Of a fingerprinting model, whether any were issued; of others there is no such question.
    bool hasInstances(const models::Manifest& manifest) const;

    Examiner::Options m_options;
    std::mutex m_mutex;
    std::map<std::string, std::unique_ptr<LoadedModel>> m_models;
};

/// The finding of one model about an image whose pixels (any size) are given.
Finding findingOf(LoadedModel& model, const image::Image& pixels);

/// The code as read; nothing where none was.
std::optional<CodeReading> codeReading(const LoadedModel& model, const Reading& reading);

/// Scores of overlapping tiles; nothing when the image is too small to be divided.
std::optional<TileScores> scoreTiles(LoadedModel& model, const image::Image& pixels,
                                     const WorkContext& context);

inline constexpr int kSmallestSide = 96;  ///< px: below it no answer is given

}  // namespace signet::examine
