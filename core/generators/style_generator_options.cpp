#include "core/generators/style_generator_options.h"

#include <bit>

#include "core/base/error.h"
#include "core/base/option_fields.h"
#include "core/generators/style_generator_fields.h"

namespace signet::generators {
namespace {

template <typename Options>
auto walkOf(Options& options) {
    return [&options](auto&& visit) { walkStyleGenerator(options, visit); };
}

}  // namespace

void StyleGeneratorOptions::validate() const {
    checkFields(walkOf(*this));
    if (!std::has_single_bit(static_cast<unsigned>(side)))
        throw Error(ErrorCode::BadOption, "side is a power of 2: 32, 64, 128, 256 ...");
    if (modulatedFrom > modulatedTo)
        throw Error(ErrorCode::BadOption, "modulatedFrom is at most modulatedTo");
}

Json StyleGeneratorOptions::toJson() const {
    return fieldsToJson(walkOf(*this));
}

StyleGeneratorOptions StyleGeneratorOptions::fromJson(const Json& json) {
    return optionsFrom<StyleGeneratorOptions>(
        json, [](auto& options) { return walkOf(options); }, "a generator's options are");
}

}  // namespace signet::generators
