#include "core/baselines/class_views.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/baselines/classifier_options.h"
#include "core/training/picture_tensors.h"

namespace signet::baselines {

using torch::Tensor;

namespace {

constexpr std::size_t kSampleRows = 8;
constexpr std::int64_t kGroup = 4;  ///< images that share a draw: variety at few tensor operations

}  // namespace

std::vector<ClassView> readClassViews(const training::PhotoSet& photos, int classes, int images, int side,
                                      bool resized) {
    std::vector<ClassView> views;
    for (int k = 0; k < classes; ++k) {
        std::vector<std::filesystem::path> files;
        for (std::size_t i = 0; i < photos.files.size(); ++i) {
            if (photos.classOf[i] == k) files.push_back(photos.files[i]);
        }
        for (const auto& image : training::readSquares(files, std::max(1, images / classes), side, resized))
            views.push_back({image, k});
    }
    return views;
}

std::vector<const ClassView*> shownViews(const std::vector<ClassView>& views, int classes) {
    std::vector<std::vector<const ClassView*>> ofClass(static_cast<std::size_t>(classes));
    for (const ClassView& view : views) ofClass[static_cast<std::size_t>(view.label)].push_back(&view);
    std::vector<const ClassView*> shown;
    for (std::size_t i = 0; shown.size() < kSampleRows && i < views.size(); ++i) {
        for (const auto& candidates : ofClass) {
            if (i < candidates.size() && shown.size() < kSampleRows) shown.push_back(candidates[i]);
        }
    }
    return shown;
}

image::Image gridOf(const std::vector<const ClassView*>& views, int side) {
    auto grid = image::makeImage(side, static_cast<int>(views.size()) * side, 3);
    for (std::size_t i = 0; i < views.size(); ++i)
        training::paste(grid, views[i]->image, 0, static_cast<int>(i) * side);
    return grid;
}

Tensor attackedShare(const Tensor& images, double share, const training::RunOptions& run,
                     const training::ProcessGroup& group, StepRandom& random) {
    static const attacks::PhotometricRanges kRanges;
    const auto& kinds = attacks::kPhotometricAttacks;  // the first is none
    return attacks::applyInGroups(
        images, group.rank() * images.size(0), run.batch, kGroup, [&](std::int64_t count) {
            const bool attack = random.chance(share);
            const auto kind = attack ? kinds[1 + random.index(kinds.size() - 1)] : kinds[0];
            return std::vector{attacks::drawPhotometric(kind, count, kRanges, random)};
        });
}

Augmentation drawAugmentation(const std::string& augmentation, double share, std::int64_t side,
                              StepRandom& random) {
    using enum attacks::PhotometricAttack;
    constexpr double kLeastSigma = 1e-3;  // px: a kernel of one pixel
    attacks::PhotometricRanges ranges;
    ranges.jpegLow = 30;
    ranges.jpegHigh = 100;
    ranges.blurLow = kLeastSigma;
    ranges.blurHigh = 3.0 * static_cast<double>(side) / 256;
    Augmentation drawn;
    std::vector<attacks::PhotometricAttack> steps{Blur, Jpeg};
    if (augmentation == kStrong) {
        if (random.chance(share)) drawn.quarterTurns = random.between(1, 3);
        steps = {Overlay, Brightness, Contrast, Colour, Blur, Resize, Noise, Jpeg};
    }
    for (const auto step : steps)
        if (random.chance(share)) drawn.chain.push_back(attacks::drawPhotometric(step, 1, ranges, random));
    return drawn;
}

Tensor augmented(const Tensor& images, const std::string& augmentation, double share,
                 const training::RunOptions& run, const training::ProcessGroup& group, StepRandom& random) {
    if (augmentation == kOneAttack) return attackedShare(images, share, run, group, random);
    const std::int64_t first = group.rank() * images.size(0);
    std::vector<Tensor> result;
    for (std::int64_t i = 0; i < run.batch; ++i) {
        const Augmentation drawn = drawAugmentation(augmentation, share, images.size(3), random);
        if (i < first || i >= first + images.size(0)) continue;
        Tensor picture = images.slice(0, i - first, i - first + 1).rot90(drawn.quarterTurns, {2, 3});
        for (const auto& draw : drawn.chain) picture = attacks::apply(draw, picture);
        result.push_back(picture);
    }
    return torch::cat(result);
}

}  // namespace signet::baselines
