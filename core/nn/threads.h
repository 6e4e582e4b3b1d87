#pragma once

namespace signet::nn {

/// From now on so many threads (>= 1) share each tensor operation that this thread calls. In place of
/// at::set_num_threads, whose number is lost where another thread set one before this thread's first
/// operation, and which makes oneDNN prepare its convolutions anew each time it is called.
void useThreads(int threads);

/// From now on this thread does the tensor operations that it calls alone; the number of no other thread
/// changes.
void useThisThreadAlone();

}  // namespace signet::nn
