#include "core/experiments/secured_generators.h"

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

SignatureScores scoresOfDrawn(
    Workshop& workshop, MeasuredSignature& signature, generators::GeneratorModel& generator,
    const std::vector<std::uint8_t>& code,
    const std::function<image::Image(const image::Image& picture, std::uint64_t number)>& change) {
    SignatureScores scores;
    const auto count = workshop.settings().number("signatureTests");
    std::uint64_t number = 0;
    const auto seen = [&](const image::Image& picture) {
        return change ? change(picture, number++) : picture;
    };
    drawerOf(workshop, generator, kTestSeed)(
        count, [&](const image::Image& picture) { scores.addMarked(signature.read(seen(picture)), code); });
    workshop.heldOutDrawer(generator.side())(count, [&](const image::Image& picture) {
        scores.addClean(signature.read(seen(picture)), signature.bits());
    });
    workshop.checkStop();
    return scores;
}

}  // namespace signet::experiments
