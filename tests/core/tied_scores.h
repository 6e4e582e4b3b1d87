#pragma once

#include <vector>

namespace signet::tests {

/// Ties between the classes at .8 and .4; by falling score: .9+ .8+- .65+ .4+- .35+ .2- .1- .05-
inline const std::vector<double> kTiedScores{.1, .4, .35, .8, .8, .2, .65, .4, .9, .05};
inline const std::vector<int> kTiedLabels{0, 0, 1, 1, 0, 0, 1, 1, 1, 0};

}  // namespace signet::tests
