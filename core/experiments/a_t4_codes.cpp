#include <fmt/format.h>

#include "core/experiments/measures.h"
#include "core/experiments/paper_a.h"
#include "core/experiments/secured_generators.h"

namespace signet::experiments {
namespace {

struct CopyOfTable {
    const char* hex;  ///< the code in the upper bits of one digit
    std::uint64_t number;
    const char* name;
    double fid;
};
constexpr CopyOfTable kCopies[] = {{"4", 1, "01", 9.86}, {"8", 2, "10", 9.20}, {"c", 3, "11", 10.35}};

}  // namespace

/// One row for all: whose picture is whose is asked of the three together.
std::vector<RowPlan> securedCodeRows(const Settings& settings) {
    const Json signature = settings.training("signature-2bit");
    const auto& ldm = generatorsOfTable().front();
    RowPlan row;
    row.name = "three copies of one LDM";
    row.paper = {{"accuracy", 0.998}};
    row.trainings = {signature};
    for (const auto& copy : kCopies) {
        row.paper[fmt::format("fid_{}", copy.name)] = copy.fid;
        row.trainings.push_back(securing(settings, ldm, {{"signature", signature}, {"code", copy.hex}}));
    }
    row.measure = [](Workshop& workshop, const auto& models) {
        MeasuredSignature signature(workshop, models[0]);
        Json ours = Json::object();
        std::int64_t right = 0, bits = 0, named = 0, pictures = 0;
        for (std::size_t i = 0; i < std::size(kCopies); ++i) {
            const auto code = signature.code(kCopies[i].number);
            auto model = generatorModel(workshop, models[i + 1]);
            drawerOf(workshop, model, kTestSeed + i)(
                workshop.settings().number("signatureTests"), [&](const image::Image& picture) {
                    const auto detection = signature.read(picture);
                    std::int64_t same = 0;
                    for (std::size_t bit = 0; bit < code.size(); ++bit)
                        same += (detection.bitLogits[bit] > 0) == (code[bit] > 0);
                    right += same;
                    bits += static_cast<std::int64_t>(code.size());
                    named += same == static_cast<std::int64_t>(code.size());
                    ++pictures;
                });
            workshop.checkStop();
            ours[fmt::format("fd_efflite0_{}", kCopies[i].name)] = distanceOf(workshop, model)["fd_efflite0"];
        }
        ours.update(shareOf(right, bits));
        ours.update(shareOf(named, pictures, "whole_codes"));
        return ours;
    };
    return {row};
}

}  // namespace signet::experiments
