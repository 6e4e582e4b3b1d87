#include <fmt/format.h>

#include <map>

#include "core/base/random.h"
#include "core/baselines/attribution_model.h"
#include "core/baselines/classifier_model.h"
#include "core/experiments/issued_instances.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"
#include "core/registry/identification.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

constexpr std::uint64_t kTrainingPictures = 41;  ///< seed of what baselines learn from
constexpr const char* kReal = "real";

/// Real pictures and those of some instances, each source under its name.
struct Source {
    std::string name;  ///< kReal, or the instance's number
    std::int64_t instance = 0;
    fs::path folder;         ///< of the instance's model
    std::uint64_t seed = 0;  ///< mixed into what is drawn, so that no two instances draw the same latents
};

/// The sources of a set of instances: kSeen, what a method learns from or has issued, or kUnseen.
constexpr const char* kSeen = "seen";
constexpr const char* kUnseen = "unseen";

struct World {
    fs::path registry;
    std::vector<Source> sources;
};
World worldOf(Workshop& workshop, const fs::path& model, const std::string& set, std::int64_t count) {
    const InstanceSet issued = issuedInstances(workshop, model, fmt::format("{}-{}", set, count), count);
    World world{issued.registry, {{kReal, 0, {}, 0}}};
    for (const auto& instance : issued.instances)
        world.sources.push_back({fmt::format("instance-{}", instance.folder.filename().string()), instance.id,
                                 instance.folder,
                                 mixedSeed(set == std::string(kSeen) ? 0 : 1, world.sources.size())});
    return world;
}

/// Pictures of a source, real ones of a part of the data.
void eachPicture(Workshop& workshop, const Source& source, std::uint64_t seed, const Drawer& real,
                 std::int64_t count, const OnPicture& onPicture) {
    if (source.name == kReal) return real(count, onPicture);
    auto generator = generatorModel(workshop, source.folder);
    drawerOf(workshop, generator, seed)(count, onPicture);
}

/// How many test pictures of all sources, as many of each, isRight says are given the right answer.
Json accuracyOver(Workshop& workshop, const std::vector<Source>& sources, int side,
                  const std::function<bool(const Source&, const image::Image&)>& isRight) {
    const std::int64_t tests = workshop.settings().number("attributionTests");
    std::int64_t right = 0, n = 0, rightOfReal = 0, real = 0;
    for (const Source& source : sources)
        eachPicture(workshop, source, kTestSeed, workshop.heldOutDrawer(side), tests,
                    [&](const image::Image& picture) {
                        const bool isSo = isRight(source, picture);
                        right += isSo;
                        ++n;
                        if (source.name != kReal) return;
                        rightOfReal += isSo;
                        ++real;
                    });
    workshop.checkStop();
    Json result = shareOf(right, n);
    result["real"] = shareOf(rightOfReal, real);
    return result;
}

/// Found by the registry's rule, at the preset's p-value for the whole search (32 bits among 100 codes give
/// 10^-6 only where one of them at most is wrong), and by the paper's, 95 % of the bits.
Json ours(Workshop& workshop, const fs::path& folder, const std::string& set, std::int64_t count) {
    using registry::AcceptanceRule;
    auto model = fingerprintModel(workshop, folder);
    const World world = worldOf(workshop, folder, set, count);
    registry::InstanceRegistry registry(world.registry.string(), {.readOnly = true});
    const auto by = [&](AcceptanceRule rule) {
        registry::Identifier identifier(registry, model.manifest().weightsSha256, model.bits(),
                                        {.rule = rule,
                                         .alpha = workshop.settings().real("attributionAlpha"),
                                         .threads = workshop.threads()});
        std::int64_t wrong = 0;
        Json result = accuracyOver(
            workshop, world.sources, model.side(), [&](const Source& source, const image::Image& picture) {
                const auto found = identifier.identify(model.decode(picture));
                const bool isOther = found.accepted && found.nearest->instance.id != source.instance;
                wrong += isOther;
                return source.name == kReal ? !found.accepted : found.accepted && !isOther;
            });
        result["wrongly_named"] = wrong;
        return result;
    };
    Json result = by(AcceptanceRule::PValue);
    result["paper_rule"] = by(AcceptanceRule::PaperOverlap);
    return result;
}

/// A folder of a folder of training pictures for each source.
fs::path trainingFolder(Workshop& workshop, const fs::path& model, const std::vector<Source>& sources,
                        int side) {
    const std::int64_t each = workshop.settings().number("attributionPictures");
    const std::string set =
        fmt::format("sources-{}-{}-{}", model.parent_path().filename().string(), sources.size() - 1, each);
    fs::path folder;
    for (const Source& source : sources)
        folder = workshop
                     .pictures(set + "/" + source.name, each,
                               [&](std::int64_t count, const OnPicture& onPicture) {
                                   eachPicture(workshop, source, kTrainingPictures,
                                               workshop.trainedOnDrawer(side), count, onPicture);
                               })
                     .parent_path();
    return folder;
}

