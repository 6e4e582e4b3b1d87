#include <fmt/format.h>

#include <memory>

#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "core/base/file_io.h"
#include "core/base/text.h"
#include "core/image/decode.h"
#include "core/metrics/feature_weights.h"
#include "core/metrics/picture_features.h"

namespace fs = std::filesystem;

namespace signet::cli {
namespace {

using metrics::PictureFeatures;

struct FidArguments {
    std::string a, b;
    std::string features = "efficientnet-lite0";
    std::uint64_t seed = 0;
    bool recursive = false;
};

void addPictures(Session& session, PictureFeatures& features, PictureFeatures::Set set,
                 const FidArguments& arguments, const std::string& folder) {
    const image::FoundImages found =
        image::findImages({fs::path(folder)}, {.recursive = arguments.recursive}, session.stop());
    for (std::size_t i = 0; i < found.files.size(); ++i) {
        if (session.stopRequested()) throw Error(ErrorCode::Cancelled, "interrupted");
        session.progress(i, found.files.size(), folder);
        try {
            features.add(set, image::decode(readFile(found.files[i])).image);
        } catch (const Error& error) {
            session.fail(found.files[i], error);
        }
    }
    if (features.count(set) < 2)
        throw Error(ErrorCode::BadOption,
                    fmt::format("{}: {} pictures there that can be read, a distance needs at least two",
                                shown(folder), features.count(set)));
}

void measureDistance(Session& session, const FidArguments& arguments) {
    const fs::path weights = metrics::findFeatureWeights(session.options().workspaceFolder());
    if (weights.empty())
        throw Error(ErrorCode::NotFound,
                    fmt::format("{} is missing: installer/run fetches it (17 MB), or put it into {}",
                                metrics::kFeatureWeightsFile,
                                shown(session.options().workspaceFolder() / "features")));
    PictureFeatures features(weights, session.options().device, session.options().threadCount());
    addPictures(session, features, PictureFeatures::Set::A, arguments, arguments.a);
    addPictures(session, features, PictureFeatures::Set::B, arguments, arguments.b);
    const metrics::SetDistance d = features.distance(arguments.seed);
    std::vector<std::string> warnings;
    if (std::min(d.nA, d.nB) < d.features)
        warnings.push_back(
            fmt::format("fewer pictures than features ({}): the covariances are not of full rank, "
                        "compare only with distances of as many pictures",
                        d.features));
    if (d.nA != d.nB) warnings.push_back("the sets differ in size");
    std::string text = fmt::format(
        "{} {:.4f} (n {} and {}; halves of the first set {})\nKID {:.6f}{}", PictureFeatures::kName,
        d.frechet, d.nA, d.nB, d.floor ? fmt::format("{:.4f}", *d.floor) : std::string("-"), d.kernel,
        d.kernelSubsetDeviation
            ? fmt::format(" (subsets' standard deviation {:.6f})", *d.kernelSubsetDeviation)
            : std::string());
    for (const std::string& warning : warnings) text += "\nnote: " + warning;
    session.emit({{"features", PictureFeatures::kName},
                  {"n_a", d.nA},
                  {"n_b", d.nB},
                  {"fid", d.frechet},
                  {"kid", d.kernel},
                  {"kid_subset_sd", d.kernelSubsetDeviation ? Json(*d.kernelSubsetDeviation) : Json()},
                  {"halves_of_a", d.floor ? Json(*d.floor) : Json()},
                  {"side", PictureFeatures::kSide},
                  {"warnings", warnings}},
                 text);
}

}  // namespace

void addFid(CLI::App& app, CommonOptions& common, int& status) {
    CLI::App& sub = addSubcommand(
        app, common, "fid",
        "Frechet and kernel distance of two folders of pictures, by features of EfficientNet-Lite0: to be "
        "compared with each other, never with a published FID, whose network is another",
        "signet fid cats/ generated/ --json");
    auto arguments = std::make_shared<FidArguments>();
    sub.add_option("DIR_A", arguments->a, "Folder of pictures, e.g. real ones")->required();
    sub.add_option("DIR_B", arguments->b, "Folder of those to be compared with them")->required();
    sub.add_option("--features", arguments->features, "Network of the features")
        ->check(CLI::IsMember({"efficientnet-lite0"}))
        ->capture_default_str();
    sub.add_option("--seed", arguments->seed, "Draws KID's subsets and the halves")->capture_default_str();
    sub.add_flag("-r,--recursive", arguments->recursive, "Also the images in sub-folders");
    sub.callback([&common, &status, arguments] {
        status = runCommand(common, [&](Session& session) { measureDistance(session, *arguments); });
    });
}

}  // namespace signet::cli
