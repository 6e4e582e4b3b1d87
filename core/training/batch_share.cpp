#include "core/training/batch_share.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace signet::training {

void requireEvenShare(const RunOptions& run, const ProcessGroup& group, int parts) {
    if (run.batch % (parts * group.size()) != 0)
        throw Error(
            ErrorCode::BadOption,
            fmt::format("a batch of {} images cannot be shared evenly by {} ranks{}: choose a batch (--set "
                        "batch=N) that their number divides",
                        run.batch, group.size(), parts > 1 ? fmt::format(" in {} parts", parts) : ""));
}

LoaderOptions loaderOfShare(const RunOptions& run, const ProcessGroup& group, int side, int parts) {
    LoaderOptions loader;
    loader.side = side;
    loader.batch = run.batch;
    loader.parts = parts;
    loader.rank = group.rank();
    loader.ranks = group.size();
    loader.seed = seedOf(run);
    return loader;
}

}  // namespace signet::training
