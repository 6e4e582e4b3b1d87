#include "core/examine/conflicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/examine/examine.h"
#include "core/examine/thumbnail.h"

namespace signet::examine {
namespace {

constexpr std::size_t kMaxQuote = 120;

/// What a metadata field says, as it is quoted.
struct Statement {
    std::string field;
    std::string text;
};

/// Fields that name the program a picture comes from, or hold what a generator was told.
constexpr std::array kProgramFields = {"Exif.Image.Software",      "Exif.Image.ProcessingSoftware",
                                       "Exif.Photo.UserComment",   "Exif.Image.ImageDescription",
                                       "Exif.Image.XPComment",     "Iptc.Application2.Program",
                                       "Iptc.Application2.Credit", "Xmp.xmp.CreatorTool",
                                       "Xmp.tiff.Software",        "Xmp.photoshop.Credit",
                                       "Png.Text.Software",        "Png.Text.Source",
                                       "Png.Text.Title",           "Png.Text.Comment",
                                       "Png.Text.parameters",      "Png.Text.prompt",
                                       "Png.Text.workflow",        "Png.Text.invokeai_metadata",
                                       "Png.Text.sd-metadata",     "Png.Text.Dream"};

/// In lower case.
constexpr std::array kGeneratorNames = {"stable diffusion",
                                        "midjourney",
                                        "dall-e",
                                        "dall·e",
                                        "adobe firefly",
                                        "comfyui",
                                        "invokeai",
                                        "novelai",
                                        "automatic1111",
                                        "fooocus",
                                        "dreamstudio",
                                        "leonardo.ai",
                                        "ideogram",
                                        "craiyon",
                                        "nightcafe",
                                        "bing image creator",
                                        "stylegan",
                                        "latent diffusion",
                                        "made with google ai"};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

bool isWord(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// True where text holds name as words of its own.
bool names(const std::string& text, std::string_view name) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || !isWord(text[at - 1])) && (end == text.size() || !isWord(text[end]))) return true;
    }
    return false;
}

/// The parameters as AUTOMATIC1111's web interface and its kin write them, or ComfyUI's graph.
bool holdsParameters(const std::string& text) {
    const auto holds = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    return (holds("steps: ") && holds("sampler: ") && holds("seed: ")) || holds("\"class_type\"");
}

std::string quoted(const std::string& value) {
    if (value.size() <= kMaxQuote) return value;
    std::size_t end = kMaxQuote;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
    return value.substr(0, end) + "…";
}

std::string valueOf(const image::Metadata& metadata, std::string_view key) {
    for (const auto& entry : metadata.entries)
        if (entry.key == key) return entry.value;
    return {};
}

/// The last part of IPTC's address of a digital source type.
std::string sourceType(const image::Metadata& metadata) {
    const std::string value = valueOf(metadata, "Xmp.iptcExt.DigitalSourceType");
    return value.substr(value.find_last_of('/') + 1);
}

