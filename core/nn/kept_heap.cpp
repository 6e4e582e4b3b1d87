#include "core/nn/kept_heap.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <set>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace signet::nn {
namespace {

std::mutex mutex;
std::multiset<std::size_t> alive;  ///< the largest block of each

#ifdef __GLIBC__
constexpr int kUnlimited = 1 << 30;      ///< bytes
constexpr int kUsualMapped = 128 << 10;  ///< the library's own values
constexpr int kUsualTrimmed = 128 << 10;

void setThresholds(int mapped, int trimmed) {
    // Each sets one word, which a malloc of another thread reads before or after.
    mallopt(M_MMAP_THRESHOLD, mapped);   // NOLINT(concurrency-mt-unsafe)
    mallopt(M_TRIM_THRESHOLD, trimmed);  // NOLINT(concurrency-mt-unsafe)
}
#endif

/// As the largest of those alive wants it.
void keep() {
#ifdef __GLIBC__
    if (alive.empty()) {
        setThresholds(kUsualMapped, kUsualTrimmed);
        malloc_trim(0);
    } else {
        setThresholds(static_cast<int>(std::min<std::size_t>(*alive.rbegin(), kUnlimited)), kUnlimited);
    }
#endif
}

}  // namespace

KeptHeap::KeptHeap(std::size_t largestBlock) : m_largestBlock(largestBlock) {
    const std::lock_guard lock(mutex);
    alive.insert(m_largestBlock);
    keep();
}

KeptHeap::~KeptHeap() {
    const std::lock_guard lock(mutex);
    alive.erase(alive.find(m_largestBlock));
    keep();
}

}  // namespace signet::nn
