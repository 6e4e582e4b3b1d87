#include "core/image/large_buffer.h"

#include <memory>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace signet::image {

void reserveLarge(std::vector<std::uint8_t>& buffer, std::size_t bytes) {
    buffer.reserve(bytes);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    constexpr std::size_t kWorthIt = 4u << 20, kPage = 4096;
    if (bytes < kWorthIt) return;
    void* begin = buffer.data();
    std::size_t left = bytes;
    std::align(kPage, kPage, begin, left);
    madvise(begin, left / kPage * kPage, MADV_HUGEPAGE);  // a hint: failure changes nothing
#endif
}

}  // namespace signet::image
