#include <fmt/format.h>

#include "core/base/random.h"
#include "core/baselines/artificial_fingerprint_model.h"
#include "core/baselines/stego_program.h"
#include "core/experiments/measures.h"
#include "core/experiments/paper_b.h"
#include "core/image/decode.h"
#include "core/image/encode.h"

namespace fs = std::filesystem;

namespace signet::experiments {
namespace {

using baselines::StegoProgram;

constexpr int kJpegQuality = 95;
constexpr const char* kStegoKey = "signet";
constexpr std::uint64_t kCodeStream = 51;  ///< of the one code of a generator that learns marked pictures

std::vector<std::uint8_t> oneCode(int bits) {
    StepRandom random(kTestSeed, kCodeStream, 0);
    return drawnBits(bits, [&] { return random.bits(); });
}

Bytes asJpeg(const image::Image& picture) {
    return image::encode(picture,
                         {.format = image::Format::Jpeg, .quality = kJpegQuality, .subsample = true});
}

/// One message and a program that hides it in pictures and finds it again.
class Hiding {
public:
    Hiding(StegoProgram program, int bits) : m_program(program) {
        StepRandom random(kTestSeed, kCodeStream, 1);
        m_message.resize(static_cast<std::size_t>(bits / 8));
        for (auto& byte : m_message) byte = static_cast<std::uint8_t>(random.bits());
    }
    const Bytes& message() const { return m_message; }

    /// Nothing where it does not fit in.
    std::optional<Bytes> hidden(const image::Image& picture) const {
        try {
            return baselines::embed(m_program, picture, m_message, kStegoKey, kJpegQuality);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::TooSmall) throw;
            return std::nullopt;
        }
    }
    /// Nothing where the program finds nothing, or stumbles over the file.
    std::optional<Bytes> found(const Bytes& jpeg) const {
        try {
            return baselines::extract(m_program, jpeg, kStegoKey, m_message.size());
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Corrupt) throw;
            return std::nullopt;
        }
    }

private:
    StegoProgram m_program;
    Bytes m_message;
};

/// Of pictures that were not learnt from: in how many it fits, how often it is found in the file, and how
/// often after one decoding and encoding. Throws TooSmall where it fits in less than half of them.
Json ofTheFilesThemselves(Workshop& workshop, const Hiding& hiding, int side) {
    std::int64_t fits = 0, all = 0, found = 0, foundAgain = 0;
    workshop.heldOutDrawer(side)(workshop.settings().number("stegoTests"), [&](const image::Image& picture) {
        ++all;
        const auto jpeg = hiding.hidden(picture);
        if (!jpeg) return;
        ++fits;
        found += hiding.found(*jpeg) == hiding.message();
        foundAgain += hiding.found(asJpeg(image::decode(*jpeg).image)) == hiding.message();
    });
    if (2 * fits < all)
        throw Error(ErrorCode::TooSmall,
                    fmt::format("the message fits in {} of {} pictures of {} px only: a generator would not "
                                "learn it from them",
                                fits, all, side));
    return {{"hidden", shareOf(fits, all, "share")},
            {"found", shareOf(found, fits, "share")},
            {"found_encoded_again", shareOf(foundAgain, fits, "share")}};
}

/// The same message is hidden in every picture that a generator learns from, and looked for in what it draws
/// (Yu et al. 2021, as paper B compares with it). A picture that it does not fit in stays as it is.
Json hidden(Workshop& workshop, StegoProgram program) {
    const Settings& settings = workshop.settings();
    const int side = settings.training("generator").at("side").get<int>();
    const int bits = settings.training("fingerprint").at("bits").get<int>();
    const Hiding hiding(program, bits);
    const Json files = ofTheFilesThemselves(workshop, hiding, side);
    const fs::path data =
        workshop.changedData(fmt::format("{}-{}-{}-{}-{}", baselines::toString(program), workshop.dataKey(),
                                         side, bits, kJpegQuality),
                             side, [&](const image::Image& picture) {
                                 const auto jpeg = hiding.hidden(picture);
                                 return jpeg ? image::toRgb8(image::decode(*jpeg).image) : picture;
                             });
    auto generator =
        generatorModel(workshop, workshop.trained(settings.training("generator", {{"data", data.string()}})));
    std::int64_t extracted = 0;
    std::uint64_t number = 0;
    fingerprint::BitTally count;
    drawerOf(workshop, generator, kTestSeed)(settings.number("stegoTests"), [&](const image::Image& picture) {
        const auto reading =
            baselines::bitsRead(hiding.found(asJpeg(picture)), hiding.message(), kTestSeed, number++);
        extracted += reading.extracted;
        count.add(reading.right, bits);
    });
    workshop.checkStop();
    Json ours = shareOf(count);
    ours["log10_p_value"] = log10PValue(count.accuracy(), bits);
    ours["extracted"] = shareOf(extracted, static_cast<std::int64_t>(number), "share");
    ours["of_the_files_themselves"] = files;
    ours.update(distanceOf(workshop, generator));
    return ours;
}

