#include "core/metrics/picture_features.h"

#include <torch/torch.h>

#include <array>
#include <vector>

#include "core/image/resample.h"
#include "core/metrics/feature_distance.h"
#include "core/metrics/feature_weights.h"
#include "core/nn/efficientnet_lite.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/nn/torch_checkpoint.h"

namespace signet::metrics {

using torch::Tensor;

namespace {

constexpr std::size_t kBatch = 16;

struct PictureSet {
    std::vector<Tensor> waiting;   ///< [3,kSide,kSide], levels as bytes
    std::vector<Tensor> features;  ///< [n,1280] each
    std::int64_t count = 0;

    Tensor all() const {
        return features.empty() ? torch::zeros({0, nn::EfficientNetLite0::kPooled}) : torch::cat(features);
    }
};

}  // namespace

struct PictureFeatures::Impl {
    Impl(const std::filesystem::path& weights, const std::string& deviceName, int threadCount)
        : network(nn::EfficientNetLite0([&] {
              nn::TensorMap state = nn::loadTorchCheckpoint(weights, kFeatureWeightsSha256);
              for (auto& [name, tensor] : state) tensor = tensor.to(nn::deviceFromName(deviceName));
              return state;
          }())),
          device(nn::deviceFromName(deviceName)),
          threads(threadCount) {}

    PictureSet& of(Set set) { return sets[static_cast<std::size_t>(set)]; }

    void extract(PictureSet& set) {
        if (set.waiting.empty()) return;
        const torch::InferenceMode guard;
        nn::useThreads(threads);
        const auto levels = torch::stack(set.waiting).to(device, torch::kFloat32);
        set.features.push_back(network.pooled((levels - 127) / 128).to(torch::kCPU));
        set.waiting.clear();
    }

    nn::EfficientNetLite0 network;
    torch::Device device;
    int threads;
    std::array<PictureSet, 2> sets;
};

PictureFeatures::PictureFeatures(const std::filesystem::path& weights, const std::string& device, int threads)
    : m_impl(std::make_unique<Impl>(weights, device, threads)) {}

PictureFeatures::~PictureFeatures() = default;

void PictureFeatures::add(Set set, const image::Image& picture) {
    image::Image small = image::resize(image::toRgb8(picture), kSide, kSide);
    PictureSet& into = m_impl->of(set);
    into.waiting.push_back(torch::from_blob(small.data.data(), {kSide, kSide, 3}, torch::kUInt8)
                               .permute({2, 0, 1})
                               .contiguous());
    ++into.count;
    if (into.waiting.size() == kBatch) m_impl->extract(into);
}

void PictureFeatures::clear(Set set) {
    m_impl->of(set) = {};
}

std::int64_t PictureFeatures::count(Set set) const {
    return m_impl->of(set).count;
}

SetDistance PictureFeatures::distance(std::uint64_t seed) {
    for (PictureSet& set : m_impl->sets) m_impl->extract(set);
    nn::useThreads(m_impl->threads);
    const Tensor a = m_impl->of(Set::A).all(), b = m_impl->of(Set::B).all();
    SetDistance distance;
    distance.nA = a.size(0);
    distance.nB = b.size(0);
    distance.features = static_cast<int>(a.size(1));
    distance.frechet = frechetDistance(a, b);
    const KernelDistance kernel = kernelDistance(a, b, seed);
    distance.kernel = kernel.mean;
    distance.kernelSubsetDeviation = kernel.subsetDeviation;
    if (const auto half = a.size(0) / 2; half >= 2) {
        auto random = at::make_generator<at::CPUGeneratorImpl>(seed);
        const auto order = torch::randperm(a.size(0), random, torch::kInt64);
        distance.floor = frechetDistance(a.index_select(0, order.slice(0, 0, half)),
                                         a.index_select(0, order.slice(0, half, 2 * half)));
    }
    return distance;
}

}  // namespace signet::metrics