std::optional<Statement> claimedGenerator(const image::Metadata& metadata) {
    const std::string type = sourceType(metadata);
    for (const char* known :
         {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia"})
        if (type == known) return Statement{"Xmp.iptcExt.DigitalSourceType", type};
    for (const auto& entry : metadata.entries) {
        if (std::find(kProgramFields.begin(), kProgramFields.end(), entry.key) == kProgramFields.end())
            continue;
        const std::string text = lower(entry.value);
        const bool named = std::any_of(kGeneratorNames.begin(), kGeneratorNames.end(),
                                       [&](const char* name) { return names(text, name); });
        if (named || holdsParameters(text)) return Statement{entry.key, quoted(entry.value)};
    }
    return std::nullopt;
}

std::optional<Statement> claimedCamera(const image::Metadata& metadata) {
    const std::string make = valueOf(metadata, "Exif.Image.Make");
    const std::string model = valueOf(metadata, "Exif.Image.Model");
    const auto blank = [](const std::string& text) {
        return text.find_first_not_of(' ') == std::string::npos;
    };
    if (!blank(model)) {
        const bool repeats = blank(make) || lower(model).starts_with(lower(make));
        return Statement{blank(make) ? "Exif.Image.Model" : "Exif.Image.Make, Model",
                         quoted(repeats ? model : make + " " + model)};
    }
    if (!blank(make)) return Statement{"Exif.Image.Make", quoted(make)};
    if (sourceType(metadata) == "digitalCapture")
        return Statement{"Xmp.iptcExt.DigitalSourceType", "digitalCapture"};
    return std::nullopt;
}

std::optional<int> number(const std::string& text) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
    return value;
}

void addThumbnail(const image::Metadata& metadata, const image::DecodeInfo& decode, const image::Image& shown,
                  std::vector<Conflict>& conflicts) {
    const auto thumbnail = embeddedThumbnail(metadata, decode.orientationApplied ? decode.orientation : 1);
    if (!thumbnail) return;
    const ThumbnailMatch match = matchThumbnail(*thumbnail, shown);
    if (match.difference < kThumbnailThreshold) return;
    if (match.orientation != 1) {
        conflicts.push_back(
            {"thumbnail_turned", "The embedded thumbnail shows the image turned or mirrored."});
        return;
    }
    conflicts.push_back(
        {"thumbnail_differs",
         fmt::format("The embedded thumbnail does not show what the image shows: they are {:.0f} of 255 grey "
                     "levels apart in one place (reported from {:.0f} on).",
                     match.difference, kThumbnailThreshold)});
}

void addSize(const image::Metadata& metadata, const image::DecodeInfo& decode,
             std::vector<Conflict>& conflicts) {
    const auto width = number(valueOf(metadata, "Exif.Photo.PixelXDimension"));
    const auto height = number(valueOf(metadata, "Exif.Photo.PixelYDimension"));
    if (!width || !height) return;
    const bool same = *width == decode.storedWidth && *height == decode.storedHeight;
    const bool turned = *width == decode.storedHeight && *height == decode.storedWidth;
    if (same || turned) return;
    conflicts.push_back(
        {"exif_size_differs",
         fmt::format("EXIF (PixelXDimension, PixelYDimension) gives {} × {} px; the file has {} × {}.",
                     *width, *height, decode.storedWidth, decode.storedHeight)});
}

void addClaims(const image::Metadata& metadata, std::span<const Finding> findings,
               std::vector<Conflict>& conflicts) {
    const auto camera = claimedCamera(metadata);
    const auto generator = claimedGenerator(metadata);
    if (camera && generator) {
        conflicts.push_back(
            {"camera_and_generator",
             fmt::format("The metadata name a camera, \"{}\" ({}), and an image generator, \"{}\" ({}).",
                         camera->text, camera->field, generator->text, generator->field)});
    }
    std::string reporting;
    for (const Finding& finding : findings) {
        if (finding.kind == models::Kind::Signature && finding.presence == Presence::Present)
            reporting += (reporting.empty() ? "" : " and ") + finding.model;
    }
    if (reporting.empty()) return;
    const auto add = [&](const char* kind, const char* what, const Statement& claim) {
        conflicts.push_back(
            {kind, fmt::format("The metadata name {}, \"{}\" ({}), while {} reports a signature.", what,
                               claim.text, claim.field, reporting)});
    };
    if (camera) add("camera_and_signature", "a camera", *camera);
    if (generator) add("generator_and_signature", "an image generator", *generator);
}

}  // namespace

std::vector<Conflict> findConflicts(const image::Metadata& metadata, const image::DecodeInfo& decode,
                                    const image::Image& shown, std::span<const Finding> findings) {
    std::vector<Conflict> conflicts;
    addThumbnail(metadata, decode, shown, conflicts);
    addSize(metadata, decode, conflicts);
    addClaims(metadata, findings, conflicts);
    return conflicts;
}

}  // namespace signet::examine