Json classified(Workshop& workshop, const fs::path& folder, std::int64_t count) {
    const int side = fingerprintModel(workshop, folder).side();
    const auto sources = worldOf(workshop, folder, kSeen, count).sources;
    const fs::path pictures = trainingFolder(workshop, folder, sources, side);
    baselines::AttributionModel model(
        workshop.trained(workshop.settings().training("attribution", {{"sources", pictures.string()}})),
        workshop.device(), workshop.threads());
    return accuracyOver(workshop, sources, side, [&](const Source& source, const image::Image& picture) {
        const auto scores = model.scores(picture);
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        return model.classes()[static_cast<std::size_t>(best)] == source.name;
    });
}

/// One of two networks, or more: each tells a source from the rest. Real pictures are to be called real,
/// those of instances that none of them knows are to be called none.
Json openClassified(Workshop& workshop, const fs::path& folder, std::int64_t count) {
    const int side = fingerprintModel(workshop, folder).side();
    const auto known = worldOf(workshop, folder, kSeen, count).sources;
    const fs::path pictures = trainingFolder(workshop, folder, known, side);
    std::vector<fs::path> models;
    for (const Source& source : known)
        models.push_back(workshop.trained(workshop.settings().training(
            "attribution",
            {{"sources",
              workshop.oneAgainstRest(pictures, source.name, baselines::AttributionSet::kRest).string()},
             {"steps", workshop.settings().number("attributionOpenSteps")}})));
    baselines::AttributionSet set(models, workshop.device(), workshop.threads());
    return accuracyOver(workshop, worldOf(workshop, folder, kUnseen, count).sources, side,
                        [&](const Source& source, const image::Image& picture) {
                            const auto answer = set.answer(picture);
                            return source.name == kReal ? answer == std::string(kReal) : !answer;
                        });
}

/// Real pictures against one instance's, asked about that one or about another.
Json detected(Workshop& workshop, const fs::path& folder, const std::string& tested) {
    const int side = fingerprintModel(workshop, folder).side();
    const fs::path pictures =
        trainingFolder(workshop, folder, worldOf(workshop, folder, kSeen, 1).sources, side);
    baselines::ClassifierModel model(workshop.trained(workshop.settings().training(
                                         "detector", {{"class0", (pictures / kReal).string()},
                                                      {"class1", (pictures / "instance-0000").string()},
                                                      {"side", side}})),
                                     workshop.device(), workshop.threads());
    return accuracyOver(workshop, worldOf(workshop, folder, tested, 1).sources, side,
                        [&](const Source& source, const image::Image& picture) {
                            return (model.logit(picture) > 0) == (source.name != kReal);
                        });
}

}  // namespace

std::vector<RowPlan> attributionRows(const Settings& settings) {
    const Json training = settings.training("fingerprint", {{"immunise", "all"}});
    std::vector<RowPlan> rows;
    const auto add = [&](const std::string& name, Json paper,
                         std::function<Json(Workshop&, const fs::path&)> measure,
                         const std::string& learns = {}) {
        Json setting = Json::object();
        if (!learns.empty()) setting["classifier"] = trainingKey(settings.training(learns));
        rows.push_back({.name = name,
                        .paper = std::move(paper),
                        .trainings = {training},
                        .setting = std::move(setting),
                        .measure = [measure](Workshop& workshop, const auto& models) {
                            return measure(workshop, models[0]);
                        }});
    };
    const std::map<std::int64_t, std::pair<double, double>> yu = {{1, {0.997, 0.893}}, {10, {0.998, 0.102}}};
    for (const std::int64_t count : settings.numbers("generators")) {
        add(fmt::format("fingerprints, {} instances, closed", count), {{"accuracy", 1.0}},
            [count](Workshop& workshop, const fs::path& model) {
                return ours(workshop, model, kSeen, count);
            });
        add(fmt::format("fingerprints, {} instances, open", count), {{"accuracy", 1.0}},
            [count](Workshop& workshop, const fs::path& model) {
                return ours(workshop, model, kUnseen, count);
            });
    }
    for (const auto& [count, paper] : yu) {
        add(
            fmt::format("Yu 2019, {} instances, closed", count), {{"accuracy", paper.first}},
            [n = count](Workshop& workshop, const fs::path& model) { return classified(workshop, model, n); },
            "attribution");
        add(
            fmt::format("Yu 2019, {} instances, open", count), {{"accuracy", paper.second}},
            [n = count](Workshop& workshop, const fs::path& model) {
                return openClassified(workshop, model, n);
            },
            "attribution");
    }
    add(
        "Yu 2019, 100 instances, closed", {{"accuracy", 0.955}},
        [](Workshop& workshop, const fs::path& model) { return classified(workshop, model, 100); },
        "attribution");
    add(
        "Wang 2020, 1 instance, closed", {{"accuracy", 0.890}},
        [](Workshop& workshop, const fs::path& model) { return detected(workshop, model, kSeen); },
        "detector");
    add(
        "Wang 2020, 1 instance, open", {{"accuracy", 0.883}},
        [](Workshop& workshop, const fs::path& model) { return detected(workshop, model, kUnseen); },
        "detector");
    return rows;
}

}  // namespace signet::experiments
