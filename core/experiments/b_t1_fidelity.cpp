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

/// The same message is hidden in every picture that a generator learns from, and looked for in what it draws
/// (Yu et al. 2021, as paper B compares with it). A program that cannot hide it in a picture leaves it as it
/// is.
Json hidden(Workshop& workshop, StegoProgram program) {
    const int side = workshop.settings().training("generator").at("side").get<int>();
    const int bits = workshop.settings().training("fingerprint").at("bits").get<int>();
    StepRandom random(kTestSeed, kCodeStream, 1);
    Bytes message(static_cast<std::size_t>(bits / 8));
    for (auto& byte : message) byte = static_cast<std::uint8_t>(random.bits());
    std::int64_t carried = 0, all = 0, readBack = 0;
    const auto embedded = [&](const image::Image& picture) -> std::optional<Bytes> {
        try {
            return baselines::embed(program, picture, message, kStegoKey, kJpegQuality);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::TooSmall) throw;
            return std::nullopt;
        }
    };
    // The same program on the files themselves: how many it can hide it in, and read it from.
    workshop.heldOutDrawer(side)(workshop.settings().number("stegoTests"), [&](const image::Image& picture) {
        ++all;
        const auto jpeg = embedded(picture);
        if (!jpeg) return;
        ++carried;
        const auto read = baselines::extract(program, *jpeg, kStegoKey, message.size());
        readBack += read && *read == message;
    });
    const fs::path data = workshop.changedData(
        fmt::format("{}-{}", baselines::toString(program), side), side, [&](const image::Image& picture) {
            const auto jpeg = embedded(picture);
            return jpeg ? image::toRgb8(image::decode(*jpeg).image) : picture;
        });
    auto generator = generatorModel(
        workshop, workshop.trained(workshop.settings().training("generator", {{"data", data.string()}})));
    std::int64_t found = 0, right = 0;
    std::uint64_t number = 0;
    drawerOf(workshop, generator, kTestSeed)(
        workshop.settings().number("stegoTests"), [&](const image::Image& picture) {
            const auto jpeg = image::encode(
                picture, {.format = image::Format::Jpeg, .quality = kJpegQuality, .subsample = true});
            const auto reading = baselines::bitsRead(
                baselines::extract(program, jpeg, kStegoKey, message.size()), message, kTestSeed, number++);
            found += reading.extracted;
            right += reading.right;
        });
    workshop.checkStop();
    const double accuracy =
        number > 0 ? static_cast<double>(right) / static_cast<double>(number * message.size() * 8) : 0;
    Json ours = shareOf(right, static_cast<std::int64_t>(number * message.size() * 8), "bit_accuracy");
    ours.erase("n");
    ours["log10_p_value"] = log10PValue(accuracy, bits);
    ours["extracted"] = shareOf(found, static_cast<std::int64_t>(number), "share");
    ours["of_the_files_themselves"] = {{"hidden", shareOf(carried, all, "share")},
                                       {"read_back", shareOf(readBack, carried, "share")}};
    ours.update(workshop.distance(workshop.settings().number("distancePictures"), side,
                                  drawerOf(workshop, generator, kTestSeed + 1)));
    return ours;
}

/// Every picture that a generator learns from is stamped with one code, which is decoded from what it draws.
Json stamped(Workshop& workshop, const fs::path& folder) {
    const int side = workshop.settings().training("generator").at("side").get<int>();
    const int bits = workshop.settings().training("artificial-fingerprint").at("bits").get<int>();
    baselines::ArtificialFingerprintModel stamp(models::readManifest(folder), workshop.device(),
                                                workshop.threads());
    const auto code = oneCode(bits);
    BitCount direct, drawn;
    workshop.heldOutDrawer(side)(workshop.settings().number("stegoTests"), [&](const image::Image& picture) {
        direct.add(code, stamp.decode(stamp.stamp(picture, code)));
    });
    const fs::path data =
        workshop.changedData("stamped-" + folder.parent_path().filename().string(), side,
                             [&](const image::Image& picture) { return stamp.stamp(picture, code); });
    auto generator = generatorModel(
        workshop, workshop.trained(workshop.settings().training("generator", {{"data", data.string()}})));
    drawerOf(workshop, generator, kTestSeed)(
        workshop.settings().number("pictures"),
        [&](const image::Image& picture) { drawn.add(code, stamp.decode(picture)); });
    workshop.checkStop();
    Json ours = drawn.report();
    ours["log10_p_value"] = log10PValue(drawn.mean(), bits);
    ours["bits"] = bits;
    ours["of_stamped_pictures"] = direct.report();
    ours.update(workshop.distance(workshop.settings().number("distancePictures"), side,
                                  drawerOf(workshop, generator, kTestSeed + 1)));
    return ours;
}

}  // namespace

std::vector<RowPlan> fidelityRows(const Settings& settings) {
    const std::string generator = Workshop::keyOf(settings.training("generator"));  // learns changed pictures
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
