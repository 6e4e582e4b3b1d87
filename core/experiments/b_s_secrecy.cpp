#include <fmt/format.h>

#include <utility>

#include "core/baselines/classifier_model.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"

namespace signet::experiments {
namespace {

constexpr std::uint64_t kShadowSeed = 20'011;  ///< of the attacker's training
constexpr std::uint64_t kAttackPictures = 31;  ///< mixed into the seed of what the attacker draws

/// Presence: a classifier learns clean pictures (real ones, and drawn without fingerprints) against those of
/// the attacker's own fingerprinting model, and is asked about the inventor's.
Json presence(Workshop& workshop, const std::filesystem::path& inventor, const std::filesystem::path& shadow,
              const std::filesystem::path& plain) {
    const std::int64_t half = workshop.settings().number("secrecyPictures");
    auto generator = generatorModel(workshop, plain);
    const int side = generator.side();
    const auto clean = workshop.pictures(
        fmt::format("clean-{}-{}-{}", workshop.dataKey(), plain.parent_path().filename().string(), half),
        2 * half, [&](std::int64_t, const OnPicture& onPicture) {
            workshop.trainedOnDrawer(side)(half, onPicture);
            drawerOf(workshop, generator, kAttackPictures)(half, onPicture);
        });
    auto attacker = fingerprintModel(workshop, shadow);
    const auto marked =
        workshop.pictures(fmt::format("marked-{}-{}", shadow.parent_path().filename().string(), 2 * half),
                          2 * half, drawerOf(workshop, attacker, kAttackPictures));
    const auto folder = workshop.trained(workshop.settings().training(
        "presence-classifier", {{"class0", clean.string()}, {"class1", marked.string()}, {"side", side}}));
    baselines::ClassifierModel classifier(folder, workshop.device(), workshop.threads());

    const std::int64_t tests = workshop.settings().number("secrecyTests");
    const auto saidMarked = [&](const Drawer& draw) {
        std::int64_t said = 0, n = 0;
        draw(tests, [&](const image::Image& picture) {
            said += classifier.logit(picture) > 0;
            ++n;
        });
        workshop.checkStop();
        return std::pair(said, n);
    };
    auto inventors = fingerprintModel(workshop, inventor);
    const auto [found, n] = saidMarked(drawerOf(workshop, inventors, kTestSeed));
    const auto [ownFound, ownN] = saidMarked(drawerOf(workshop, attacker, kTestSeed));
    const auto [falseReal, realN] = saidMarked(workshop.heldOutDrawer(side));
    const auto [falseDrawn, drawnN] = saidMarked(drawerOf(workshop, generator, kTestSeed));
    const double recall = static_cast<double>(found) / static_cast<double>(n);
    const double specificity =
        1 - static_cast<double>(falseReal + falseDrawn) / static_cast<double>(realN + drawnN);
    return {{"balanced_accuracy", (recall + specificity) / 2},
            {"inventors_said_marked", shareOf(found, n, "share")},
            {"clean_said_marked", shareOf(falseReal + falseDrawn, realN + drawnN, "share")},
            {"own_said_marked", shareOf(ownFound, ownN, "share")}};
}

/// Value: the decoder of the attacker's model reads the pictures of the inventor's.
Json value(Workshop& workshop, const std::filesystem::path& inventor, const std::filesystem::path& shadow) {
    auto model = fingerprintModel(workshop, inventor);
    auto attacker = fingerprintModel(workshop, shadow);
    fingerprint::BitTally count;
    model.draw(kTestSeed, workshop.settings().number("secrecyTests"), workshop.context(),
               [&](const std::vector<std::uint8_t>& code, const image::Image& picture) {
                   count.add(code, attacker.decode(picture));
               });
    workshop.checkStop();
    return {{"bit_accuracy", shareOf(count)}, {"bit_accuracy_on_own", bitsRead(workshop, attacker)}};
}

}  // namespace

std::vector<RowPlan> secrecyRows(const Settings& settings) {
    const Json inventor = settings.training("fingerprint");
    const Json shadow = settings.training("fingerprint", {{"seed", kShadowSeed}});
    return {
        {.name = "presence",
         .paper = {{"own_accuracy_in_training", 0.981}, {"accuracy", 0.505}},
         .trainings = {inventor, shadow, settings.training("generator")},
         .setting = {{"classifier", trainingKey(settings.training("presence-classifier"))}},
         .measure = [](Workshop& workshop,
                       const auto& models) { return presence(workshop, models[0], models[1], models[2]); }},
        {.name = "value",
         .paper = {{"bit_accuracy_on_own", 0.991}, {"bit_accuracy", 0.513}},
         .trainings = {inventor, shadow},
         .measure = [](Workshop& workshop, const auto& models) {
             return value(workshop, models[0], models[1]);
         }}};
}

}  // namespace signet::experiments
