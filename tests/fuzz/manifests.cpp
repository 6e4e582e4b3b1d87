// Any text as a model's manifest or calibration: read, written and read again, or refused.
#include "core/models/manifest.h"

#include "core/base/error.h"
#include "core/models/calibration.h"
#include "tests/fuzz/fuzz_input.h"

using namespace signet;

namespace {

void manifest(std::string_view text) {
    static const fuzz::InputFolder folder;
    folder.write("manifest.json", text);
    models::Manifest read;
    try {
        read = models::readManifest(folder.path());
    } catch (const Error&) {
        return;
    }
    models::saveManifest(read);
    fuzz::require(models::toJson(models::readManifest(folder.path())) == models::toJson(read));
}

void calibration(std::string_view text) {
    models::Calibration read;
    try {
        read = models::calibrationFromJson(Json::parse(text));
    } catch (const Json::exception&) {
        return;
    } catch (const Error&) {
        return;
    }
    const std::string written = models::toJson(read).dump();
    fuzz::require(models::toJson(models::calibrationFromJson(Json::parse(written))).dump() == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    manifest(fuzz::textOf(data, size));
    calibration(fuzz::textOf(data, size));
    return 0;
}
