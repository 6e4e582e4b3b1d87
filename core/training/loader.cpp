#include "core/training/loader.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <chrono>
#include <cstring>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/image/decode.h"
#include "core/nn/threads.h"
#include "core/training/picture_tensors.h"

namespace signet::training {
namespace {

constexpr std::uint64_t kOrderStream = 11;
constexpr std::uint64_t kCropStream = 12;

}  // namespace

Loader::Loader(PhotoSet photos, LoaderOptions options, std::uint64_t firstBatch)
    : m_photos(std::move(photos)),
      m_options(options),
      m_next(firstBatch),
      m_cache(m_photos.files.size()),
      m_broken(m_photos.files.size(), false) {
    if (m_photos.files.empty()) throw Error(ErrorCode::BadOption, "there are no photographs to train on");
    m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Loader::~Loader() {
    m_thread.request_stop();
    m_changed.notify_all();
}

Batch Loader::next() {
    const auto begin = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_ready.empty() || m_failure; });
    m_waited += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (m_ready.empty()) std::rethrow_exception(m_failure);
    auto batch = std::move(m_ready.front());
    m_ready.pop_front();
    m_changed.notify_all();
    return batch;
}

std::vector<std::string> Loader::skipped() const {
    const std::lock_guard lock(m_mutex);
    return m_skipped;
}

void Loader::work(const std::stop_token& stop) {
    try {
        nn::useThisThreadAlone();
        while (!stop.stop_requested()) {
            auto batch = make(m_next++);
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, stop,
                           [this] { return m_ready.size() < static_cast<std::size_t>(m_options.ahead); });
            m_ready.push_back(std::move(batch));
            m_changed.notify_all();
        }
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        m_failure = std::current_exception();
        m_changed.notify_all();
    }
}

std::size_t Loader::fileOf(std::uint64_t sample) {
    const std::uint64_t n = m_photos.files.size();
    if (sample / n != m_epoch) {
        m_epoch = sample / n;
        m_order.resize(n);
        for (std::size_t i = 0; i < n; ++i) m_order[i] = i;
        StepRandom random(m_options.seed, kOrderStream, m_epoch);
        for (std::size_t i = n - 1; i > 0; --i) std::swap(m_order[i], m_order[random.index(i + 1)]);
    }
    return m_order[sample % n];
}

const image::Image* Loader::photo(std::size_t index) {
    if (m_broken[index]) return nullptr;
    if (!m_cache[index].data.empty()) return &m_cache[index];
    try {
        image::Image decoded = image::toRgb8(image::decode(readFile(m_photos.files[index])).image);
        if (m_cached + decoded.data.size() > m_options.cacheBytes) {
            m_uncached = std::move(decoded);
            return &m_uncached;
        }
        m_cached += decoded.data.size();
        m_cache[index] = std::move(decoded);
        return &m_cache[index];
    } catch (const Error& error) {
        std::error_code ignored;
        const auto& folder = m_photos.folderOf(index);
        if (!std::filesystem::is_directory(folder, ignored))
            throw Error(ErrorCode::NotFound,
                        fmt::format("the folder of photographs {} is gone: bring it back and resume",
                                    toUtf8(folder.string())));
        m_broken[index] = true;
        const std::lock_guard lock(m_mutex);
        m_skipped.push_back(
            fmt::format("{}: {}", toUtf8(m_photos.files[index].filename().string()), error.what()));
        return nullptr;
    }
}

Batch Loader::make(std::uint64_t batch) {
    const int side = m_options.side;
    const int part = m_options.batch / m_options.parts;
    const int share = part / m_options.ranks;
    Batch result{torch::empty({m_options.batch / m_options.ranks, 3, side, side})};
    auto* planesAt = result.images.data_ptr<float>();
    std::vector<std::int64_t> classes;
    StepRandom random(m_options.seed, kCropStream, batch);
    const std::size_t perImage = 3ull * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    for (int i = 0; i < m_options.batch; ++i) {
        if (i % part / share != m_options.rank) {
            for (int draw = 0; draw < kSquareDraws; ++draw) random.uniform();
            continue;
        }
        std::size_t file =
            fileOf(batch * static_cast<std::uint64_t>(m_options.batch) + static_cast<std::uint64_t>(i));
        const image::Image* source = photo(file);
        for (std::size_t tried = 0; !source && tried < m_photos.files.size(); ++tried)
            source = photo(file = (file + 1) % m_photos.files.size());
        if (!source)
            throw Error(ErrorCode::NotFound,
                        fmt::format("no photograph in {} can be read", m_photos.folderOf(file).string()));
        if (!m_photos.classOf.empty()) classes.push_back(m_photos.classOf[file]);
        const auto planes = drawnSquare(*source, side, random, m_options.draw);
        std::memcpy(planesAt, planes.data.data(), perImage * sizeof(float));
        planesAt += perImage;
    }
    if (!classes.empty()) result.classes = torch::tensor(classes, torch::kInt64);
    return result;
}

}  // namespace signet::training
