#pragma once

#include <cstddef>
#include <functional>

namespace signet::signature {

/// work(i) for every i below count, in any order, on as many threads of OpenMP as the caller's networks use
/// (the same threads: they wait where a network has just ended). Parts of one picture's reading, each with a
/// place of its own for what it finds, so that the answer is the same with any number of threads. Throws what
/// work throws; of several exceptions one.
void inParallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace signet::signature
