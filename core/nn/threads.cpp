#include "core/nn/threads.h"

#include <ATen/Parallel.h>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace signet::nn {
namespace {

/// What ATen does at a thread's first operation, here and in its own library: takes the number that was set
/// last, by whichever thread.
int threadsNow() {
    at::internal::lazy_init_num_threads();
    return at::get_num_threads();
}

}  // namespace

void useThreads(int threads) {
    if (threadsNow() != threads) at::set_num_threads(threads);
}

void useThisThreadAlone() {
    if (threadsNow() == 1) return;
#ifdef _OPENMP
    omp_set_num_threads(1);
#else
    at::set_num_threads(1);
#endif
}

}  // namespace signet::nn
