#pragma once

namespace signet::ui {

/// Milliseconds since the system started this process, loading of its libraries included; -1 where the system
/// does not say. Resolution: one clock tick (10 ms).
double millisecondsSinceProcessStart();

}  // namespace signet::ui
