#pragma once

/// \file What a source of kernels says to have its loops as vectors of whatever the processor has. Target
/// clones cannot stand on a template: element types are told apart inside of a cloned function.

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SIGNET_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define SIGNET_INLINE inline __attribute__((always_inline))
#else
#define SIGNET_CLONES
#define SIGNET_INLINE inline
#endif