/// Every picture that a generator learns from is stamped with one code, which is decoded from what it draws.
Json stamped(Workshop& workshop, const fs::path& folder) {
    const int side = workshop.settings().training("generator").at("side").get<int>();
    const int bits = workshop.settings().training("artificial-fingerprint").at("bits").get<int>();
    baselines::ArtificialFingerprintModel stamp(models::readManifest(folder), workshop.device(),
                                                workshop.threads());
    const auto code = oneCode(bits);
    fingerprint::BitTally direct, drawn;
    workshop.heldOutDrawer(side)(workshop.settings().number("stegoTests"), [&](const image::Image& picture) {
        direct.add(code, stamp.decode(stamp.stamp(picture, code)));
    });
    const fs::path data =
        workshop.changedData(fmt::format("stamped-{}-{}", folder.parent_path().filename().string(), side),
                             side, [&](const image::Image& picture) { return stamp.stamp(picture, code); });
    auto generator = generatorModel(
        workshop, workshop.trained(workshop.settings().training("generator", {{"data", data.string()}})));
    drawerOf(workshop, generator, kTestSeed)(
        workshop.settings().number("pictures"),
        [&](const image::Image& picture) { drawn.add(code, stamp.decode(picture)); });
    workshop.checkStop();
    Json ours = shareOf(drawn);
    ours["log10_p_value"] = log10PValue(drawn.accuracy(), bits);
    ours["bits"] = bits;
    ours["of_stamped_pictures"] = shareOf(direct);
    ours.update(distanceOf(workshop, generator));
    return ours;
}

}  // namespace

std::vector<RowPlan> fidelityRows(const Settings& settings) {
    const std::string generator = trainingKey(settings.training("generator"));  // learns changed pictures
    std::vector<RowPlan> rows;
    rows.push_back({.name = "StyleGAN2",
                    .paper = {{"fid", 9.37}},
                    .trainings = {settings.training("generator")},
                    .measure = [](Workshop& workshop, const auto& models) {
                        return plainFidelity(workshop, models[0]);
                    }});
    const auto stego = [&](StegoProgram program, double bits, double p, double fid) {
        rows.push_back(
            {.name = std::string(baselines::toString(program)),
             .paper = {{"bit_accuracy", bits}, {"p_value", p}, {"fid", fid}},
             .setting = {{"generator", generator}},
             .measure = [program](Workshop& workshop, const auto&) { return hidden(workshop, program); }});
    };
    stego(StegoProgram::Outguess, 0.533, 0.268, 10.02);
    stego(StegoProgram::Steghide, 0.535, 0.268, 9.48);
    rows.push_back(
        {.name = "Yu 2021",
         .paper = {{"bit_accuracy", 0.989}, {"p_value", "< 1e-36"}, {"fid", 14.13}},
         .trainings = {settings.training("artificial-fingerprint")},
         .setting = {{"generator", generator}},
         .measure = [](Workshop& workshop, const auto& models) { return stamped(workshop, models[0]); }});
    const auto fingerprints = [&](std::string name, const char* variant, double bits, const char* p,
                                  double fid) {
        rows.push_back({.name = std::move(name),
                        .paper = {{"bit_accuracy", bits}, {"p_value", p}, {"fid", fid}},
                        .trainings = {settings.training("fingerprint", {{"variant", variant}})},
                        .measure = [](Workshop& workshop, const auto& models) {
                            return fidelity(workshop, models[0]);
                        }});
    };
    fingerprints("fingerprinting", "published", 0.991, "< 1e-36", 11.50);
    fingerprints("variant I", "I", 0.999, "< 1e-38", 12.98);
    fingerprints("variant II", "II", 0.987, "< 1e-36", 13.86);
    fingerprints("variant III", "III", 0.990, "< 1e-36", 22.59);
    return rows;
}

}  // namespace signet::experiments
