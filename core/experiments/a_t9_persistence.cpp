#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/signature_measures.h"
#include "core/models/manifest.h"
#include "core/removal/remover_model.h"

namespace signet::experiments {
namespace {

struct Persistence {
    const char* name;
    bool noise, auxiliary;
    double psnrDb, accuracy, restored;  ///< the paper's
};
constexpr Persistence kForms[] = {{"plain", false, false, 51.4, 1.0, 0.5},
                                  {"L_aux", false, true, 44.8, 0.999, 0.526},
                                  {"noise e", true, false, 29.4, 0.999, 0.5},
                                  {"noise e and L_aux", true, true, 29.1, 0.999, 0.982}};

/// The attacker M learns alone from pictures signed by the finished W; what it restores is saved and read.
Json attacked(Workshop& workshop, const std::vector<std::filesystem::path>& models) {
    Json ours = signatureQuality(workshop, models[0]);
    MeasuredSignature signature(workshop, models[0]);
    removal::RemoverModel attacker(models::readManifest(models[1]), workshop.device(), workshop.threads());
    SignatureScores scores;
    std::uint64_t number = 0;
    workshop.heldOutDrawer(signature.side())(
        workshop.settings().number("signatureTests"), [&](const image::Image& picture) {
            const auto code = signature.code(1 + number++ % signature.codes());
            scores.addMarked(signature.read(attacker.remove(signature.marked(picture, code))), code);
            scores.addClean(signature.read(picture), signature.bits());
        });
    workshop.checkStop();
    Json restored = scores.report();
    restored["roc"] = scores.curve();  // figure 6
    ours["restored"] = restored;
    ours["restored_accuracy"] = restored["accuracy"];
    ours["restored_accuracy_ci95"] = restored["accuracy_ci95"];
    return ours;
}

}  // namespace

std::vector<RowPlan> persistenceRows(const Settings& settings) {
    std::vector<RowPlan> rows;
    for (const Persistence& form : kForms) {
        const Json signature =
            settings.training("signature", {{"noise", form.noise ? settings.real("noise") : 0.0},
                                            {"auxiliary", form.auxiliary ? "pool" : "none"},
                                            {"lambda", settings.real("persistentLambda")}});
        rows.push_back({.name = form.name,
                        .paper = {{"psnr_db", form.psnrDb},
                                  {"accuracy", form.accuracy},
                                  {"restored_accuracy", form.restored}},
                        .trainings = {signature, settings.training("restorer", {{"model", signature}})},
                        .measure = attacked});
    }
    return rows;
}

}  // namespace signet::experiments
