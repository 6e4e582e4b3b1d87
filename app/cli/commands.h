#pragma once

#include "app/cli/common.h"

namespace signet::cli {

// Each function adds its subcommand to app and defines what runs when it is called: the options are read into
// an object the callback shares, common is the one object of main, status receives the exit status.

void addCheck(CLI::App& app, CommonOptions& common, int& status);
void addSign(CLI::App& app, CommonOptions& common, int& status);
void addCompare(CLI::App& app, CommonOptions& common, int& status);
void addAttack(CLI::App& app, CommonOptions& common, int& status);
void addRoc(CLI::App& app, CommonOptions& common, int& status);
void addEvaluate(CLI::App& app, CommonOptions& common, int& status);
void addTrain(CLI::App& app, CommonOptions& common, int& status);
void addExperiment(CLI::App& app, CommonOptions& common, int& status);
void addFid(CLI::App& app, CommonOptions& common, int& status);
void addGenerate(CLI::App& app, CommonOptions& common, int& status);
void addFingerprintEvaluate(CLI::App& group, CommonOptions& common, int& status);
void addFingerprint(CLI::App& app, CommonOptions& common, int& status);
void addModel(CLI::App& app, CommonOptions& common, int& status);
void addKey(CLI::App& app, CommonOptions& common, int& status);
/// case new, and those below.
void addCase(CLI::App& app, CommonOptions& common, int& status);
void addCaseAdd(CLI::App& group, CommonOptions& common, int& status);
void addCaseExamine(CLI::App& group, CommonOptions& common, int& status);
void addCaseList(CLI::App& group, CommonOptions& common, int& status);
void addCaseVerify(CLI::App& group, CommonOptions& common, int& status);
/// case register, code, custody, tag.
void addCaseRecords(CLI::App& group, CommonOptions& common, int& status);
void addCaseReport(CLI::App& group, CommonOptions& common, int& status);
void addCaseExport(CLI::App& group, CommonOptions& common, int& status);
void addBenchTrain(CLI::App& bench, CommonOptions& common, int& status);
void addBenchGenerate(CLI::App& bench, CommonOptions& common, int& status);
void addBenchKernels(CLI::App& bench, CommonOptions& common, int& status);
void addBenchSearch(CLI::App& bench, CommonOptions& common, int& status);
void addBench(CLI::App& app, CommonOptions& common, int& status);
/// bench gui; only in a build with the desktop (SIGNET_DESKTOP).
void addBenchGui(CLI::App& bench, CommonOptions& common, int& status);

/// All of them, in the order --help lists them.
void registerCommands(CLI::App& app, CommonOptions& common, int& status);

}  // namespace signet::cli
