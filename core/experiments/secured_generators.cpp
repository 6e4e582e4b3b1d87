#include "core/experiments/secured_generators.h"

#include <fmt/format.h>

#include "core/experiments/measures.h"

namespace signet::experiments {

const std::vector<GeneratorOfTable>& generatorsOfTable() {
    static const std::vector<GeneratorOfTable> list = {
        {"LDM", "latent-diffusion", "secured-ldm", 9.70, 9.20, 1.0},
        {"ADM", "upsampler", "secured-adm", 12.32, 13.61, 1.0},
        {"StyleGAN2", "generator-to-secure", "secured-stylegan2", 3.97, 4.35, 0.999}};
    return list;
}

Json securing(const Settings& settings, const GeneratorOfTable& generator, const Json& changes) {
    Json all = changes;
    if (!all.contains("generator")) all["generator"] = settings.training(generator.training);
    if (!all.contains("signature")) all["signature"] = settings.training("signature");
    return settings.training(generator.secured, all);
}

std::filesystem::path realPictures(Workshop& workshop, int side) {
    const auto count = workshop.settings().number("detectorPictures");
    return workshop.pictures(fmt::format("real-{}-{}-{}", workshop.dataKey(), side, count), count,
                             workshop.trainedOnDrawer(side));
}

std::filesystem::path drawnPictures(Workshop& workshop, const std::filesystem::path& generator) {
    const auto count = workshop.settings().number("detectorPictures");
    auto model = generatorModel(workshop, generator);
    return workshop.pictures(fmt::format("drawn-{}-{}", generator.parent_path().filename().string(), count),
                             count, drawerOf(workshop, model, kTestSeed + 2));
}

SignatureScores scoresOfDrawn(Workshop& workshop, generators::GeneratorModel& generator,
                              const std::vector<std::uint8_t>& code,
                              const std::function<signature::Detection(const image::Image& picture)>& read) {
    SignatureScores scores;
    const auto count = workshop.settings().number("signatureTests");
    drawerOf(workshop, generator, kTestSeed)(
        count, [&](const image::Image& picture) { scores.addMarked(read(picture), code); });
    workshop.heldOutDrawer(generator.side())(count, [&](const image::Image& picture) {
        scores.addClean(read(picture), static_cast<int>(code.size()));
    });
    workshop.checkStop();
    return scores;
}

SignatureScores scoresOfDrawn(
    Workshop& workshop, MeasuredSignature& signature, generators::GeneratorModel& generator,
    const std::vector<std::uint8_t>& code,
    const std::function<image::Image(const image::Image& picture, std::uint64_t number)>& change) {
    std::uint64_t number = 0;
    return scoresOfDrawn(workshop, generator, code, [&](const image::Image& picture) {
        return signature.read(change ? change(picture, number++) : picture);
    });
}

}  // namespace signet::experiments
