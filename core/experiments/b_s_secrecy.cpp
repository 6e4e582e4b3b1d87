#include <fmt/format.h>

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
    const int side = fingerprintModel(workshop, inventor).side();
    auto generator = generatorModel(workshop, plain);
    const auto clean = workshop.pictures(fmt::format("clean-{}", half), 2 * half,
                                         [&](std::int64_t, const OnPicture& onPicture) {
                                             workshop.trainedOnDrawer(side)(half, onPicture);
                                             drawerOf(workshop, generator, kAttackPictures)(half, onPicture);
                                         });
    auto attacker = fingerprintModel(workshop, shadow);
    const auto marked = workshop.pictures(fmt::format("shadow-{}", 2 * half), 2 * half,
                                          drawerOf(workshop, attacker, kAttackPictures));
    const auto folder = workshop.trained(workshop.settings().training(
        "presence-classifier", {{"class0", clean.string()}, {"class1", marked.string()}, {"side", side}}));
    baselines::ClassifierModel classifier(folder, workshop.device(), workshop.threads());

    const std::int64_t tests = workshop.settings().number("secrecyTests");
    const auto rightOf = [&](const Drawer& draw, bool isMarked, std::int64_t count) {
        std::int64_t right = 0;
        draw(count,
             [&](const image::Image& picture) { right += (classifier.logit(picture) > 0) == isMarked; });
        workshop.checkStop();
        return right;
    };
    const auto measured = [&](fingerprint::FingerprintModel& model) {
        const std::int64_t right = rightOf(drawerOf(workshop, model, kTestSeed), true, tests) +
                                   rightOf(drawerOf(workshop, generator, kTestSeed), false, tests / 2) +
                                   rightOf(workshop.heldOutDrawer(side), false, tests - tests / 2);
        return shareOf(right, 2 * tests);
    };
    auto inventors = fingerprintModel(workshop, inventor);
    return {{"accuracy", measured(inventors)}, {"accuracy_on_own", measured(attacker)}};
}

/// Value: the decoder of the attacker's model reads the pictures of the inventor's.
Json value(Workshop& workshop, const std::filesystem::path& inventor, const std::filesystem::path& shadow) {
    auto model = fingerprintModel(workshop, inventor);
    auto attacker = fingerprintModel(workshop, shadow);
    BitCount count;
    model.draw(kTestSeed, workshop.settings().number("secrecyTests"), workshop.context(),
               [&](const std::vector<std::uint8_t>& code, const image::Image& picture) {
                   count.add(code, attacker.decode(picture));
               });
    workshop.checkStop();
    return {{"bit_accuracy", count.report()}, {"bit_accuracy_on_own", bitsRead(workshop, attacker)}};
}

}  // namespace

std::vector<RowPlan> secrecyRows(const Settings& settings) {
    const Json inventor = settings.training("fingerprint");
    const Json shadow = settings.training("fingerprint", {{"seed", kShadowSeed}});
    return {
        {.name = "presence",
         .paper = {{"accuracy_on_own", 0.981}, {"accuracy", 0.505}},
         .trainings = {inventor, shadow, settings.training("generator")},
         .setting = {{"classifier", Workshop::keyOf(settings.training("presence-classifier"))}},
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
