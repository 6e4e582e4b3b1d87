#pragma once

#include <torch/types.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/image/image.h"
#include "core/training/photo_set.h"
#include "core/training/picture_tensors.h"

namespace signet::training {

struct LoaderOptions {
    int side = 192;  ///< square crops of this side, px
    int batch = 12;
    int parts = 1;  ///< equal parts the batch is worked on in
    int rank = 0;   ///< of each part this process takes the rank-th of
    int ranks = 1;  ///< so many equal shares
    std::uint64_t seed = 1;
    SquareDraw draw = {};
    int ahead = 4;                          ///< batches prepared in advance
    std::uint64_t cacheBytes = 1ull << 30;  ///< decoded photographs kept in memory
};

/// The photographs of a step, or this process's shares of its parts.
struct Batch {
    torch::Tensor images;     ///< [batch / ranks,3,side,side] float32 in [-1,1]
    torch::Tensor classes{};  ///< [batch / ranks] int64; undefined where the photographs are of no classes
};

/// Batches of random square crops, decoded on a thread of its own; a process that shares a batch with others
/// decodes its own images only. Batch k depends on (files, options, k) alone: the order is a fresh shuffle an
/// epoch, the crop's side is uniform between `side` (or the photograph's short side, if smaller) and the
/// short side, its place is uniform, it is mirrored with probability 1/2 and resized to `side`, but for what
/// `draw` leaves out. Files that cannot be read are skipped, counted and named. next() is for one thread.
class Loader {
public:
    Loader(PhotoSet photos, LoaderOptions options, std::uint64_t firstBatch);
    ~Loader();

    /// The next batch. Throws NotFound when no photograph can be read at all or their folder is gone (a new
    /// loader goes on once it is back).
    Batch next();

    /// Seconds next() has waited so far.
    double waitedSeconds() const { return m_waited; }
    std::vector<std::string> skipped() const;

private:
    void work(const std::stop_token& stop);
    Batch make(std::uint64_t batch);
    const image::Image* photo(std::size_t index);
    std::size_t fileOf(std::uint64_t sample);

    PhotoSet m_photos;
    LoaderOptions m_options;
    std::uint64_t m_next;
    double m_waited = 0;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Batch> m_ready;
    std::exception_ptr m_failure;
    std::vector<std::string> m_skipped;

    // loader thread only
    std::vector<image::Image> m_cache;
    std::vector<bool> m_broken;
    image::Image m_uncached;
    std::uint64_t m_cached = 0;
    std::uint64_t m_epoch = ~0ull;
    std::vector<std::size_t> m_order;

    std::jthread m_thread;
};

}  // namespace signet::training
