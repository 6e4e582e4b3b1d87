#include "core/training/run_options.h"

#include "core/base/option_fields.h"

namespace signet::training {

RunOptions RunOptions::among(const Json& options) {
    RunOptions run;
    if (!options.is_object()) throw Error(ErrorCode::BadOption, "a training configuration is a JSON object");
    Json left = options;
    const auto walk = [&](auto&& visit) {
        walkRun(run, visit, "");
        walkRecord(run, visit);
    };
    takeFields(walk, left);
    checkFields(walk);
    return run;
}

}  // namespace signet::training
