#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image/image.h"

namespace signet::baselines {

/// A trained attributor ready for use: weights verified, in evaluation on one device. Holds no Torch type in
/// its interface. Calls from several threads are served one after another.
class AttributionModel {
public:
    /// Throws HashMismatch, Corrupt, NotFound, BadOption, Environment (device).
    AttributionModel(const std::filesystem::path& modelFolder, const std::string& device, int threads);
    ~AttributionModel();
    AttributionModel(AttributionModel&&) noexcept;
    AttributionModel& operator=(AttributionModel&&) noexcept;

    int side() const;                                 ///< of its square input, px
    const std::vector<std::string>& classes() const;  ///< the sources it tells apart
    /// Of an image of any size, which is brought to side x side: for each of classes() the natural logarithm
    /// of its probability where all are equally frequent, <= 0.
    std::vector<double> scores(const image::Image& image);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The answer of networks that each say whether a picture is from their own source, by a logit above 0: of
/// those that say so, the one with the largest. Nothing ("other") where all say no (paper B, section 4.6;
/// evaluation.md 3.3).
std::optional<std::size_t> openWorldAnswer(std::span<const double> logits);

/// Attribution in an open world, where a picture may be from none of the sources: for each source (the real
/// pictures among them) a network that tells it from the rest. Calls as those of AttributionModel.
class AttributionSet {
public:
    /// What the class of all other sources' pictures is called: a network of the set is trained on a folder
    /// with two folders in it, this one and one called like its source.
    static constexpr const char* kRest = "rest";

    /// A model folder for each source. Throws BadOption where there is none, one has other classes than a
    /// source and kRest, or two have the same source; what AttributionModel throws.
    AttributionSet(const std::vector<std::filesystem::path>& modelFolders, const std::string& device,
                   int threads);

    /// In the order of the folders.
    const std::vector<std::string>& sources() const { return m_sources; }
    /// For each of sources() the log odds that the image, of any size, is from it.
    std::vector<double> logits(const image::Image& image);
    /// The name of a source; nothing where the image is from another.
    std::optional<std::string> answer(const image::Image& image);

private:
    std::vector<AttributionModel> m_models;
    std::vector<std::string> m_sources;
};

}  // namespace signet::baselines
