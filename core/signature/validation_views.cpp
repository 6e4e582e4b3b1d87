#include "core/signature/validation_views.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "core/attacks/tensor_attacks.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/signature/working_size.h"
#include "core/training/picture_tensors.h"

namespace signet::signature {

using torch::Tensor;

namespace {

constexpr std::uint64_t kCodeStream = 21;
constexpr std::uint64_t kAttackStream = 22;

std::string hexOf(const Tensor& bits) {
    std::vector<std::uint8_t> values;
    for (std::int64_t i = 0; i < bits.numel(); ++i) values.push_back(bits.flatten()[i].item<float>() > 0.5f);
    return hexFromBits(values);
}

}  // namespace

ValidationViews::ValidationViews(const training::PhotoSet& photos, int count, int side,
                                 const TrainingOptions& options, torch::Device device)
    : m_options(options), m_device(device) {
    for (const auto& view : training::readSquares(photos.files, count, side))
        m_images.push_back(view.to(m_device));
}

Tensor ValidationViews::codeOf(int index) const {
    const int bits = m_options.network.bits;
    auto code = torch::ones({1, bits});
    if (bits == 1) return code.to(m_device);
    StepRandom random(training::seedOf(m_options), kCodeStream, static_cast<std::uint64_t>(index));
    do {
        for (int b = 0; b < bits; ++b) code[0][b] = random.chance(0.5) ? 1.0f : 0.0f;
    } while (code.sum().item<float>() == 0);  // all zero is a real image's
    return code.to(m_device);
}

Tensor ValidationViews::sign(Networks& networks, int index) const {
    const auto& x = m_images[static_cast<std::size_t>(index)];
    const auto residual = networks.embed(x, codeOf(index), {.strength = 1, .informed = false});
    return attacks::quantizeStraightThrough(added(x, residual).clamp(-1, 1), m_options.truncate);
}

training::Validation ValidationViews::validate(Networks& networks, const Attack& attack) const {
    const torch::NoGradGuard guard;
    const bool hasCode = m_options.network.hasCode();
    double psnr = 0, presence = 0, bits = 0;
    networks.train(false);
    for (int i = 0; i < count(); ++i) {
        const auto& x = m_images[static_cast<std::size_t>(i)];
        const auto signedImage = sign(networks, i);
        psnr += training::psnrDb(signedImage, x);
        const auto attacked = [&](const Tensor& view) {
            StepRandom random(training::seedOf(m_options), kAttackStream, static_cast<std::uint64_t>(i));
            return attack(view, i, random);
        };
        const auto found = networks.read(attacked(signedImage), 1);
        const auto unsignedFound = networks.read(attacked(x), 1);
        presence +=
            0.5 * ((found.presence.item<double>() > 0) + (unsignedFound.presence.item<double>() <= 0));
        if (hasCode)
            bits += ((found.bits > 0) == (codeOf(i) > 0.5)).to(torch::kFloat32).mean().item<double>();
    }
    networks.train(true);
    const double n = std::max(1, count());
    training::Validation result;
    result.photographs = count();
    result.values = {{"val_psnr_db", psnr / n}, {"val_presence_accuracy", presence / n}};
    if (hasCode) result.values.emplace_back("val_bit_accuracy", bits / n);
    result.values.emplace_back("val_score", psnr / n - 100 * (1 - (hasCode ? bits : presence) / n));
    return result;
}

training::Samples ValidationViews::samples(Networks& networks, int rows) const {
    const torch::NoGradGuard guard;
    const int shown = std::min(rows, count());
    const int side = shown > 0 ? static_cast<int>(m_images.front().size(2)) : 0;
    training::Samples result{image::makeImage(3 * side, shown * side, 3),
                             {{"side", side}, {"rows", Json::array()}}};
    networks.train(false);
    for (int i = 0; i < shown; ++i) {
        const auto& x = m_images[static_cast<std::size_t>(i)];
        const auto code = codeOf(i);
        const auto signedImage = sign(networks, i);
        training::paste(result.grid, x, 0, i * side);
        training::paste(result.grid, signedImage, side, i * side);
        training::paste(result.grid, (signedImage - x) * training::kShownGain, 2 * side, i * side);
        const auto reading = networks.read(signedImage, 1);
        Json row = {{"psnr_db", training::psnrDb(signedImage, x)},
                    {"presence_logit", reading.presence.item<double>()},
                    {"presence_logit_unsigned", networks.read(x, 1).presence.item<double>()}};
        if (m_options.network.hasCode()) {
            const auto read = (reading.bits > 0).to(torch::kFloat32);
            row["code"] = hexOf(code);
            row["code_read"] = hexOf(read);
            row["bits_right"] = (read == code).sum().item<int>();
            row["bits"] = m_options.network.bits;
        }
        result.record["rows"].push_back(row);
    }
    networks.train(true);
    return result;
}

std::vector<training::Metric> ValidationViews::metrics(const TrainingOptions& options) {
    using training::Metric;
    std::vector<Metric> all{
        {"val_psnr_db", "Validation: PSNR (dB)", Metric::Unit::Decibel, Metric::Better::Larger},
        {"val_presence_accuracy", "Validation: presence accuracy", Metric::Unit::Share,
         Metric::Better::Larger}};
    if (options.network.hasCode())
        all.push_back(
            {"val_bit_accuracy", "Validation: bit accuracy", Metric::Unit::Share, Metric::Better::Larger});
    all.push_back(
        {"val_score", "Validation: score (dB)", Metric::Unit::Decibel, Metric::Better::Larger, 0, true});
    return all;
}

std::string ValidationViews::samplesCaption() {
    return fmt::format(
        "Columns: cover, signed, residual × {:.0f} about mid-grey. Rows: always the same photographs and "
        "codes.",
        training::kShownGain);
}

training::SampleReading ValidationViews::readSample(const Json& row) {
    const double presence = row.value("presence_logit", 0.0);
    const training::Metric logit{"", "", training::Metric::Unit::Logit};
    training::SampleReading reading;
    if (row.contains("code"))
        reading.details =
            fmt::format("{} read, {} sent · ", row.value("code_read", ""), row.value("code", ""));
    reading.details +=
        fmt::format("presence {}, unsigned {} · {:.1f} dB", valueText(logit, presence),
                    valueText(logit, row.value("presence_logit_unsigned", 0.0)), row.value("psnr_db", 0.0));
    if (row.contains("bits"))
        reading.verdict = fmt::format("{} of {} bits", row.value("bits_right", 0), row.value("bits", 0));
    else
        reading.verdict = presence > 0 ? "found" : "not found";
    return reading;
}

}  // namespace signet::signature
