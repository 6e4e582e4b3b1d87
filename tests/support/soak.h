#pragma once

#include <QtGlobal>

namespace signet::test {

/// How often a test repeats what it draws at random: whole in a soak (ctest -L soak), else a tenth.
inline int repeats(int whole) {
    return qEnvironmentVariableIsSet("SIGNET_SOAK") ? whole : whole / 10;
}

}  // namespace signet::test
