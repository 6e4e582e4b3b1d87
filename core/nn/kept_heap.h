#pragma once

#include <cstddef>

namespace signet::nn {

/// While one is alive, memory that is freed stays with the process: a training step frees and takes the same
/// large tensors again and again, and pages fresh from the kernel cost an eighth of a small network's step.
/// The last one to go gives the memory back. Does nothing but with the GNU C library. Thread-safe.
class KeptHeap {
public:
    /// Blocks up to so many bytes stay; larger ones go back at once, as pictures do where networks are used
    /// only now and then.
    explicit KeptHeap(std::size_t largestBlock = std::size_t{1} << 30);
    ~KeptHeap();
    KeptHeap(const KeptHeap&) = delete;
    KeptHeap& operator=(const KeptHeap&) = delete;

private:
    std::size_t m_largestBlock;
};

}  // namespace signet::nn
