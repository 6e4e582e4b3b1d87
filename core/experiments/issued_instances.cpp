#include "core/experiments/issued_instances.h"

#include <fmt/format.h>

#include <string>

#include "core/experiments/measures.h"
#include "core/registry/instance_registry.h"
#include "core/registry/issue.h"

namespace fs = std::filesystem;

namespace signet::experiments {

InstanceSet issuedInstances(Workshop& workshop, const fs::path& model, const std::string& set,
                            std::int64_t count) {
    const fs::path folder = model.parent_path() / "instances" / set;  // beside the run that the model is of
    fs::create_directories(folder);
    InstanceSet issued{folder / "registry.sqlite", {}};
    registry::InstanceRegistry registry(issued.registry.string(), {.actor = "experiment"});
    auto& instances = issued.instances;
    const auto next = [&] { return folder / fmt::format("{:04}", instances.size()); };
    registry.each({}, [&](const registry::Instance& instance) {
        instances.push_back({instance.id, next()});
    });
    if (static_cast<std::int64_t>(instances.size()) >= count) return issued;
    auto generator = fingerprintModel(workshop, model);
    while (static_cast<std::int64_t>(instances.size()) < count) {
        workshop.checkStop();
        workshop.context().report(instances.size(), static_cast<std::uint64_t>(count), "instances");
        fs::remove_all(next());  // of a process that was killed before it was registered
        const auto instance = registry::issue(
            generator, registry, {.holder = fmt::format("holder {}", instances.size()), .folder = next()});
        instances.push_back({instance.id, next()});
    }
    return issued;
}

}  // namespace signet::experiments
