#include "core/generators/ldm_options.h"

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::generators {
namespace {

template <typename Options>
auto autoencoderWalkOf(Options& options) {
    return [&options](auto&& visit) { walkAutoencoder(options, visit); };
}

}  // namespace

void validate(const nn::AutoencoderOptions& options) {
    checkFields(autoencoderWalkOf(options));
    if (options.width % options.groups != 0)
        throw Error(ErrorCode::BadOption, "width is a multiple of groups");
    if (options.multipliers.empty() || options.multipliers.size() > 8)
        throw Error(ErrorCode::BadOption, "multipliers has a number for each of 1 to 8 levels");
}

Json toJson(const nn::AutoencoderOptions& options) {
    return fieldsToJson(autoencoderWalkOf(options));
}

nn::AutoencoderOptions autoencoderOptionsFrom(const Json& json) {
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "an autoencoder's options are a JSON object");
    nn::AutoencoderOptions options;
    Json left = json;
    takeFields(autoencoderWalkOf(options), left);
    if (!left.empty()) throwUnknownOption(left.begin().key(), toJson(options));
    validate(options);
    return options;
}

void LdmOptions::validate() const {
    denoiser.validate();
    generators::validate(autoencoder);
    draw.validate();
    if (denoiser.channels != autoencoder.embedding)
        throw Error(ErrorCode::BadOption, "the denoiser has as many channels as the latent has planes");
}

Json LdmOptions::toJson() const {
    return {{"denoiser", denoiser.toJson()},
            {"autoencoder", generators::toJson(autoencoder)},
            {"draw", draw.toJson()}};
}

LdmOptions LdmOptions::fromJson(const Json& json) {
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "a generator's options are a JSON object");
    LdmOptions options;
    for (const auto& [key, value] : json.items()) {
        if (key == "denoiser")
            options.denoiser = DenoiserOptions::fromJson(value);
        else if (key == "autoencoder")
            options.autoencoder = autoencoderOptionsFrom(value);
        else if (key == "draw")
            options.draw = DiffusionDraw::fromJson(value);
        else
            throwUnknownOption(key, options.toJson());
    }
    options.validate();
    return options;
}

}  // namespace signet::generators
