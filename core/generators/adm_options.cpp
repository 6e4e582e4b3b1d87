#include "core/generators/adm_options.h"

#include "core/base/error.h"
#include "core/base/option_fields.h"

namespace signet::generators {

void AdmOptions::validate() const {
    base.validate();
    baseDraw.validate();
    if (base.channels != 3 || (upsampler && upsampler->channels != 3))
        throw Error(ErrorCode::BadOption, "pictures have 3 channels");
    if (!upsampler) return;
    if (upsampler->classes != 0 && upsampler->classes != base.classes)
        throw Error(ErrorCode::BadOption, "an upsampler has the base's classes, or none");
    upsampler->validate();
    upsamplerDraw.validate();
    if (upsampler->side <= base.side || upsampler->side % base.side != 0)
        throw Error(ErrorCode::BadOption, "an upsampler's side is a multiple of the base's");
}

Json AdmOptions::toJson() const {
    Json json{{"base", base.toJson()}, {"baseDraw", baseDraw.toJson()}};
    if (upsampler) {
        json["upsampler"] = upsampler->toJson();
        json["upsamplerDraw"] = upsamplerDraw.toJson();
    }
    return json;
}

AdmOptions AdmOptions::fromJson(const Json& json) {
    if (!json.is_object()) throw Error(ErrorCode::BadOption, "a generator's options are a JSON object");
    AdmOptions options;
    for (const auto& [key, value] : json.items()) {
        if (key == "base")
            options.base = DenoiserOptions::fromJson(value);
        else if (key == "baseDraw")
            options.baseDraw = DiffusionDraw::fromJson(value);
        else if (key == "upsampler")
            options.upsampler = DenoiserOptions::fromJson(value);
        else if (key == "upsamplerDraw")
            options.upsamplerDraw = DiffusionDraw::fromJson(value);
        else
            throwUnknownOption(key, options.toJson());
    }
    options.validate();
    return options;
}

}  // namespace signet::generators
