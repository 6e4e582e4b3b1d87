#include "core/image/large_buffer.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace signet::image {

void reserveLarge(std::vector<std::uint8_t>& buffer, std::size_t bytes) {
    buffer.reserve(bytes);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    constexpr std::size_t kWorthIt = 4u << 20, kPage = 4096;
    if (bytes < kWorthIt) return;
    const auto begin = (reinterpret_cast<std::uintptr_t>(buffer.data()) + kPage - 1) / kPage * kPage;
    const auto end = (reinterpret_cast<std::uintptr_t>(buffer.data()) + bytes) / kPage * kPage;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // a hint: failure changes nothing
#endif
}

}  // namespace signet::image
