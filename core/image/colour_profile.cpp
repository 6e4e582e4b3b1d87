#include "core/image/colour_profile.h"

#include <lcms2.h>

#include <memory>

namespace signet::image {
namespace {

struct ProfileCloser {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, ProfileCloser>;

std::vector<std::uint8_t> bytesOf(const Profile& profile) {
    cmsUInt32Number size = 0;
    if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
    std::vector<std::uint8_t> bytes(size);
    if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) return {};
    return bytes;
}

/// sRGB's primaries and white point with the tone curve of a grey profile; null where it has none.
Profile rgbWithToneOf(const Profile& grey) {
    auto* curve = static_cast<cmsToneCurve*>(cmsReadTag(grey.get(), cmsSigGrayTRCTag));
    if (!curve) return nullptr;
    const cmsCIExyY white{0.3127, 0.3290, 1.0};
    const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1.0}, {0.30, 0.60, 1.0}, {0.15, 0.06, 1.0}};
    cmsToneCurve* curves[] = {curve, curve, curve};
    return Profile(cmsCreateRGBProfile(&white, &primaries, curves));
}

/// The colour space as the header names it (ICC.1, 7.2.8); empty where it is no profile.
std::string colourSpaceOf(std::span<const std::uint8_t> profile) {
    constexpr std::size_t kHeaderBytes = 128, kSpace = 16, kMagic = 36;
    if (profile.size() < kHeaderBytes) return {};
    const auto four = [&](std::size_t at) {
        return std::string(profile.begin() + static_cast<std::ptrdiff_t>(at),
                           profile.begin() + static_cast<std::ptrdiff_t>(at + 4));
    };
    return four(kMagic) == "acsp" ? four(kSpace) : std::string();
}

}  // namespace

RgbProfile profileForRgb(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return {};
    const std::string space = colourSpaceOf(bytes);
    if (space.empty()) return {{}, "the colour profile is damaged and was dropped"};
    if (space == "RGB ") return {{bytes.begin(), bytes.end()}, {}};
    if (space == "GRAY") {
        const Profile grey(cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
        if (auto made = grey ? bytesOf(rgbWithToneOf(grey)) : std::vector<std::uint8_t>(); !made.empty())
            return {std::move(made), "the grey colour profile became an RGB profile of the same tone curve"};
    }
    return {bytesOf(Profile(cmsCreate_sRGBProfile())),
            "the colour profile describes the pixels as they were before they were turned into RGB; it was "
            "dropped and the pixels are marked as sRGB"};
}

}  // namespace signet::image
