#include "core/generators/generator_model.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/generators/generator.h"
#include "core/generators/player.h"
#include "core/nn/runtime.h"
#include "core/nn/threads.h"
#include "core/training/picture_tensors.h"

namespace signet::generators {

using torch::Tensor;

namespace {

std::vector<at::Generator> numbersOf(const SampleRequest& request, std::uint64_t first, std::uint64_t count) {
    std::vector<at::Generator> random;
    for (std::uint64_t i = 0; i < count; ++i)
        random.push_back(generatorOf(mixedSeed(request.seed, first + i)));
    return random;
}

}  // namespace

void SampleRequest::validate() const {
    if (batch < 1 || batch > 1024) throw Error(ErrorCode::BadOption, "a batch has 1 to 1024 pictures");
    if (!(settings.truncation >= 0 && settings.truncation <= 1))
        throw Error(ErrorCode::BadOption, "the truncation lies between 0 and 1");
    if (settings.eta && !(*settings.eta >= 0 && *settings.eta <= 1))
        throw Error(ErrorCode::BadOption, "eta lies between 0 and 1");
    if (settings.steps < 0) throw Error(ErrorCode::BadOption, "a picture takes at least one step");
}

std::string pictureFileName(const SampleRequest& request, std::uint64_t number) {
    if (request.to)
        return fmt::format("{}-{:06}-to-{:06}-{:06}.png", request.seed, request.first, *request.to,
                           number - request.first);
    return fmt::format("{}-{:06}.png", request.seed, number);
}

struct GeneratorModel::Impl {
    std::unique_ptr<Generator> generator;
    torch::Device device{torch::kCPU};
    int threads = 1;
    std::mutex mutex;

    /// `count` pictures that a request asks for, from the done-th on.
    Tensor drawn(const SampleRequest& request, std::uint64_t done, std::uint64_t count,
                 const WorkContext& context) {
        if (request.to) return between(request, done, count, context);
        return generator->draw(numbersOf(request, request.first + done, count), request.settings, context);
    }

    /// The same, on the CPU each thread drawing pictures of its own where there are enough for all: a network
    /// shared layer by layer waits for its slowest thread at each.
    Tensor drawnByThreads(const SampleRequest& request, std::uint64_t done, std::uint64_t count,
                          const WorkContext& context) {
        nn::useThreads(threads);
        const auto shares = static_cast<std::uint64_t>(threads);
        if (shares == 1 || count < shares || !device.is_cpu()) return drawn(request, done, count, context);
        std::vector<Tensor> parts(shares);
        at::parallel_for(0, threads, 1, [&](std::int64_t begin, std::int64_t end) {
            const torch::InferenceMode guard;  // of this thread
            for (auto share = static_cast<std::uint64_t>(begin); share < static_cast<std::uint64_t>(end);
                 ++share) {
                const std::uint64_t from = count * share / shares, to = count * (share + 1) / shares;
                const WorkContext within{context.stop, share == 0 ? context.progress : ProgressSink()};
                parts[share] = drawn(request, done + from, to - from, within);
            }
        });
        return torch::cat(parts);
    }

private:
    /// Pictures on the way that a request asks for.
    Tensor between(const SampleRequest& request, std::uint64_t done, std::uint64_t count,
                   const WorkContext& context) {
        std::vector<double> shares;
        std::vector<at::Generator> random;
        Tensor one;
        for (std::uint64_t i = 0; i < count; ++i) {
            shares.push_back(request.count > 1
                                 ? static_cast<double>(done + i) / static_cast<double>(request.count - 1)
                                 : 0);
            random.push_back(numbersOf(request, request.first, 1).front());
            one = latentsOf({random.back()}, generator->latent());  // each is as far as after its own latent
        }
        const Tensor other = latentsOf(numbersOf(request, *request.to, 1), generator->latent());
        return generator->drawFrom(latentsBetween(one, other, shares), random, request.settings, context);
    }
};

GeneratorModel::GeneratorModel(std::unique_ptr<Generator> generator, const std::string& device, int threads)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->device = nn::deviceFromName(device);
    m_impl->threads = threads;
    m_impl->generator = std::move(generator);
    m_impl->generator->to(m_impl->device);
}

GeneratorModel::GeneratorModel(const models::Manifest& manifest, const std::string& device, int threads)
    : GeneratorModel(loadGenerator(manifest), device, threads) {}

GeneratorModel::~GeneratorModel() = default;
GeneratorModel::GeneratorModel(GeneratorModel&&) noexcept = default;

int GeneratorModel::side() const {
    return m_impl->generator->side();
}

std::uint64_t GeneratorModel::sample(const SampleRequest& request, const WorkContext& context,
                                     const OnPicture& onPicture, const ProgressSink& onStep) {
    request.validate();
    const WorkContext within{context.stop, onStep};
    std::uint64_t done = 0;
    while (done < request.count && !context.stop.stop_requested()) {
        const auto count =
            std::min<std::uint64_t>(static_cast<std::uint64_t>(request.batch), request.count - done);
        Tensor pictures;
        {
            const std::lock_guard lock(m_impl->mutex);
            const torch::InferenceMode guard;
            pictures = m_impl->drawnByThreads(request, done, count, within);
        }
        for (std::uint64_t i = 0; i < count && !context.stop.stop_requested(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            onPicture(request.first + done, training::toImage(pictures.slice(0, at, at + 1)));
            context.report(++done, request.count, "drawing");
        }
    }
    return done;
}

}  // namespace signet::generators
