#include "core/securing/target_signing.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/nn/threads.h"
#include "core/signature/key_store.h"
#include "core/training/picture_tensors.h"

namespace signet::securing {

using torch::Tensor;

namespace {

std::vector<std::uint8_t> codeFor(const examine::LoadedModel& model, const std::string& hex) {
    const int bits = model.injector().bits();
    if (hex.empty()) return std::vector<std::uint8_t>(static_cast<std::size_t>(bits), 1);
    auto code = bitsFromHex(hex, bits);
    if (std::find(code.begin(), code.end(), 1) == code.end())
        throw Error(ErrorCode::BadOption, "a code of zeros alone is that of pictures without a signature");
    return code;
}

std::string refusePassphrase(const signature::KeyInfo& /*key*/) {
    throw Error(ErrorCode::BadOption,
                "a training cannot ask for a key's passphrase: name a key that has none, or the public one");
}

}  // namespace

TargetSigning::TargetSigning(const std::string& model, const std::string& codeHex, const std::string& key,
                             const training::Placement& placement, int threads)
    : m_model(examine::loadUncalibrated(models::findModel(model, placement.workspace),
                                        {.device = placement.device.str(),
                                         .threads = threads,
                                         .workspace = placement.workspace,
                                         .keys = {}})),
      m_code(codeFor(m_model, codeHex)),
      m_key(signature::KeyStore(placement.workspace).load(key, refusePassphrase)),
      m_device(placement.device) {}

std::string TargetSigning::codeHex() const {
    return m_code.size() > 1 ? hexFromBits(m_code) : std::string();
}

Tensor TargetSigning::sign(const Tensor& pictures) {
    const torch::NoGradGuard guard;
    const int threads = at::get_num_threads();
    std::vector<Tensor> marked;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        const Tensor picture = pictures.slice(0, i, i + 1);
        const auto planes = m_model.injector().residual(
            training::toImage(picture), {.code = m_code, .key = &m_key, .embedding = {.informed = false}});
        Tensor residual = training::toTensor(planes);
        if (residual.sizes().slice(2) != picture.sizes().slice(2))
            residual = torch::upsample_bilinear2d(residual, picture.sizes().slice(2), false);
        marked.push_back((picture + residual.to(picture.device())).clamp(-1, 1));
    }
    nn::useThreads(threads);  // models set what they themselves have use for
    return torch::cat(marked);
}

TargetSigning::Answers TargetSigning::read(const Tensor& pictures) {
    const auto own = m_model.detector().ownThresholds();
    const int threads = at::get_num_threads();
    Answers answers;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        const auto reading = m_model.detector().detect(training::toImage(pictures.slice(0, i, i + 1)));
        ++answers.pictures;
        if (own ? reading.scoreLogit >= own->present : reading.scoreLogit > 0) ++answers.found;
        if (m_code.size() < 2) continue;
        answers.bits += static_cast<std::int64_t>(m_code.size());
        for (std::size_t bit = 0; bit < reading.bitLogits.size() && bit < m_code.size(); ++bit)
            answers.bitsRight += (reading.bitLogits[bit] > 0) == (m_code[bit] > 0);
    }
    nn::useThreads(threads);
    return answers;
}

bool TargetSigning::hasGradient() const {
    return !m_model.injector().isKeyed() && manifest().arch != "compact";
}

void TargetSigning::requireGradient() const {
    if (!hasGradient())
        throw Error(ErrorCode::BadOption,
                    fmt::format("the detector of {} has no gradient: set xi to 0", manifest().name));
}

Tensor TargetSigning::crossEntropy(const Tensor& pictures) {
    requireGradient();
    if (!m_networks) {
        const auto& weights = manifest().weightsFor("detector");
        m_networks = signature::Networks::ofModel(manifest().options, manifest().pathOf(weights),
                                                  weights.sha256, m_device);
    }
    const std::int64_t side = m_networks->detectSide();
    const Tensor seen =
        pictures.size(2) == side ? pictures : torch::upsample_bilinear2d(pictures, {side, side}, false);
    const Tensor logits = m_networks->read(seen, 1).logits();
    Tensor wanted = torch::empty({1, static_cast<std::int64_t>(m_code.size())});
    for (std::size_t bit = 0; bit < m_code.size(); ++bit)
        wanted[0][static_cast<std::int64_t>(bit)] = static_cast<float>(m_code[bit]);
    return torch::binary_cross_entropy_with_logits(logits, wanted.to(logits.device()).expand_as(logits));
}

}  // namespace signet::securing
