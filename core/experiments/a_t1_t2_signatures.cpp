#include "core/experiments/paper_a.h"
#include "core/experiments/signature_measures.h"

namespace signet::experiments {

std::vector<RowPlan> presenceRows(const Settings& settings) {
    return {{.name = "W and F, n = 1",
             .paper = {{"psnr_db", 51.4}, {"fid", 0.52}, {"accuracy", 1.0}},
             .trainings = {settings.training("signature")},
             .measure = [](Workshop& workshop, const auto& models) {
                 Json ours = signatureQuality(workshop, models[0]);
                 MeasuredSignature signature(workshop, models[0]);
                 ours["roc"] = scoresOf(workshop, signature).curve();  // figure 2
                 return ours;
             }}};
}

std::vector<RowPlan> codeRows(const Settings& settings) {
    return {{.name = "W and F, n = 2",
             .paper = {{"psnr_db", 44.9}, {"fid", 2.68}, {"accuracy", 0.999}},
             .trainings = {settings.training("signature-2bit")},
             .measure = [](Workshop& workshop, const auto& models) {
                 return signatureQuality(workshop, models[0]);
             }}};
}

}  // namespace signet::experiments
