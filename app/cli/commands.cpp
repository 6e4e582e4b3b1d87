#include "app/cli/commands.h"

namespace signet::cli {

void registerCommands(CLI::App& app, CommonOptions& common, int& status) {
    addCheck(app, common, status);
    addSign(app, common, status);
    addCompare(app, common, status);
    addAttack(app, common, status);
    addRoc(app, common, status);
    addFid(app, common, status);
    addEvaluate(app, common, status);
    addTrain(app, common, status);
    addGenerate(app, common, status);
    addFingerprint(app, common, status);
    addExperiment(app, common, status);
    addModel(app, common, status);
    addKey(app, common, status);
    addCase(app, common, status);
    addBench(app, common, status);
}

}  // namespace signet::cli
