#include "core/examine/unsigned_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "core/attacks/made_pictures.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/examine/image_family.h"
#include "core/examine/independent_images.h"
#include "core/examine/trial.h"

namespace fs = std::filesystem;

namespace signet::examine {
namespace {

constexpr const char* kMadeSet = "made";

struct ScoresOfFamily {
    std::vector<float> scores;
    std::size_t inTraining = 0;
};
/// By set and family.
using Gathered = std::map<std::pair<std::string, std::string>, ScoresOfFamily>;

/// The folder itself and those right below it, which have images of their own.
std::vector<training::PhotoSet> setsOf(const fs::path& folder, int limit) {
    std::vector<fs::path> places{folder};
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_directory() && !entry.is_symlink()) places.push_back(entry.path());
    std::sort(places.begin() + 1, places.end());
    std::vector<training::PhotoSet> sets;
    for (const auto& place : places) {
        try {
            sets.push_back(independentImages(place, limit));
        } catch (const Error& why) {
            if (why.code() != ErrorCode::NotFound) throw;
        }
    }
    if (sets.empty())
        throw Error(ErrorCode::NotFound, fmt::format("{} holds no image", toUtf8(folder.string())));
    return sets;
}

class UnsignedChecker {
public:
    UnsignedChecker(LoadedModel& model, const UnsignedOptions& options, int threads,
                    const WorkContext& context, std::vector<std::string>* warnings)
        : m_model(model), m_options(options), m_threads(threads), m_context(context), m_warnings(warnings) {}

