#include "core/generators/denoiser_options.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::generators {
namespace {

template <typename Options>
auto denoiserWalkOf(Options& options) {
    return [&options](auto&& visit) { walkDenoiser(options, visit); };
}

template <typename Options>
auto drawWalkOf(Options& options) {
    return [&options](auto&& visit) { walkDraw(options, visit); };
}

}  // namespace

void DenoiserOptions::validate() const {
    checkFields(denoiserWalkOf(*this));
    if (width % groups != 0) throw Error(ErrorCode::BadOption, "width is a multiple of groups");
    if (multipliers.empty()) throw Error(ErrorCode::BadOption, "multipliers has a number for each level");
    if (multipliers.size() > 8) throw Error(ErrorCode::BadOption, "a network has at most 8 levels");
    const int coarsest = 1 << (multipliers.size() - 1);
    if (side % coarsest != 0)
        throw Error(ErrorCode::BadOption,
                    fmt::format("side {} cannot be halved {} times", side, multipliers.size() - 1));
    for (const int multiplier : multipliers)
        if (width * multiplier % (heads > 0 ? heads : headWidth) != 0)
            throw Error(ErrorCode::BadOption,
                        "the channels of a level are a multiple of headWidth, or of heads where that is set");
    if (context > 0 && classes == 0)
        throw Error(ErrorCode::BadOption, "context needs classes that it tells of");
}

Json DenoiserOptions::toJson() const {
    return fieldsToJson(denoiserWalkOf(*this));
}

DenoiserOptions DenoiserOptions::fromJson(const Json& json) {
    return optionsFrom<DenoiserOptions>(
        json, [](auto& options) { return denoiserWalkOf(options); }, "a denoiser's options are");
}

void DiffusionDraw::validate() const {
    checkFields(drawWalkOf(*this));
}

Json DiffusionDraw::toJson() const {
    return fieldsToJson(drawWalkOf(*this));
}

DiffusionDraw DiffusionDraw::fromJson(const Json& json) {
    return optionsFrom<DiffusionDraw>(
        json, [](auto& options) { return drawWalkOf(options); }, "the options of sampling are");
}

}  // namespace signet::generators
