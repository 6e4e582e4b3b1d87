#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <optional>
#include <random>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/hashing.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/examine/examiner_impl.h"
#include "core/image/encode.h"
#include "core/image/file_names.h"
#include "core/image/metadata.h"
#include "core/image/trailing.h"
#include "core/metrics/quality.h"
#include "core/signature/signed_register.h"

namespace signet::examine {
namespace {

std::vector<std::uint8_t> randomCode(int bits) {
    std::random_device source;
    for (;;)
        if (auto code = drawnBits(bits, source); std::find(code.begin(), code.end(), 1) != code.end())
            return code;
}

/// The code asked for, or a random one; all zero is refused: it stands for real images.
std::vector<std::uint8_t> chosenCode(const SignOptions& options, int bits) {
    if (bits == 1) return {1};
    if (options.codeHex.empty()) return randomCode(bits);
    auto code = bitsFromHex(options.codeHex, bits);
    if (std::find(code.begin(), code.end(), 1) == code.end())
        throw Error(ErrorCode::BadOption, "code 0 stands for unsigned images: choose another code");
    return code;
}

void checkStrength(double strength) {
    if (!(strength >= 0.1 && strength <= 4))
        throw Error(ErrorCode::BadOption, fmt::format("the strength is {}; it lies in 0.1..4", strength));
}

/// A grey image as RGB of the same depth: the signature lies mostly in colour differences and would be lost
/// in one channel.
image::Image inColour(const image::Image& grey) {
    auto colour = image::makeImage(grey.width, grey.height, 3, grey.depth);
    const auto spread = [&](const auto* from, auto* to) {
        for (std::size_t i = 0; i < grey.pixelCount(); ++i)
            to[3 * i] = to[3 * i + 1] = to[3 * i + 2] = from[i];
    };
    if (grey.depth == 16) {
        spread(grey.samples16(), colour.samples16());
    } else {
        spread(grey.data.data(), colour.data.data());
    }
    return colour;
}

/// The examiner's key that is asked for. Throws BadOption where there is none.
const signature::SecretKey& chosenKey(const Examiner::Options& setup, const std::string& fingerprint,
                                      const LoadedModel& model) {
    const auto& open = setup.keys;
    if (!model.injector().isKeyed()) {
        if (fingerprint.empty()) return signature::SecretKey::publicDefault();
        throw Error(ErrorCode::BadOption,
                    fmt::format("{} is no keyed signature: it takes no key", model.manifest.name));
    }
    if (fingerprint.empty()) return open.empty() ? signature::SecretKey::publicDefault() : open.front();
    const auto at = std::find_if(open.begin(), open.end(),
                                 [&](const auto& key) { return key.fingerprint() == fingerprint; });
    if (at == open.end())
        throw Error(ErrorCode::BadOption, fmt::format("the key {} is not open", fingerprint));
    return *at;
}

image::Planes residualFor(LoadedModel& model, const image::Image& image, std::span<const std::uint8_t> code,
                          const signature::SecretKey& key, const SignOptions& options) {
    const signature::EmbeddingOptions embedding{.strength = options.strength, .informed = options.informed};
    return model.injector().residual(image, {code, &key, embedding});
}

/// Throws where the output would lose what the input holds, or cannot be written in the format asked for.
void refuseLoss(const image::Header& header, const SignOptions& options, image::Format format) {
    if (header.frames > 1 && options.frame == 0)
        throw Error(
            ErrorCode::Unsupported,
            fmt::format("the file holds {} {}s and a signed one would keep a single one: choose which "
                        "(--frame N of `signet sign`), or split the file and sign its parts",
                        header.frames, image::frameWord(header.format)));
    if (!image::canEncode(format))
        throw Error(
            ErrorCode::Unsupported,
            fmt::format("{} is read but not written: choose the format of the signed file (PNG, JPEG, "
                        "WebP or TIFF; --format of `signet sign`)",
                        image::displayName(format)));
}

double psnrOf(double squaredError, std::size_t pixels) {
    return metrics::psnrFromMse(squaredError / (3.0 * static_cast<double>(pixels)));
}

/// So that the code is known for a copy where it turns up on another picture.
void addToRegister(const signature::SignedRegister& signedPictures, SignRecord& record,
                   const image::Image& picture) {
    try {
        signedPictures.add({.registered = {record.keyFingerprint, record.codeHex, signature::hashOf(picture)},
                            .width = picture.width,
                            .height = picture.height,
                            .sha256 = record.sha256Out,
                            .fileName = toUtf8(record.output.filename().string()),
                            .model = record.model});
    } catch (const Error& error) {
        record.warnings.push_back(
            fmt::format("the signed picture is not in the register of signed pictures: {}", error.what()));
    }
}

}  // namespace

SignRecord Examiner::sign(const std::filesystem::path& input, const std::filesystem::path& output,
                          const SignOptions& options, const WorkContext& context) {
    const auto begin = std::chrono::steady_clock::now();
    SignRecord record;
    record.path = input;
    record.model = options.model;
    auto& model = m_impl->models.get(options.model);
    checkStrength(options.strength);
    const auto code = chosenCode(options, model.injector().bits());
    const signature::SecretKey& key = chosenKey(m_impl->models.options(), options.key, model);
    record.codeHex = hexFromBits(code);
    if (model.injector().isKeyed()) record.keyFingerprint = key.fingerprint();
    try {
        const Bytes bytes = readFile(input);
        record.sha256In = sha256Hex(bytes);
        const int frame = std::max(options.frame, 1);
        const auto header = image::probe(bytes, frame);
        const auto format = options.format.value_or(header.format);
        refuseLoss(header, options, format);
        refuseSmall(header.width, header.height);
        image::DecodeOptions whole, reduced = reducedTo(model.detector().inputSide());
        whole.frame = reduced.frame = frame;
        // A JPEG decodes to a small picture in a fraction of the time: what is added is worked out on that
        // while the whole picture is decoded.
        std::optional<image::Image> small;
        std::future<image::Planes> planned;
        if (header.format == image::Format::Jpeg) {
            planned = std::async(std::launch::async, [&] {
                small = image::decode(bytes, reduced).image;
                return residualFor(model, *small, code, key, options);
            });
        }
        auto decoded = image::decode(bytes, whole);
        record.warnings = decoded.info.warnings;
        if (std::string misnamed = image::endingConflict(input, header.format); !misnamed.empty())
            record.warnings.push_back(std::move(misnamed));
        if (header.frames == 1 && !image::trailingBytes(bytes, header.format).empty())
            record.warnings.push_back("what follows the picture is not in the signed file");
        const bool wasGrey = decoded.image.channels == 1;
        if (wasGrey) decoded.image = inColour(decoded.image);
        const auto residual =
            planned.valid() ? planned.get() : residualFor(model, decoded.image, code, key, options);
        // Whether the image was signed before is looked up while the signed one is made and encoded.
        auto earlier =
            std::async(std::launch::async, [&] { return findingOf(model, small ? *small : decoded.image); });

        double squaredError = 0;
        const auto signedImage =
            image::addResidual(decoded.image, residual, 1, m_impl->models.threads(), &squaredError);
        record.psnrDb = psnrOf(squaredError, decoded.image.pixelCount());
        auto seen = std::async(std::launch::async, [&] {
            record.visible = metrics::visibleDifference(decoded.image, signedImage);
            record.ssim = metrics::ssimSampled(decoded.image, signedImage);
        });

        auto file = image::encode(
            signedImage,
            {.format = format, .quality = options.quality, .subsample = decoded.info.chromaSubsampled});
        seen.get();
        const auto before = earlier.get();
        record.alreadySigned = before.presence == Presence::Present;
        if (record.alreadySigned) record.codeBefore = before.code;
        if (wasGrey) record.warnings.push_back("the grey image was signed as RGB");
        std::string warning;
        file = image::carryMetadata(bytes, std::move(file), &warning, frame);
        if (!warning.empty()) record.warnings.push_back(warning);
        if (context.stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped");
        // The proof is the saved file, not the pixels in memory: what is examined while it is written are its
        // bytes, and they are compared with what the disk holds.
        const auto examined = [&](const Bytes& encoded) {
            return findingOf(model, image::decode(encoded, reducedTo(model.detector().inputSide())).image);
        };
        auto verification = std::async(std::launch::async, [&] { return examined(file); });
        record.output = output;
        writeFileAtomically(output, file, options.force ? IfExists::Replace : IfExists::Refuse);

        const Bytes saved = readFile(output);
        record.sha256Out = sha256Hex(saved);
        record.verification = saved == file ? verification.get() : examined(saved);
        const auto& found = *record.verification;
        record.verified = found.presence == Presence::Present &&
                          (model.detector().bits() == 1 || (found.code && found.code->hex == record.codeHex));
        if (!record.verified) {
            record.error = Record::Failure{std::string(toString(ErrorCode::NotVerified)),
                                           "the signed file was written but its signature does not read back "
                                           "as it should; raise the strength or the quality"};
        }
        if (!record.keyFingerprint.empty() && m_impl->signedPictures)
            addToRegister(*m_impl->signedPictures, record, decoded.image);
    } catch (const std::exception& exception) {
        record.error = failureOf(exception);
    }
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return record;
}

SignPreview Examiner::previewSign(const std::filesystem::path& input, const SignOptions& options,
                                  int maxSide) {
    auto& model = m_impl->models.get(options.model);
    checkStrength(options.strength);
    const auto code = chosenCode(options, model.injector().bits());
    const signature::SecretKey& key = chosenKey(m_impl->models.options(), options.key, model);
    const Bytes bytes = readFile(input);
    const auto header = image::probe(bytes);
    refuseSmall(header.width, header.height);
    const int longSide = std::max(header.width, header.height);
    const int shortSide = std::min(header.width, header.height);
    const double scale = std::min(1.0, static_cast<double>(maxSide) / longSide);
    const int least = std::max(1, static_cast<int>(shortSide * scale));
    auto picture = image::toRgb8(image::decode(bytes, reducedTo(least)).image);
    const int width = std::max(1, static_cast<int>(std::lround(header.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(header.height * scale)));
    if (picture.width != width || picture.height != height) picture = image::resize(picture, width, height);
    SignPreview preview;
    double squaredError = 0;
    preview.signedImage = image::addResidual(picture, residualFor(model, picture, code, key, options), 1,
                                             m_impl->models.threads(), &squaredError);
    preview.psnrDb = psnrOf(squaredError, picture.pixelCount());
    preview.visible = metrics::visibleDifference(picture, preview.signedImage);
    preview.original = std::move(picture);
    return preview;
}

}  // namespace signet::examine
