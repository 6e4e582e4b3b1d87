#pragma once

namespace signet::nn {

/// While one is alive, memory that is freed stays with the process: a training step frees and takes the same
/// large tensors again and again, and pages fresh from the kernel cost an eighth of a small network's step.
/// The last one to go gives the memory back. Does nothing but with the GNU C library. Thread-safe.
class KeptHeap {
public:
    KeptHeap();
    ~KeptHeap();
    KeptHeap(const KeptHeap&) = delete;
    KeptHeap& operator=(const KeptHeap&) = delete;
};

}  // namespace signet::nn
