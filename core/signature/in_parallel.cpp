#include "core/signature/in_parallel.h"

#include <cstdint>
#include <exception>

namespace signet::signature {

void inParallel(std::size_t count, const std::function<void(std::size_t)>& work) {
    const auto all = static_cast<std::int64_t>(count);
    std::exception_ptr problem;  // none may leave a thread of OpenMP
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic)
#endif
    for (std::int64_t i = 0; i < all; ++i) {
        try {
            work(static_cast<std::size_t>(i));
        } catch (...) {
#ifdef _OPENMP
#pragma omp critical(signet_in_parallel)
#endif
            problem = std::current_exception();
        }
    }
    if (problem) std::rethrow_exception(problem);
}

}  // namespace signet::signature
