#include "core/nn/kept_heap.h"

#include <cstdlib>
#include <mutex>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace signet::nn {
namespace {

std::mutex mutex;
int alive = 0;

#ifdef __GLIBC__
constexpr int kUnlimited = 1 << 30;      ///< bytes: blocks up to this size come from the heap
constexpr int kUsualMapped = 128 << 10;  ///< the library's own values
constexpr int kUsualTrimmed = 128 << 10;

void setThresholds(int mapped, int trimmed) {
    // Each sets one word, which a malloc of another thread reads before or after.
    mallopt(M_MMAP_THRESHOLD, mapped);   // NOLINT(concurrency-mt-unsafe)
    mallopt(M_TRIM_THRESHOLD, trimmed);  // NOLINT(concurrency-mt-unsafe)
}
#endif

}  // namespace

KeptHeap::KeptHeap() {
    const std::lock_guard lock(mutex);
    if (alive++ > 0) return;
#ifdef __GLIBC__
    setThresholds(kUnlimited, kUnlimited);
#endif
}

KeptHeap::~KeptHeap() {
    const std::lock_guard lock(mutex);
    if (--alive > 0) return;
#ifdef __GLIBC__
    setThresholds(kUsualMapped, kUsualTrimmed);
    malloc_trim(0);
#endif
}

}  // namespace signet::nn
