#pragma once

namespace signet::ui {

// Layers of a curve plot, bottom to top.
inline constexpr auto kRawLayer = "raw";
inline constexpr auto kSmoothedLayer = "smoothed";
inline constexpr auto kLabelLayer = "labels";
inline constexpr auto kMarkLayer = "marks";
inline constexpr auto kCursorLayer = "cursor";  ///< redrawn alone when the mouse moves

}  // namespace signet::ui
