#include "app/cli/case_options.h"

namespace signet::cli {

void addCaseOptions(CLI::App& sub, CaseOptions& options) {
    sub.add_option("DB", options.location, "The case: a file, or the postgresql:// URL of a database")
        ->required();
    sub.add_option("--examiner", options.examiner,
                   "Who does this, as it is recorded (default: who opened the case)");
    sub.add_option(
        "--folder", options.folder,
        "Folder of copies and maps (default: DB.files beside a file; the one recorded on a server)");
}

cases::CaseStore openCase(const CaseOptions& options, bool readOnly) {
    cases::OpenOptions open;
    open.actor = options.examiner;
    open.folder = options.folder;
    open.readOnly = readOnly;
    cases::CaseStore store(options.location, open);
    if (store.actor().empty()) store.setActor(store.info().examiner);
    return store;
}

}  // namespace signet::cli