    /// pictureOf may throw signet::Error: the picture is left out.
    template <typename PictureOf>
    void check(const std::string& set, const std::string& family, const std::string& name,
               const PictureOf& pictureOf) {
        if (m_context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        m_context.report(m_done, m_total, name);
        ++m_done;
        try {
            image::Image picture = pictureOf();
            if (m_options.otherKeys)
                picture = signedTrial(m_model, std::move(picture),
                                      drawnCode(m_model.detector().bits(), m_options.seed + m_done), {},
                                      m_threads, drawnKey(m_options.seed, m_done))
                              .marked;
            m_gathered[{set, family}].scores.push_back(
                static_cast<float>(m_model.detector().detect(picture).scoreLogit));
        } catch (const Error& error) {
            if (error.code() == ErrorCode::BadOption) throw;
            if (m_warnings) m_warnings->push_back(fmt::format("{}: {}", name, error.what()));
        }
    }

    void expect(std::size_t more) { m_total += more; }
    Gathered& gathered() { return m_gathered; }

private:
    LoadedModel& m_model;
    const UnsignedOptions& m_options;
    int m_threads;
    const WorkContext& m_context;
    std::vector<std::string>* m_warnings;
    Gathered m_gathered;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
};

}  // namespace

std::vector<UnsignedFamily> checkUnsigned(LoadedModel& model, const UnsignedOptions& options, int threads,
                                          const WorkContext& context, std::vector<std::string>* warnings) {
    if (options.folders.empty() && options.made <= 0)
        throw Error(ErrorCode::BadOption, "give folders of unsigned images, or a number of made ones");
    if (options.otherKeys && !model.injector().isKeyed())
        throw Error(ErrorCode::BadOption, fmt::format("{} has no keys", model.manifest.name));
    const auto trained = models::loadTrainingList(model.manifest.folder);
    UnsignedChecker checker(model, options, threads, context, warnings);
    std::vector<std::pair<fs::path, training::PhotoSet>> sets;
    for (const auto& folder : options.folders)
        for (auto& set : setsOf(folder, options.limit)) {
            checker.expect(set.files.size());
            sets.emplace_back(folder, std::move(set));
        }
    checker.expect(attacks::madeFamilies().size() * static_cast<std::size_t>(std::max(0, options.made)));
    for (const auto& [folder, set] : sets) {
        const auto listed = trained ? training::listedFiles(set) : std::vector<models::ListedFile>{};
        for (std::size_t i = 0; i < set.files.size(); ++i) {
            const std::string name = nameOfFolder(folder), family = familyOf(set.files[i], folder);
            checker.check(name, family, toUtf8(set.files[i].string()),
                          [&file = set.files[i]] { return plainPicture(file, 0); });
            if (trained && trained->knows(listed[i])) ++checker.gathered()[{name, family}].inTraining;
        }
    }
    for (const auto family : attacks::madeFamilies())
        for (int i = 0; i < options.made; ++i)
            checker.check(kMadeSet, std::string(family), fmt::format("{} {}", family, i), [&, i] {
                return attacks::madePicture(family, options.seed, static_cast<std::uint64_t>(i));
            });

    std::vector<UnsignedFamily> families;
    std::size_t inTraining = 0;
    for (const auto& [key, of] : checker.gathered()) {
        if (of.scores.empty()) continue;
        UnsignedFamily& family = families.emplace_back();
        std::tie(family.set, family.family) = key;
        family.otherKeys = options.otherKeys;
        family.model = model.manifest.name;
        family.modelSha256 = model.manifest.weightsSha256;
        if (trained) family.inTraining = static_cast<int>(of.inTraining);
        inTraining += of.inTraining;
        family.threshold = model.threshold();
        family.reported = {std::count_if(of.scores.begin(), of.scores.end(),
                                         [&](float s) { return static_cast<double>(s) >= family.threshold; }),
                           static_cast<std::int64_t>(of.scores.size())};
        family.highestScore = static_cast<double>(*std::max_element(of.scores.begin(), of.scores.end()));
        if (model.scoresArePValues()) family.pValues = pValueShares(of.scores);
    }
    if (families.empty()) throw Error(ErrorCode::NotFound, "no image can be checked");
    if (!options.keep) return families;
    if (!trained && !options.folders.empty())
        throw Error(ErrorCode::BadOption, "nothing is kept: the model has no list of its training files");
    if (inTraining > 0)
        throw Error(ErrorCode::BadOption,
                    fmt::format("nothing is kept: {} of the images are in the model's list of training files",
                                inTraining));
    keepRows(model.manifest, kUnsignedFile, families);
    return families;
}

UnsignedFamily togetherOf(const std::vector<UnsignedFamily>& families) {
    UnsignedFamily all;
    if (families.empty()) return all;
    all = families.front();
    all.set.clear();
    all.family.clear();
    for (std::size_t i = 1; i < families.size(); ++i) {
        const UnsignedFamily& more = families[i];
        all.reported.k += more.reported.k;
        all.reported.n += more.reported.n;
        all.highestScore = std::max(all.highestScore, more.highestScore);
        if (all.inTraining && more.inTraining) *all.inTraining += *more.inTraining;
        if (all.pValues && more.pValues) *all.pValues += *more.pValues;
    }
    return all;
}

Json toJson(const UnsignedFamily& f) {
    Json json = {{"unsigned", f.set.empty() ? Json(nullptr) : Json(f.set)},
                 {"family", f.family.empty() ? Json(nullptr) : Json(f.family)},
                 {"other_keys", f.otherKeys},
                 {"n", f.reported.n},
                 {"model", f.model},
                 {"model_sha256", f.modelSha256},
                 {"in_training", f.inTraining ? Json(*f.inTraining) : Json(nullptr)},
                 {"threshold", f.threshold},
                 {"reported", metrics::toJson(f.reported)},
                 {"reported_upper95", f.reported.upper95()},
                 {"highest_score", f.highestScore}};
    if (f.pValues) json["p_values"] = toJson(*f.pValues);
    return json;
}

UnsignedFamily unsignedFamilyFromJson(const Json& json) {
    UnsignedFamily f;
    if (!json.at("unsigned").is_null()) f.set = json.at("unsigned").get<std::string>();
    if (!json.at("family").is_null()) f.family = json.at("family").get<std::string>();
    f.otherKeys = json.value("other_keys", false);
    f.model = json.value("model", "");
    f.modelSha256 = json.at("model_sha256").get<std::string>();
    if (const auto seen = json.find("in_training"); seen != json.end() && seen->is_number_integer())
        f.inTraining = seen->get<int>();
    f.threshold = json.at("threshold").get<double>();
    f.reported = metrics::proportionFromJson(json.at("reported"));
    f.highestScore = json.at("highest_score").get<double>();
    if (const auto shares = json.find("p_values"); shares != json.end())
        f.pValues = pValueSharesFromJson(*shares);
    return f;
}

}  // namespace signet::examine
