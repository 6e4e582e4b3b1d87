#pragma once

/// Marks a plain row loop: compiled a second time for AVX2 and chosen at run time where the compiler can do
/// so.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SIGNET_SIMD __attribute__((target_clones("avx2", "default")))
#else
#define SIGNET_SIMD
#endif
